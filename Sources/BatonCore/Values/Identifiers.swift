/// The name of a run: text that the engine gives or a caller chooses, unique in a data folder.
public struct RunID: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The identifier as it is written in journals, commands and reports.
    public let text: String

    /// Wraps a text; `Engine.start` refuses one that is no name.
    public init(_ text: String) { self.text = text }

    /// Lets code write `"demo-1"`.
    public init(stringLiteral value: String) { self.text = value }

    /// The text itself.
    public var description: String { self.text }

    /// Orders by the text.
    public static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}

/// The name of a task, as the plan says it: `[A-Za-z0-9._-]{1,128}`.
public struct TaskID: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The identifier as the plan spells it.
    public let text: String

    /// Wraps a text.
    public init(_ text: String) { self.text = text }

    /// Lets a plan in code write `"research"`.
    public init(stringLiteral value: String) { self.text = value }

    /// The text itself.
    public var description: String { self.text }

    /// Orders by the text.
    public static func < (left: TaskID, right: TaskID) -> Bool { left.text < right.text }
}

/// The name of an agent, as the plan says it: `[A-Za-z0-9._-]{1,128}`.
public struct AgentID: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The identifier as the plan spells it.
    public let text: String

    /// Wraps a text.
    public init(_ text: String) { self.text = text }

    /// Lets a plan in code write `"writer"`.
    public init(stringLiteral value: String) { self.text = value }

    /// The text itself.
    public var description: String { self.text }

    /// Orders by the text.
    public static func < (left: AgentID, right: AgentID) -> Bool { left.text < right.text }
}

/// A task inside a run: its place in the order of addition, from 0, never reused.
package struct TaskIndex: Hashable, Comparable, Sendable {
    package let value: Int32

    package init(_ value: Int) { self.value = Int32(truncatingIfNeeded: value) }

    package var offset: Int { Int(self.value) }

    package static func < (left: TaskIndex, right: TaskIndex) -> Bool { left.value < right.value }
}

/// An agent inside a run: its place in the plan, from 0.
package struct AgentIndex: Hashable, Comparable, Sendable {
    package let value: Int32

    package init(_ value: Int) { self.value = Int32(truncatingIfNeeded: value) }

    package var offset: Int { Int(self.value) }

    package static func < (left: AgentIndex, right: AgentIndex) -> Bool { left.value < right.value }
}

/// The place of an event in its run: from 1, without gaps.
package struct Position: Hashable, Comparable, Sendable {
    /// The number; 0 stands before the first event.
    package let value: Int64

    /// Wraps a number.
    package init(_ value: Int64) { self.value = value }

    /// Before the first event.
    package static let start = Position(0)

    /// Orders by number.
    package static func < (left: Position, right: Position) -> Bool { left.value < right.value }

    package var next: Position { Position(self.value + 1) }
}

/// Names one hand-out of one step, and so fences results: any other key than the one owed is stale.
package struct StepKey: Hashable, Comparable, Sendable {
    package let task: TaskIndex
    /// From 1.
    package let attempt: Int32
    /// From 1, within the attempt.
    package let step: Int32
    /// From 1; rises whenever the same step is handed out again.
    package let delivery: Int32

    package init(task: TaskIndex, attempt: Int32, step: Int32, delivery: Int32) {
        self.task = task
        self.attempt = attempt
        self.step = step
        self.delivery = delivery
    }

    // Two words instead of four: the key is looked up several times for each task.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(Self.pair(self.task.value, self.attempt))
        hasher.combine(Self.pair(self.step, self.delivery))
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The delivery before this one.
    package var before: StepKey {
        StepKey(task: self.task, attempt: self.attempt, step: self.step, delivery: self.delivery - 1)
    }

    package var redelivered: StepKey {
        StepKey(task: self.task, attempt: self.attempt, step: self.step, delivery: self.delivery + 1)
    }

    package static func < (left: StepKey, right: StepKey) -> Bool {
        if left.task != right.task { return left.task < right.task }
        if left.attempt != right.attempt { return left.attempt < right.attempt }
        if left.step != right.step { return left.step < right.step }
        return left.delivery < right.delivery
    }
}

/// Names a question of a run: `q1`, `q2`, … in the order of asking, never reused.
public struct QuestionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1.
    public let number: Int

    /// Wraps a number.
    public init(_ number: Int) { self.number = number }

    /// Reads `q7` or `7`; anything else is nil.
    public init?(_ text: String) {
        let digits = text.hasPrefix("q") ? text.dropFirst() : text[...]
        guard digits.count <= 9, !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let number = Int(digits), number > 0
        else { return nil }
        self.number = number
    }

    /// `q7`.
    public var description: String { "q\(self.number)" }

    /// Orders by number.
    public static func < (left: QuestionID, right: QuestionID) -> Bool { left.number < right.number }
}
