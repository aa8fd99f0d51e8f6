/// Something that an agent declares to be able to do.
///
/// What it says of time and money is the estimate until the run has measured its own.
public struct Capability: Hashable, Sendable {
    /// What tasks and delegations call it.
    public var name: String
    /// What it does, for people and models.
    public var description = ""
    /// Keys that the input of its tasks has to have; one that ends with `?` may be left out.
    public var inputTypes: [String] = []
    /// What its results are, in words.
    public var outputTypes: [String] = []
    /// How long a task takes; nil if nobody says.
    public var estimatedTime: Duration?
    /// What a task costs; nil if nobody says.
    public var costEstimate: Money?

    /// Declares something by its name.
    public init(_ name: String) { self.name = name }

    /// Whether nothing is said but the name.
    package var isBare: Bool { self == Capability(self.name) }

    /// The keys that an input lacks; none where any input will do.
    package func missing(in input: JSON) -> [String] {
        let wanted = self.inputTypes.filter { !$0.hasSuffix("?") }
        return wanted.filter { input[$0] == nil }
    }
}

extension Capability: ExpressibleByStringLiteral {
    /// Declares something by its name.
    public init(stringLiteral name: String) { self.init(name) }
}
