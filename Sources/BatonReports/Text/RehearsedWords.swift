package import BatonCore

/// What a real run says of agents for whom no model answers.
package enum RehearsedWords {
    /// Nil if each model is one.
    package static func line(of plan: Plan) -> String? {
        let agents = plan.rehearsedAgents
        guard !agents.isEmpty else { return nil }
        let names = agents.prefix(10).map(\.text).joined(separator: ", ") + (agents.count > 10 ? ", …" : "")
        return
            "\(StandIn.mark): no model answers for \(names); what \(agents.count == 1 ? "it says" : "they say") is made up, and its price "
            + "is what the model would have cost."
    }
}
