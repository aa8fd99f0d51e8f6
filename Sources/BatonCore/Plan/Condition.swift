/// What another task must have returned for a task to be needed; without it the task is left out.
///
/// All that is given has to hold. Letter case, blanks and how a number is written make no difference.
public struct Condition: Hashable, Sendable {
    /// The task whose output is looked at; the task with the condition waits for it.
    public var task: TaskID
    /// Where in the output to look: names and places in lists, with dots between them; nil looks at all of it.
    public var field: String?
    /// The value that it has to be.
    public var value: JSON?
    /// The value that it must not be.
    public var otherThan: JSON?
    /// Values of which it has to be one; empty asks for none.
    public var oneOf: [JSON] = []
    /// The least that it may be, as a number.
    public var atLeast: Double?
    /// The most that it may be, as a number.
    public var atMost: Double?
    /// What it has to hold: a piece of a text, or an element of a list.
    public var containing: JSON?

    init(task: TaskID) { self.task = task }

    /// The output of a task, or a field of it, has to be a value.
    public init(_ task: TaskID, field: String? = nil, is value: JSON) {
        self.init(task: task)
        self.field = field
        self.value = value
    }

    /// The output of a task, or a field of it, has to be another value than this one.
    public init(_ task: TaskID, field: String? = nil, isNot value: JSON) {
        self.init(task: task)
        self.field = field
        self.otherThan = value
    }

    /// The output of a task, or a field of it, has to be a number of this range.
    public init(_ task: TaskID, field: String? = nil, in range: ClosedRange<Double>) {
        self.init(task: task)
        self.field = field
        (self.atLeast, self.atMost) = (range.lowerBound, range.upperBound)
    }

    /// The longest list of conditions that a task may have.
    package static let most = 20

    /// Whether it asks for anything.
    package var asksForSomething: Bool {
        self.value != nil || self.otherThan != nil || !self.oneOf.isEmpty || self.atLeast != nil || self.atMost != nil
            || self.containing != nil
    }

    package var path: [String] {
        self.field?.split(separator: ".", omittingEmptySubsequences: false).map(String.init) ?? []
    }

    /// What it looks at in an output; null if that is not there.
    package func found(in output: JSON?) -> JSON {
        var value = output ?? .null
        for name in self.path { value = Template.member(name, of: value) ?? .null }
        return value
    }

    /// Whether it holds for what a task has brought, if anything; what is too long to be looked into is not the same as nothing.
    package func isMet(by output: Content?) -> Bool {
        guard let output else { return self.holds(for: nil) }
        return output.inlined.map { self.holds(for: $0) } ?? false
    }

    func holds(for output: JSON?) -> Bool {
        let found = Ballot.normal(self.found(in: output))
        if let value, found != Ballot.normal(value) { return false }
        if let otherThan, found == Ballot.normal(otherThan) { return false }
        if !self.oneOf.isEmpty, !self.oneOf.contains(where: { Ballot.normal($0) == found }) { return false }
        if let containing, !Self.isIn(self.found(in: output), containing) { return false }
        guard self.atLeast != nil || self.atMost != nil else { return true }
        guard let number = found.double ?? found.string.flatMap(Double.init), number.isFinite else { return false }
        return number >= self.atLeast ?? -.infinity && number <= self.atMost ?? .infinity
    }

    private static func isIn(_ whole: JSON, _ piece: JSON) -> Bool {
        if let elements = whole.elements {
            let piece = Ballot.normal(piece)
            return elements.contains { Ballot.normal($0) == piece }
        }
        guard let text = whole.string.map(Self.folded), let piece = piece.string.map(Self.folded) else { return false }
        return text.contains(piece)
    }

    // A piece of a text begins and ends where it says, whatever the case and the blanks.
    private static func folded(_ text: String) -> String {
        text.lowercased().split(omittingEmptySubsequences: true, whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What it asks for, in a few words: `verdict of review is changes`.
    package var words: String {
        let what = self.field.map { "\(PlainText.line($0, limit: 60)) of \(self.task)" } ?? "what \(self.task) returned"
        let tests: [String?] = [
            self.value.map { "is \(Self.line($0))" },
            self.otherThan.map { "is not \(Self.line($0))" },
            self.oneOf.isEmpty ? nil : "is one of \(self.oneOf.map(Self.line).joined(separator: ", "))",
            self.atLeast.map { "is at least \(Self.line(.number($0)))" },
            self.atMost.map { "is at most \(Self.line(.number($0)))" },
            self.containing.map { "holds \(Self.line($0))" },
        ]
        return "\(what) \(tests.compactMap { $0 }.joined(separator: " and "))"
    }

    package static func line(_ value: JSON) -> String {
        switch value {
        case .null: "nothing"
        case .number(let number) where number == number.rounded() && abs(number) <= 1e15: "\(Int64(number))"
        case .number, .bool, .integer, .string, .array, .object: PlainText.line(value.plainText, limit: 80)
        }
    }
}
