/// Why a run stands where it stands: what failed and what that brought down, what is waited for, who did most, what took
/// longest.
package struct RunExplanation: Sendable {
    /// A failure at the root, with all that was skipped or failed because of it.
    package struct Trouble: Sendable {
        package let task: TaskIndex
        package let failure: Failure
        package let agent: AgentID?
        /// How many tasks it brought down.
        package let victims: Int
    }

    package struct Share: Sendable {
        package let agent: AgentIndex
        package let completed: Int
        package let failed: Int
        package let busy: Duration
    }

    package struct Stretch: Sendable {
        package let task: TaskIndex
        package let duration: Duration
        package let attempts: Int
    }

    /// The worst first: by how many tasks they brought down.
    package let troubles: [Trouble]
    /// In hand, the oldest first.
    package let running: [TaskIndex]
    /// Failed and tried again, the next first.
    package let resting: [(task: TaskIndex, until: Timestamp)]
    /// Dates to come, the next first.
    package let scheduled: [(task: TaskIndex, date: Timestamp)]
    package let questions: [Question]
    /// Tasks that could start and have nobody free.
    package let ready: Int
    package let waiting: Int
    /// Who did most: completed tasks, then time at work.
    package let shares: [Share]
    /// What took longest, over all attempts.
    package let longest: [Stretch]
    package let path: CriticalPath

    package init(_ inquiry: Inquiry) {
        let run = inquiry.run
        self.troubles = Self.troubles(of: inquiry)
        var running: [TaskIndex] = []
        var resting: [(task: TaskIndex, until: Timestamp)] = []
        var scheduled: [(task: TaskIndex, date: Timestamp)] = []
        var (ready, waiting) = (0, 0)
        for (offset, record) in run.tasks.enumerated() {
            let task = TaskIndex(offset)
            switch record.state {
            case .running, .stopping: running.append(task)
            case .resting(let until): resting.append((task, until))
            case .scheduled(let date): scheduled.append((task, date))
            case .ready: ready += 1
            case .waiting: waiting += 1
            case .blocked, .ended: break
            }
        }
        self.running = running.sorted { (inquiry.since[$0.offset], $0) < (inquiry.since[$1.offset], $1) }
        self.resting = resting.sorted { ($0.until, $0.task) < ($1.until, $1.task) }
        self.scheduled = scheduled.sorted { ($0.date, $0.task) < ($1.date, $1.task) }
        (self.ready, self.waiting) = (ready, waiting)
        self.questions = run.openQuestions
        self.shares = Self.shares(of: inquiry.sheet)
        self.longest = Self.longest(of: inquiry.sheet)
        self.path = CriticalPath.byMeasuredTimes(of: inquiry.sheet)
    }

    // Each task that did not complete counts for the root of its chain; a chain is walked once.
    private static func troubles(of inquiry: Inquiry) -> [Trouble] {
        let run = inquiry.run
        var roots: [TaskIndex: TaskIndex] = [:]
        var victims: [TaskIndex: Int] = [:]
        for task in run.graph.topologicalOrder() {
            let cause: TaskIndex?
            switch run.tasks[task.offset].state {
            case .ended(.skipped(.dependency(let other))): cause = other
            case .ended(.failed(let failure)) where failure.code == "task.dependency":
                cause = inquiry.chain(behind: task).first
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: cause = nil
            }
            guard let cause else { continue }
            let root = roots[cause] ?? cause
            roots[task] = root
            victims[root, default: 0] += 1
        }
        let troubles = run.tasks.indices.compactMap { offset -> Trouble? in
            let task = TaskIndex(offset)
            guard case .ended(.failed(let failure)) = run.tasks[offset].state, roots[task] == nil else { return nil }
            let agent = inquiry.sheet.attempts[offset].last?.agent
            return Trouble(task: task, failure: failure, agent: agent, victims: victims[task] ?? 0)
        }
        return troubles.sorted { ($1.victims, $0.task) < ($0.victims, $1.task) }
    }

    private static func shares(of sheet: RunSheet) -> [Share] {
        var busy: [AgentID: Int64] = [:]
        for attempt in sheet.attempts.joined() {
            let span = ((attempt.endedAt ?? sheet.run.now) - attempt.startedAt).microseconds
            busy[attempt.agent] = (busy[attempt.agent] ?? 0).addingSaturated(max(0, span))
        }
        let shares = sheet.progress.agents.enumerated().map { offset, load in
            Share(
                agent: AgentIndex(offset),
                completed: load.completed,
                failed: load.failed,
                busy: .microseconds(busy[load.agent] ?? 0)
            )
        }
        return shares.filter { $0.completed + $0.failed > 0 || $0.busy > .zero }.sorted {
            ($1.completed, $1.busy, $0.agent) < ($0.completed, $0.busy, $1.agent)
        }
    }

    private static func longest(of sheet: RunSheet) -> [Stretch] {
        let stretches = sheet.attempts.enumerated().compactMap { offset, attempts -> Stretch? in
            guard !attempts.isEmpty else { return nil }
            let sum = attempts.reduce(Int64(0)) { sum, attempt in
                sum.addingSaturated(max(0, ((attempt.endedAt ?? sheet.run.now) - attempt.startedAt).microseconds))
            }
            return Stretch(task: TaskIndex(offset), duration: .microseconds(sum), attempts: attempts.count)
        }
        return Array(stretches.sorted { ($1.duration, $0.task) < ($0.duration, $1.task) }.prefix(5))
    }
}
