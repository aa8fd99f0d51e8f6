import BatonCore

/// Carries one authorised step to its performer and its result back; knows nothing of the run's rules.
struct StepRunner: Sendable {
    let performers: PerformerTable
    let live: LiveTable
    let reader: JournalReader

    /// What the loop knows when it hands the step out: values only, so that the step runs beside the loop.
    struct Order: Sendable {
        let run: RunID
        let key: StepKey
        let task: TaskSpec
        let agent: AgentProfile
        let attendees: [AgentID]
        let needed: [Needed]
    }

    /// What an earlier task brought.
    struct Needed: Sendable {
        let task: TaskID
        let isDependency: Bool
        let output: Content?
        let shortfall: String?
    }

    /// The step's result, with contents that must be stored with it.
    struct Return: Sendable {
        let result: StepResult
        let contents: [StoredContent]
    }

    func carry(_ order: Order) async -> Return {
        guard let performer = self.performers(order.agent) else {
            return self.packed(.failed(Self.noPerformer(of: order)))
        }
        let work: Work
        do {
            work = try await self.work(order)
        } catch {
            return self.packed(.failed(Self.unreadable(error, order)))
        }
        let sink = self.live(order.run, order.task.id, Int(order.key.attempt))
        return self.packed(await performer.perform(work, live: sink))
    }

    private func work(_ order: Order) async throws -> Work {
        var outputs: [TaskID: JSON] = [:]
        var dependencies: [Work.Dependency] = []
        for needed in order.needed {
            var value: JSON?
            if let content = needed.output { value = try await self.reader.value(of: content, in: order.run) }
            outputs[needed.task] = value
            guard needed.isDependency else { continue }
            dependencies.append(Work.Dependency(task: needed.task, output: value, shortfall: needed.shortfall))
        }
        let filled = outputs
        let output: (TaskID) -> JSON = { filled[$0] ?? .null }
        let description = order.task.description
        return Work(
            run: order.run,
            task: order.task,
            agent: order.agent,
            attendees: order.attendees,
            attempt: Int(order.key.attempt),
            delivery: Int(order.key.delivery),
            input: order.task.input == .null ? .null : Template(order.task.input).expanded(output),
            description: description.utf8.contains(UInt8(ascii: "{"))
                ? Template(.string(description)).expanded(output).plainText : description,
            dependencies: dependencies
        )
    }

    private func packed(_ result: WorkResult) -> Return {
        switch result {
        case .done(let value, let usage):
            let (content, stored) = ContentStore.content(of: value)
            return Return(result: .done(content, usage), contents: stored.map { [$0] } ?? [])
        case .failed(let failure, let usage): return Return(result: .failed(failure, usage), contents: [])
        case .stopped(let usage): return Return(result: .stopped(usage), contents: [])
        }
    }

    private static func noPerformer(of order: Order) -> Failure {
        Failure(
            .permanent,
            "agent.no_performer",
            "nothing here performs the work of agent \(order.agent.id)",
            remedy: "give it a command, register a function for it, or play the plan with --rehearse"
        )
    }

    private static func unreadable(_ error: any Error, _ order: Order) -> Failure {
        Failure(
            .transient,
            "journal.content",
            "the outputs that task \(order.task.id) needs cannot be read",
            remedy: "check the data folder",
            causes: [String(describing: error)]
        )
    }
}
