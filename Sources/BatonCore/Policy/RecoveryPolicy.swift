/// What becomes of a step that was owed to an engine that died.
package enum RecoveryPolicy {
    /// A step that has been handed out so often and never came back is suspected of killing the engine.
    package static let mostDeliveries: Int32 = 20

    package enum Verdict: Hashable, Sendable {
        case handOutAgain
        case ask
    }

    package static func verdict(
        of request: StepRequest,
        isRepeatable: Bool = false,
        delivery: Int32,
        task: TaskSpec,
        agent: AgentProfile,
        mode: RunMode
    ) -> Verdict {
        guard delivery < Self.mostDeliveries else { return .ask }
        if planted(.unrepeatableRepeated) { return .handOutAgain }
        if mode == .rehearsal { return .handOutAgain }
        if let repeatable = task.repeatable { return repeatable ? .handOutAgain : .ask }
        switch request {
        case .model, .catalogue: return .handOutAgain
        case .perform, .tool: break
        }
        if isRepeatable { return .handOutAgain }
        if planted(.toolRepeatedAfterCrash), case .tool = request { return .handOutAgain }
        switch agent.kind {
        case .standIn, .conductor: return .handOutAgain
        case .model, .command, .function, .person, .builtIn: return agent.repeatable ? .handOutAgain : .ask
        }
    }
}
