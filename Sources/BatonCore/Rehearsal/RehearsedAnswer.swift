/// What a model might have said: repeatable by seed, marked, and as untoward as the plan wants it.
///
/// It looks with its tools before it answers, and never writes, runs or asks anybody by them: what a rehearsal does is real for whoever is asked.
package enum RehearsedAnswer: Hashable, Sendable {
    case replied(text: String, calls: [Call], stop: Reply.Stop)
    case failed(Failure)

    /// A tool with its arguments.
    package struct Call: Hashable, Sendable {
        package let tool: String
        package let input: JSON
    }

    /// For what the answer is.
    package struct Question: Sendable {
        let task: TaskSpec
        let agent: AgentProfile
        let attempt: Int
        /// So many answers went before it in the attempt.
        let turn: Int
        let again: Int
        let seed: UInt64
        /// Files that were listed before.
        let files: [String]

        package init(
            task: TaskSpec,
            agent: AgentProfile,
            attempt: Int,
            turn: Int,
            again: Int,
            seed: UInt64,
            files: [String]
        ) {
            self.task = task
            self.agent = agent
            self.attempt = attempt
            self.turn = turn
            self.again = again
            self.seed = seed
            self.files = files
        }
    }

    package static func to(_ question: Question) -> RehearsedAnswer {
        var draws = SplitMix64(
            seed: question.seed,
            subject: [
                SplitMix64.number(of: question.task.id.text), UInt64(question.attempt), UInt64(question.turn),
                UInt64(question.again),
            ]
        )
        let mischief = question.agent.mischief
        // Drawn once each, so that one rate changes nothing of the others.
        let (fails, refuses, blocks, loops) = (
            draws.happens(mischief.fail), draws.happens(mischief.refuse), draws.happens(mischief.block),
            Self.loops(question)
        )
        if fails { return .failed(Self.failure) }
        if refuses { return .replied(text: "\(StandIn.mark): I will not do this.", calls: [], stop: .refused) }
        if blocks { return .failed(Self.blocker(of: question)) }
        let tools = question.task.tools(of: question.agent)
        if question.turn == 0, let call = Self.phase(question, tools) {
            return .replied(text: "\(StandIn.mark): I begin.", calls: [call], stop: .tools)
        }
        if loops, let tool = tools.first {
            return .replied(text: "\(StandIn.mark): once more", calls: [Call(tool: tool, input: [:])], stop: .tools)
        }
        if let call = Self.look(question, tools, &draws) {
            return .replied(
                text: "\(StandIn.mark): I look first, step \(question.turn + 1).",
                calls: [call],
                stop: .tools
            )
        }
        let value = StandIn.words(
            for: question.task,
            attempt: question.attempt,
            agents: [question.agent],
            seed: question.seed
        )
        let text =
            question.task.form(by: question.agent) == nil
            ? value["summary"]?.string ?? value.plainText : value.description
        return .replied(text: text, calls: [], stop: .end)
    }

    // Whoever has phases answers in one in which that may be done.
    private static func phase(_ question: Question, _ tools: [String]) -> Call? {
        guard tools.contains(WorkPhase.tool), question.agent.phases.contains(WorkPhase.executing.rawValue),
            question.agent.phases.first != WorkPhase.executing.rawValue
        else { return nil }
        return Call(tool: WorkPhase.tool, input: ["phase": .string(WorkPhase.executing.rawValue)])
    }

    // An attempt loops as a whole.
    private static func loops(_ question: Question) -> Bool {
        var draws = SplitMix64(
            seed: question.seed,
            subject: [SplitMix64.number(of: question.task.id.text), UInt64(question.attempt), 7]
        )
        return draws.happens(question.agent.mischief.loop)
    }

    private static func look(_ question: Question, _ tools: [String], _ draws: inout SplitMix64) -> Call? {
        switch question.turn {
        case 0 where tools.contains("list_files"): return Call(tool: "list_files", input: ["depth": 2])
        case 1 where tools.contains("read_file") && !question.files.isEmpty:
            let file = question.files[draws.below(question.files.count)]
            return Call(tool: "read_file", input: ["path": .string(file)])
        case 0...2 where tools.contains("report_progress"):
            let percent = Int64(30 * (question.turn + 1))
            return Call(
                tool: "report_progress",
                input: ["text": "\(StandIn.mark): at it", "percent": .integer(percent)]
            )
        default: return nil
        }
    }

    private static let failure = Failure(
        .transient,
        "rehearsal.failed",
        "\(StandIn.mark): the model fails, as its plan wants it now and then",
        remedy: "nothing, it is asked again"
    )

    private static func blocker(of question: Question) -> Failure {
        Failure(
            .blocked,
            "agent.blocked",
            "\(StandIn.mark): \(question.agent.name) lacks something for it",
            remedy: "`baton inbox` shows the question"
        )
    }
}

extension SplitMix64 {
    fileprivate mutating func happens(_ rate: Double) -> Bool { Double(self.below(1_000_000)) < rate * 1_000_000 }
}
