import BatonCore

/// The simulation's own books about what was done and what was promised, kept apart from the rules they check.
struct Ledger {
    private let plan: Plan
    private let seed: UInt64
    private var ended: [TaskIndex: TaskEnd] = [:]
    private var inHand: [TaskIndex: [AgentIndex]] = [:]
    private var attempts: [TaskIndex: Int32] = [:]
    private var begun: Set<StepKey> = []

    init(plan: Plan, seed: UInt64) {
        self.plan = plan
        self.seed = seed
    }

    private func violation(_ rule: String, _ detail: String) -> Simulation.Violation {
        Simulation.Violation(seed: self.seed, rule: rule, detail: detail)
    }

    private func name(_ task: TaskIndex) -> TaskID { self.plan.tasks[task.offset].id }

    /// Facts that have become durable.
    mutating func take(_ facts: [Recorded]) throws {
        for fact in facts {
            switch fact.event {
            case .attemptStarted(let task, let attempt, let assignment): try self.started(task, attempt, assignment)
            case .taskEnded(let task, let end):
                if self.ended[task] != nil {
                    throw self.violation("I-03 one terminal event", "\(self.name(task)) ended twice")
                }
                self.ended[task] = end
                self.inHand[task] = nil
            case .taskRested(let task, _, _), .taskReady(let task): self.inHand[task] = nil
            case .asked(let question) where question.kind == .unknownOutcome: self.inHand[question.task] = nil
            case .tasksReset(let tasks): for task in tasks { self.ended[task] = nil }
            case .answered, .created, .recovered, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult,
                .asked,
                .paused, .resumed, .stopping, .ended, .tasksAdded, .taskEdited, .taskReprioritized, .steered, .forked:
                continue
            }
        }
    }

    private mutating func started(_ task: TaskIndex, _ attempt: Int32, _ assignment: Assignment) throws {
        if self.ended[task] != nil {
            throw self.violation("I-02 what is complete never runs again", "\(self.name(task))")
        }
        guard attempt == self.attempts[task, default: 0] + 1 else {
            throw self.violation("attempts are numbered", "\(self.name(task)) began attempt \(attempt)")
        }
        self.attempts[task] = attempt
        try self.checkDependencies(of: task)
        self.inHand[task] = assignment.agents
        for agent in assignment.agents {
            let load = self.inHand.values.reduce(0) { $0 + ($1.contains(agent) ? 1 : 0) }
            if load > self.plan.agents[agent.offset].maxConcurrentTasks {
                throw self.violation("capacity", "agent \(self.plan.agents[agent.offset].id) has \(load) tasks in hand")
            }
        }
    }

    private func checkDependencies(of task: TaskIndex) throws {
        let spec = self.plan.tasks[task.offset]
        for id in spec.dependencies {
            guard let other = self.plan.tasks.firstIndex(where: { $0.id == id }) else { continue }
            switch self.ended[TaskIndex(other)] {
            case .completed: continue
            case .failed, .skipped, .cancelled: if spec.onDependencyFailure == .run { continue }
            case nil: break
            }
            throw self.violation("I-21 dependencies first", "\(spec.id) began before \(id) was done")
        }
    }

    /// A performer begins.
    mutating func begin(_ key: StepKey, isAuthorised: Bool) throws {
        if !isAuthorised { throw self.violation("I-06 nothing before it is durable", "\(key)") }
        if self.ended[key.task] != nil { throw self.violation("I-02 what is complete never runs again", "\(key)") }
        if !self.begun.insert(key).inserted { throw self.violation("a key is used once", "\(key)") }
    }
}
