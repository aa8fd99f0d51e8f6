/// Why a conversation ends without a result.
package enum MindFailure {
    package static let odd = Failure(
        .permanent,
        "mind.odd",
        "a step came back with a result of another kind of step",
        remedy: "see that the performer of the agent answers what it is asked"
    )

    static let formCode = "mind.form"

    static func refused(by model: String) -> Failure {
        Failure(
            .permanent,
            "mind.refused",
            "\(Self.name(model)) will not do it",
            remedy: "say in the description why it may be done, or give the task to another agent"
        )
    }

    static func cutOff(by model: String) -> Failure {
        Failure(
            .permanent,
            "mind.cut_off",
            "the answer of \(Self.name(model)) ended in the midst, as it had no more room",
            remedy: "make the task smaller, or ask for less in its description"
        )
    }

    static func form(of reply: Reply) -> Failure {
        Failure(
            .permanent,
            Self.formCode,
            "\(Self.name(reply.model)) did not bring the form that the task wants: "
                + reply.faults.prefix(3).map { PlainText.line($0, limit: 200) }.joined(separator: "; "),
            remedy: "ask a model that keeps to forms, or make the form simpler"
        )
    }

    static func phase(_ words: String) -> Failure {
        Failure(
            .permanent,
            "mind.phase",
            "the agent has answered again and again in a phase in which it may not: \(words)",
            remedy: "say in its instructions when it enters which phase, or take its phases out"
        )
    }

    static func tooManyCalls(_ limit: Int32) -> Failure {
        Failure(
            .permanent,
            "mind.iterations",
            "the agent was not done after \(limit) questions to its model",
            remedy: "raise limits.max_iterations of the task or of its agent, or make the task smaller"
        )
    }

    static func tooManyAtOnce(_ count: Int, _ limit: Int) -> Failure {
        Failure(
            .permanent,
            "mind.calls",
            "one answer wants \(count) calls of tools; \(limit) is the most",
            remedy: "say in the description what is to be done first, or make the task smaller"
        )
    }

    // Whoever is asked can say how to go on.
    static func loop(_ what: String, _ limits: Conversation.Limits) -> Failure {
        Failure(
            .blocked,
            "mind.loop",
            "the agent goes round in circles: it has \(what) \(limits.repeats) times",
            remedy: "tell it how to go on, or skip the task"
        )
    }

    static func unknownTool(_ tool: String, _ granted: Set<String>) -> String {
        let names = granted.sorted().joined(separator: ", ")
        return "There is no tool \(PlainText.line(tool, limit: 60)) for you. "
            + (names.isEmpty ? "You have no tools." : "You have: \(names).")
    }

    static func unreadable(_ fault: String) -> String {
        "The arguments cannot be read: \(PlainText.line(fault, limit: 300)). Call it again with a JSON object."
    }

    private static func name(_ model: String) -> String { PlainText.line(model, limit: 80) }
}
