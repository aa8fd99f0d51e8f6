/// One check that proves a task done, run by the engine when an attempt claims to have done it.
///
/// It is made by one of the static functions, such as ``command(_:within:)``; one of several kinds at once is refused with the plan.
public struct DoneCheck: Hashable, Sendable {
    /// A file or folder that has to be there, relative to where the task's commands start.
    public var file: String?
    /// A program with arguments that has to end with 0.
    public var command: [String] = []
    /// A JSON Schema that the output has to fit.
    public var schema: JSON?
    /// An agent, type or capability: another agent than the task's own has to approve of the output.
    public var review: String?
    /// What a reviewer has to look for, beside the task itself.
    public var instructions: String?
    /// The agent of type person who has to sign; ``anybody`` is whoever answers first.
    public var signature: String?
    /// How long the check may take; nil takes the plan's default.
    public var timeout: Duration?

    /// The word for whoever answers first.
    public static let anybody = "anybody"

    init() {}

    /// A file or folder is there.
    public static func file(_ path: String) -> DoneCheck {
        var check = DoneCheck()
        check.file = path
        return check
    }

    /// A program ends with 0.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments; no shell reads them.
    ///   - timeout: how long it may take; nil takes the plan's default.
    public static func command(_ command: [String], within timeout: Duration? = nil) -> DoneCheck {
        var check = DoneCheck()
        check.command = command
        check.timeout = timeout
        return check
    }

    /// The output fits a JSON Schema.
    public static func schema(_ schema: JSON) -> DoneCheck {
        var check = DoneCheck()
        check.schema = schema
        return check
    }

    /// Another agent approves.
    ///
    /// - Parameters:
    ///   - name: an agent, type or capability.
    ///   - instructions: what to look for, beside the task itself.
    public static func review(by name: String, instructions: String? = nil) -> DoneCheck {
        var check = DoneCheck()
        check.review = name
        check.instructions = instructions
        return check
    }

    /// A person signs.
    ///
    /// - Parameter name: an agent of type person, or ``anybody``.
    public static func signature(of name: String = Self.anybody) -> DoneCheck {
        var check = DoneCheck()
        check.signature = name
        return check
    }

    /// How many kinds of check it is at once: one, if the plan is right.
    package var kinds: Int {
        [self.file != nil, !self.command.isEmpty, self.schema != nil, self.review != nil, self.signature != nil]
            .count(where: \.self)
    }

    /// Whether it is a person's word.
    package var isAcceptance: Bool { self.signature != nil }

    /// What it asks for, in a few words.
    package var words: String {
        if let file { return "file \(PlainText.line(file, limit: 120)) is there" }
        if !self.command.isEmpty {
            return "`\(PlainText.line(self.command.joined(separator: " "), limit: 120))` succeeds"
        }
        if let review { return "\(PlainText.line(review, limit: 120)) approves" }
        if let signature { return "\(PlainText.line(signature, limit: 120)) signs" }
        return "the output fits its schema"
    }
}
