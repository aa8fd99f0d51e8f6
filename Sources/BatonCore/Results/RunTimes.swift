import OrderedCollections

/// How long tasks waited, ran and took in all, for each and by type and agent.
///
/// Of tasks that have ended, and that somebody had begun. Waiting is all the time in which a task could have gone on and
/// did not: for an agent, for a person's yes, for another try.
package struct RunTimes: Sendable {
    /// One task.
    package struct Span: Hashable, Sendable {
        package let task: TaskIndex
        /// Who led its last attempt.
        package let agent: AgentIndex
        /// The time of its attempts.
        package let running: Duration
        /// From when it could begin to its end.
        package let total: Duration

        package var waiting: Duration { max(.zero, self.total - self.running) }
    }

    /// A mean, and what 95 of 100 do not exceed: the nearest rank.
    package struct Spread: Hashable, Sendable {
        package let mean: Duration
        package let p95: Duration

        package init(_ values: [Duration]) {
            let sorted = values.sorted()
            let sum = sorted.reduce(Duration.zero) { $0.addingSaturated($1) }
            self.mean = sorted.isEmpty ? .zero : .microseconds(sum.microseconds / Int64(sorted.count))
            self.p95 = sorted.isEmpty ? .zero : sorted[(sorted.count * 95 + 99) / 100 - 1]
        }
    }

    /// Tasks of one type or one agent together.
    package struct Group: Hashable, Sendable {
        package let name: String
        package let tasks: Int
        package let waiting: Spread
        package let running: Spread
        package let total: Spread

        init(_ name: String, _ spans: [Span]) {
            self.name = name
            self.tasks = spans.count
            self.waiting = Spread(spans.map(\.waiting))
            self.running = Spread(spans.map(\.running))
            self.total = Spread(spans.map(\.total))
        }
    }

    /// In plan order.
    package let tasks: [Span]
    /// In the order of their first tasks; of too many the smallest are put together, as in reports.
    package let byType: [Group]
    /// In plan order.
    package let byAgent: [Group]

    package init(_ report: RunReport) {
        var spans: [Span] = []
        for account in report.tasks {
            guard report.state(account.task)?.isEnded == true, let last = account.attempts.last,
                let ready = report.moments.ready(account), let end = report.moments.end(of: account.task)
            else { continue }
            spans.append(
                Span(
                    task: account.task,
                    agent: last.assignment.lead,
                    running: account.took,
                    total: max(.zero, end - ready)
                )
            )
        }
        self.tasks = spans
        let names = TaskGroup.names(of: spans.map(\.task), in: report.run)
        var types: OrderedDictionary<String, [Span]> = [:]
        for (span, name) in zip(spans, names) { types[name, default: []].append(span) }
        self.byType = types.map { Group($0.key, $0.value) }
        let led = Dictionary(grouping: spans) { $0.agent }
        self.byAgent = report.plan.agents.indices.compactMap { offset in
            led[AgentIndex(offset)].map { Group(report.plan.agents[offset].id.text, $0) }
        }
    }
}

/// When tasks could begin, and when they ended.
package struct TaskMoments: Sendable {
    private let began: Timestamp
    private let graph: PlanGraph
    private var added: [TaskIndex: Timestamp] = [:]
    private var dated: [TaskIndex: Timestamp] = [:]
    private var ends: [TaskIndex: Timestamp] = [:]

    init(_ facts: [Recorded], of run: Run) {
        self.began = run.began
        self.graph = run.graph
        var begun: Set<TaskIndex> = []
        var count = 0
        for fact in facts {
            switch fact.event {
            case .attemptStarted(let task, _, _): begun.insert(task)
            // Of one that has not begun: its date has come.
            case .taskReady(let task) where !begun.contains(task): self.dated[task] = fact.at
            case .taskEnded(let task, _): self.ends[task] = fact.at
            case .tasksAdded(let specs, _):
                for offset in count..<(count + specs.count) { self.added[TaskIndex(offset)] = fact.at }
                count += specs.count
            case .delegated(let delegation):
                guard delegation.spec != nil else { break }
                self.added[TaskIndex(count)] = fact.at
                count += 1
            case .created(let seed): count = seed.plan.tasks.count
            case .recovered, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult, .attemptHeld,
                .taskRested, .taskFellBack,
                .taskReady, .asked, .answered, .paused, .resumed, .forked, .stopping, .taskEdited, .taskReprioritized,
                .tasksReset, .steered, .ended:
                break
            }
        }
    }

    /// Nil if it has not ended.
    func end(of task: TaskIndex) -> Timestamp? { self.ends[task] }

    /// When nothing but an agent was missing; nil if nobody has begun it.
    func ready(_ account: TaskAccount) -> Timestamp? {
        guard let first = account.startedAt else { return nil }
        var ready = max(self.began, self.added[account.task] ?? .zero, self.dated[account.task] ?? .zero)
        for dependency in self.graph.dependencies[account.task] {
            ready = max(ready, self.ends[TaskIndex(Int(dependency))] ?? .zero)
        }
        // What it needed may have been done anew since.
        return min(ready, first)
    }
}
