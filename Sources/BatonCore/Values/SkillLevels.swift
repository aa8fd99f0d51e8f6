/// Named levels from 1 to 10, such as what an agent can do or what a task asks for; in the order of writing.
public struct SkillLevels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// One name with its level in hundredths: level 8 is 800.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let hundredths: Int
    }

    package private(set) var entries: [Entry] = []

    package init(entries: [Entry]) { self.entries = entries }

    /// Levels from 1 to 10, kept to two decimals; others are refused when the plan is used.
    public init(dictionaryLiteral elements: (String, Double)...) {
        self.entries = elements.map { Entry(name: $0.0, hundredths: Int(exactly: ($0.1 * 100).rounded()) ?? 0) }
    }

    /// No levels.
    public init() {}

    /// Whether there is none.
    public var isEmpty: Bool { self.entries.isEmpty }

    package func hundredths(of name: String) -> Int? { self.entries.first { $0.name == name }?.hundredths }
}
