/// Why a run stands where it stands: what failed and what that brought down, what is waited for, who did most, what took
/// longest.
package struct RunExplanation: Sendable {
    /// A task at the root of others that did not complete.
    package struct Trouble: Sendable {
        package let task: TaskIndex
        /// Nil if it did not fail: a person left it out, and others needed it.
        package let failure: Failure?
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

    /// Ready tasks that wait for the same busy agents.
    package struct Queue: Sendable {
        package let agents: [AgentIndex]
        package fileprivate(set) var tasks: [TaskIndex]
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
    /// Tasks that wait for no other task.
    package let ready: Int
    /// Those of them whose agents are all busy, the longest queue first.
    package let queues: [Queue]
    /// How many tasks the plan lets the run have in hand, where that keeps ready ones from starting.
    package let room: Int?
    package let waiting: Int
    /// Who did most: completed tasks, then time at work.
    package let shares: [Share]
    /// What took longest, over all attempts.
    package let longest: [Stretch]
    package let path: CriticalPath

    /// - Parameter now: up to when attempts in hand are counted; nil counts up to the last event.
    package init(_ inquiry: Inquiry, now: Timestamp? = nil) {
        let run = inquiry.run
        let now = max(now ?? run.now, run.now)
        self.troubles = Self.troubles(of: inquiry)
        var running: [TaskIndex] = []
        var resting: [(task: TaskIndex, until: Timestamp)] = []
        var scheduled: [(task: TaskIndex, date: Timestamp)] = []
        var ready: [TaskIndex] = []
        var waiting = 0
        for (offset, record) in run.tasks.enumerated() {
            let task = TaskIndex(offset)
            switch record.state {
            case .running, .stopping: running.append(task)
            case .resting(let until): resting.append((task, until))
            case .scheduled(let date): scheduled.append((task, date))
            case .ready: ready.append(task)
            case .waiting: waiting += 1
            case .blocked, .ended: break
            }
        }
        self.running = running.sorted { (inquiry.since[$0.offset], $0) < (inquiry.since[$1.offset], $1) }
        self.resting = resting.sorted { ($0.until, $0.task) < ($1.until, $1.task) }
        self.scheduled = scheduled.sorted { ($0.date, $0.task) < ($1.date, $1.task) }
        (self.ready, self.waiting) = (ready.count, waiting)
        self.queues = Self.queues(of: ready, run)
        let isFull = run.counts.inHand + run.counts.withPeople >= run.largestInHand
        self.room = isFull && !ready.isEmpty ? run.largestInHand : nil
        self.questions = run.openQuestions
        self.shares = Self.shares(of: inquiry, now: now)
        self.longest = Self.longest(of: inquiry.sheet, now: now)
        self.path = CriticalPath.byMeasuredTimes(of: inquiry.sheet)
    }

    // Tasks of one demand wait for the same agents: those are looked at once for each demand.
    private static func queues(of ready: [TaskIndex], _ run: Run) -> [Queue] {
        var places: [Int32: Int] = [:]
        var served: Set<Int32> = []
        var queues: [Queue] = []
        for task in ready {
            let demand = run.tasks[task.offset].demand
            if let place = places[demand] {
                queues[place].tasks.append(task)
            } else if !served.contains(demand) {
                guard !run.canBeServed(task) else {
                    served.insert(demand)
                    continue
                }
                places[demand] = queues.count
                queues.append(Queue(agents: run.candidates(for: task).agents, tasks: [task]))
            }
        }
        return queues.sorted { ($1.tasks.count, $0.tasks[0]) < ($0.tasks.count, $1.tasks[0]) }
    }

    // Each task that did not complete counts for its root.
    private static func troubles(of inquiry: Inquiry) -> [Trouble] {
        let run = inquiry.run
        var victims: [TaskIndex: Int] = [:]
        for offset in run.tasks.indices where Self.fellShort(run.tasks[offset].state) {
            let root = inquiry.causes.root(of: TaskIndex(offset))
            if root.offset != offset { victims[root, default: 0] += 1 }
        }
        let troubles = run.tasks.indices.compactMap { offset -> Trouble? in
            let task = TaskIndex(offset)
            guard inquiry.causes.cause(of: task) == nil else { return nil }
            let (agent, count) = (inquiry.sheet.attempts[offset].last?.agent, victims[task] ?? 0)
            switch run.tasks[offset].state {
            case .ended(.failed) where run.hasProvedOtherwise(task): return nil
            case .ended(.failed(let failure)):
                return Trouble(task: task, failure: failure, agent: agent, victims: count)
            case .ended(.skipped) where count > 0:
                return Trouble(task: task, failure: nil, agent: agent, victims: count)
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: return nil
            }
        }
        return troubles.sorted { ($1.victims, $0.task) < ($0.victims, $1.task) }
    }

    private static func fellShort(_ state: TaskState) -> Bool {
        switch state {
        case .ended(.failed), .ended(.skipped), .ended(.cancelled): true
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended(.completed): false
        }
    }

    // All who attend a meeting are busy with it, not only its lead.
    private static func shares(of inquiry: Inquiry, now: Timestamp) -> [Share] {
        let progress = inquiry.sheet.progress
        var busy = inquiry.busyMicroseconds
        for task in progress.hands.tasks {
            guard let since = progress.hands.since(of: task) else { continue }
            for agent in progress.hands.agents(of: task) where busy.indices.contains(agent.offset) {
                busy[agent.offset] = busy[agent.offset].addingSaturated(max(0, (now - since).microseconds))
            }
        }
        let shares = progress.agents.enumerated().map { offset, load in
            Share(
                agent: AgentIndex(offset),
                completed: load.completed,
                failed: load.failed,
                busy: .microseconds(busy[offset])
            )
        }
        return shares.filter { $0.completed + $0.failed > 0 || $0.busy > .zero }.sorted {
            ($1.completed, $1.busy, $0.agent) < ($0.completed, $0.busy, $1.agent)
        }
    }

    private static func longest(of sheet: RunSheet, now: Timestamp) -> [Stretch] {
        let stretches = sheet.attempts.enumerated().compactMap { offset, attempts -> Stretch? in
            guard !attempts.isEmpty else { return nil }
            let sum = attempts.reduce(Int64(0)) { sum, attempt in
                sum.addingSaturated(attempt.span(at: now).microseconds)
            }
            return Stretch(task: TaskIndex(offset), duration: .microseconds(sum), attempts: attempts.count)
        }
        return Array(stretches.sorted { ($1.duration, $0.task) < ($0.duration, $1.task) }.prefix(5))
    }
}
