public import BatonCore

/// What came of reading a plan file.
public struct PlanReading: Sendable {
    /// The file, as the caller named it.
    public let file: String
    /// The plan; nil if an error forbids to run it.
    ///
    /// A task that nobody can do is an error too, but the plan is there: a run of it asks a person.
    public let plan: Plan?
    /// All findings, each with its place, in the order of the file.
    public let diagnostics: [Diagnostic]
    /// The tree that was read; nil if the text is no tree.
    package let node: SourceNode?

    /// Whether a finding is an error.
    public var hasErrors: Bool { self.diagnostics.contains { $0.severity == .error } }

    init(file: String, plan: Plan?, diagnostics: [Diagnostic], node: SourceNode?) {
        self.file = file
        self.plan = plan
        self.node = node
        self.diagnostics = diagnostics
    }
}
