/// What `baton show` tells of a run: its state, its tasks with their attempts, its agents; folded from events.
package struct RunSheet: Sendable {
    package struct AttemptSheet: Sendable {
        package let number: Int32
        package let agent: AgentID
        /// Who takes part, the lead among them.
        package let assignment: Assignment
        package let startedAt: Timestamp
        package fileprivate(set) var endedAt: Timestamp?
        /// `running`, `completed`, or why it ended otherwise.
        package fileprivate(set) var result = "running"
        package fileprivate(set) var failure: Failure?
        /// What its steps have used, as far as they have returned.
        package fileprivate(set) var usage = Usage.none
        /// Whether it is of the run that this one was forked from, and counts there.
        package fileprivate(set) var isShared = false
        /// Times in which no engine was there, each from and to, in order.
        fileprivate var gaps: [(from: Timestamp, to: Timestamp)] = []

        fileprivate var isAway: Bool { self.gaps.last?.to == Self.untilBack }
        fileprivate static let untilBack = Timestamp(microseconds: .max)

        /// How long it lasted, or has lasted by now, without the times in which no engine was there or it waited for others.
        package func span(at now: Timestamp) -> Duration {
            self.stretches(at: now).reduce(Duration.zero) { $0.addingSaturated($1.to - $1.from) }
        }

        /// From when to when it was worked on, in order.
        package func stretches(at now: Timestamp) -> [(from: Timestamp, to: Timestamp)] {
            var from = self.startedAt
            var stretches: [(from: Timestamp, to: Timestamp)] = []
            for gap in self.gaps {
                if gap.from > from { stretches.append((from, gap.from)) }
                from = gap.to
            }
            let end = self.endedAt ?? now
            return end > from ? stretches + [(from, end)] : stretches
        }
    }

    package private(set) var run: Run
    package private(set) var progress: Progress
    package private(set) var attempts: [[AttemptSheet]]
    package private(set) var endedAt: Timestamp?
    /// All the time in which no engine was there.
    package private(set) var absence = Duration.zero

    /// Begins with the first event; nil if that is not `created`.
    package init?(_ fact: Recorded) {
        guard let run = Run(fact), let progress = Progress(fact) else { return nil }
        self.run = run
        self.progress = progress
        self.attempts = Array(repeating: [], count: run.tasks.count)
    }

    /// Folds all facts of a run.
    package init?(_ facts: [Recorded]) {
        guard let first = facts.first else { return nil }
        self.init(first)
        for fact in facts.dropFirst() { self.take(fact) }
    }

    package mutating func take(_ fact: Recorded) {
        var changes = Changes()
        let latest = self.run.now
        let old = fact.event.isFork ? self.run.plan.tasks : []
        if case .answered(let id, _) = fact.event, let question = self.run.questions[id] { self.adopt(question.task) }
        self.run.apply(fact, &changes)
        self.progress.take(fact)
        let added = self.run.tasks.count - self.attempts.count
        if added > 0 { self.attempts += Array(repeating: [], count: added) }
        switch fact.event {
        case .attemptStarted(let task, let number, let assignment):
            guard self.attempts.indices.contains(task.offset), self.run.damage == nil else { return }
            let agent = self.run.plan.agents[assignment.lead.offset].id
            self.attempts[task.offset].append(
                AttemptSheet(number: number, agent: agent, assignment: assignment, startedAt: fact.at)
            )
        case .stepOwed(let key, _):
            self.adopt(key.task)
            self.comeBack(key.task, fact.at)
        case .tasksAdded, .delegated:
            for task in self.run.plan.waiters(of: fact.event) { self.leave(task, fact.at) }
        case .stepReturned(let key, let result):
            self.adopt(key.task)
            self.add(result.usage, to: key)
        case .recovered: self.passOver(from: latest, to: fact.at)
        case .taskRested(let task, _, let failure), .taskFellBack(let task, let failure):
            self.close(task, fact.at, "failed", failure)
        case .taskReady(let task): self.close(task, fact.at, "stopped", nil)
        case .stepLost(let key): self.close(key.task, fact.at, "unknown", nil)
        case .asked(let question) where question.kind == .blocker:
            self.close(question.task, fact.at, "blocked", nil)
        case .taskEnded(let task, .failed(let failure)): self.close(task, fact.at, "failed", failure)
        case .taskEnded(let task, let end): self.close(task, fact.at, end.word, nil)
        case .ended: self.endedAt = fact.at
        case .forked:
            self.endedAt = nil
            for task in self.run.plan.begunAnew(since: old, self.run.graph) {
                self.close(task, latest, "unknown", nil)
            }
            self.share(fact.at)
            self.absence = self.absence.addingSaturated(max(.zero, fact.at - latest))
        case .created, .stopRequested, .staleResult, .attemptHeld, .asked, .answered, .paused, .resumed,
            .stopping, .taskEdited, .taskReprioritized, .tasksReset, .steered:
            return
        }
    }

    /// Stands beside other runs, which have some of its agents in hand.
    mutating func stand(beside held: HeldElsewhere) { self.run = self.run.beside(held) }

    // What is in hand at that moment may go on in both runs: what was done until then is the other one's.
    private mutating func share(_ now: Timestamp) {
        for task in self.attempts.indices {
            for place in self.attempts[task].indices {
                self.attempts[task][place].isShared = true
                guard self.attempts[task][place].endedAt == nil else { continue }
                self.attempts[task][place].gaps = [(self.attempts[task][place].startedAt, now)]
            }
        }
    }

    // Something of it happens here: this run pays for it.
    private mutating func adopt(_ task: TaskIndex) {
        guard self.attempts.indices.contains(task.offset), let last = self.attempts[task.offset].indices.last,
            self.attempts[task.offset][last].isShared, self.attempts[task.offset][last].endedAt == nil
        else { return }
        self.attempts[task.offset][last].isShared = false
    }

    // Its attempt waits for others' work, or for its checks: until it comes back that is nobody's time.
    private mutating func leave(_ task: TaskIndex, _ now: Timestamp) {
        guard self.attempts.indices.contains(task.offset), let last = self.attempts[task.offset].indices.last,
            self.attempts[task.offset][last].endedAt == nil, !self.attempts[task.offset][last].isAway
        else { return }
        self.attempts[task.offset][last].gaps.append((now, AttemptSheet.untilBack))
    }

    private mutating func comeBack(_ task: TaskIndex, _ now: Timestamp) {
        guard self.attempts.indices.contains(task.offset), let last = self.attempts[task.offset].indices.last,
            self.attempts[task.offset][last].isAway
        else { return }
        self.attempts[task.offset][last].gaps[self.attempts[task.offset][last].gaps.count - 1].to = now
    }

    private mutating func passOver(from: Timestamp, to: Timestamp) {
        guard to > from else { return }
        self.absence = self.absence.addingSaturated(to - from)
        for task in self.attempts.indices {
            guard let last = self.attempts[task].indices.last, self.attempts[task][last].endedAt == nil,
                !self.attempts[task][last].isAway, !self.run.plan.isPersons(self.attempts[task][last].assignment)
            else { continue }
            self.attempts[task][last].gaps.append((from, to))
        }
    }

    private mutating func add(_ usage: Usage, to key: StepKey) {
        guard self.attempts.indices.contains(key.task.offset),
            let place = self.attempts[key.task.offset].lastIndex(where: { $0.number == key.attempt })
        else { return }
        self.attempts[key.task.offset][place].usage = self.attempts[key.task.offset][place].usage + usage
    }

    private mutating func close(_ task: TaskIndex, _ now: Timestamp, _ result: String, _ failure: Failure?) {
        guard self.attempts.indices.contains(task.offset), var last = self.attempts[task.offset].popLast() else {
            return
        }
        if last.endedAt == nil {
            if last.isAway { last.gaps[last.gaps.count - 1].to = now }
            last.endedAt = now
            last.result = result
            last.failure = failure
        }
        self.attempts[task.offset].append(last)
    }

    // MARK: JSON

    /// The word of seed 004 for a state; docs/api.md has the table.
    package static func status(of state: TaskState) -> String {
        switch state {
        case .waiting, .scheduled, .ready, .resting, .blocked(_, nil): "pending"
        case .running, .stopping, .blocked(_, .some): "in_progress"
        case .ended(.completed): "completed"
        case .ended(.failed): "failed"
        case .ended(.skipped), .ended(.cancelled): "cancelled"
        }
    }

    /// The run without its tasks' outputs.
    package var json: JSON {
        let counts = self.run.counts.shown
        var json: JSON = [
            "run": .string(self.run.id.text), "project_id": .string(self.run.plan.id),
            "title": .string(self.run.plan.title), "state": .string(self.stateWord),
            "current_state": .array(self.currentState.map { .string($0) }),
            "mode": .string(self.run.seed.mode.rawValue), "rehearsal": .bool(self.run.seed.mode == .rehearsal),
            "began_at": .string(self.run.began.description),
            "ended_at": self.endedAt.map { .string($0.description) } ?? .null,
            "progress_percentage": .number(self.progress.percentage),
            "completed_tasks": .integer(Int64(counts.completed)), "failed_tasks": .integer(Int64(counts.failed)),
            "skipped_tasks": .integer(Int64(counts.skipped)), "cancelled_tasks": .integer(Int64(counts.cancelled)),
            "running_tasks": .integer(Int64(self.progress.runningTasks)), "total_tasks": .integer(Int64(counts.total)),
            "eta_seconds": self.remaining().map { .number($0.inSeconds) } ?? .null,
        ]
        json = json.adding("agents", .array(self.agentLines))
        let view = EventView(plan: self.run.plan)
        json = json.adding("questions", .array(self.run.openQuestions.map { view.json(of: $0) }))
        return json.adding("tasks", .array(self.run.tasks.indices.map { self.task(TaskIndex($0)) }))
    }

    /// The word of design section 4.
    package var stateWord: String { self.run.phase.word }

    private var agentLines: [JSON] {
        let waiting = self.waitingByAgent()
        return self.progress.agents.enumerated().map { offset, load in
            [
                "agent": .string(load.agent.text), "name": .string(self.run.plan.agents[offset].name),
                "done": .integer(Int64(load.completed)), "failed": .integer(Int64(load.failed)),
                "in_hand": .array(load.inHand.map { .string($0.text) }),
                "waiting": .array((waiting[load.agent] ?? []).map { .string($0.text) }),
            ]
        }
    }

    /// The tasks that wait for this agent and no other, in dispatch order as far as it is known: ready before waiting.
    package func waiting(for agent: AgentIndex) -> [TaskID] {
        guard self.run.plan.agents.indices.contains(agent.offset) else { return [] }
        return self.waitingByAgent()[self.run.plan.agents[agent.offset].id] ?? []
    }

    /// The same for every agent for whom something waits.
    package func waitingByAgent() -> [AgentID: [TaskID]] {
        var ready: [AgentID: [Int]] = [:]
        var later: [AgentID: [Int]] = [:]
        for (offset, spec) in self.run.plan.tasks.enumerated() {
            guard let agent = spec.assignedAgent else { continue }
            let state = self.run.tasks[offset].state
            if state == .ready {
                ready[agent, default: []].append(offset)
            } else if RunSheet.status(of: state) == "pending" {
                later[agent, default: []].append(offset)
            }
        }
        var waiting: [AgentID: [TaskID]] = [:]
        for (agent, offsets) in ready {
            let ordered = offsets.sorted {
                let (left, right) = (self.run.plan.tasks[$0].priority, self.run.plan.tasks[$1].priority)
                return left == right ? $0 < $1 : left > right
            }
            waiting[agent] = ordered.map { self.run.plan.tasks[$0].id }
        }
        for (agent, offsets) in later {
            waiting[agent, default: []] += offsets.map { self.run.plan.tasks[$0].id }
        }
        return waiting
    }

    /// One task, without its output.
    package func task(_ task: TaskIndex) -> JSON {
        let record = self.run.tasks[task.offset]
        let spec = self.run.plan.tasks[task.offset]
        let attempts = self.attempts[task.offset]
        var json: JSON = [
            "task": .string(spec.id.text), "description": .string(spec.description),
            "state": .string(record.state.word),
            "status": .string(Self.status(of: record.state)),
            "agent": attempts.last.map { .string($0.agent.text) } ?? .null,
            "depends_on": .array(
                self.run.graph.dependencies[task].map { .string(self.run.plan.tasks[Int($0)].id.text) }
            ),
            "attempts": .array(attempts.map(Self.json)),
        ]
        for (name, fact) in self.run.proof(of: task).json { json = json.adding(name, fact) }
        switch record.state {
        case .ended(.failed(let failure)): json = json.adding("error", failure.json)
        case .ended(.skipped(.dependency(let other))):
            json = json.adding("because_of", .string(self.run.plan.tasks[other.offset].id.text))
        case .ended(.skipped(.unanswered(let question))):
            json = json.adding("unanswered", .string(question.description))
        case .ended(.skipped(.unneeded(let other))):
            json = json.adding("unneeded", .string(self.run.plan.tasks[other.offset].id.text))
        case .ended(.skipped(.decided)): json = json.adding("decided", "vote")
        case .ended(.skipped(.person(let note))): if !note.isEmpty { json = json.adding("note", .string(note)) }
        case .resting(let until): json = json.adding("next_attempt_at", .string(until.description))
        case .scheduled(let date): json = json.adding("scheduled_at", .string(date.description))
        case .blocked(let question, _): json = json.adding("question", .string(question.description))
        case .waiting, .ready, .running, .stopping, .ended: break
        }
        return json
    }

    static func json(_ attempt: AttemptSheet) -> JSON {
        let json: JSON = [
            "number": .integer(Int64(attempt.number)), "agent": .string(attempt.agent.text),
            "started_at": .string(attempt.startedAt.description),
            "ended_at": attempt.endedAt.map { .string($0.description) } ?? .null,
            "duration_seconds": attempt.endedAt.map { .number(attempt.span(at: $0).inSeconds) } ?? .null,
            "result": .string(attempt.result), "tokens": .integer(attempt.usage.tokens),
            "money_usd": .number(attempt.usage.money.inUSD), "cpu_seconds": attempt.usage.cpuJSON,
            "peak_memory_bytes": attempt.usage.peakMemoryJSON,
            "peak_memory_bound_bytes": attempt.usage.peakMemoryBoundJSON,
        ]
        return attempt.failure.map { json.adding("failure", $0.json) } ?? json
    }
}

extension Usage {
    /// Seconds, or null if nobody counted.
    package var cpuJSON: JSON { self.cpu.map { .number($0.inSeconds) } ?? .null }

    /// Bytes, or null if nobody counted.
    package var peakMemoryJSON: JSON { self.peakMemory.map { .integer($0) } ?? .null }

    /// Bytes, or null if the peak is known or nobody counted.
    package var peakMemoryBoundJSON: JSON { self.peakMemoryBound.map { .integer($0) } ?? .null }
}
