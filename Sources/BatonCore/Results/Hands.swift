/// Which tasks are in hand, since when and with whom.
///
/// One slot for each task of the plan, so that a fact costs a write and no look-up: screens fold every fact of a run while
/// it goes on.
package struct Hands: Sendable {
    private static let nobody = Int32(-1)

    private var leads: [Int32]
    private var starts: [Int64]
    // Only meetings have more than one.
    private var attendees: [TaskIndex: [AgentIndex]] = [:]
    // Attempts that wait for others' work, or for their checks, since when: with nobody meanwhile.
    private var leaves: [TaskIndex: Timestamp] = [:]
    package private(set) var count = 0

    init(tasks: Int) {
        self.leads = Array(repeating: Self.nobody, count: tasks)
        self.starts = Array(repeating: 0, count: tasks)
    }

    mutating func grow(by tasks: Int) {
        self.leads += Array(repeating: Self.nobody, count: tasks)
        self.starts += Array(repeating: 0, count: tasks)
    }

    mutating func take(_ task: TaskIndex, _ assignment: Assignment, at now: Timestamp) {
        guard self.leads.indices.contains(task.offset) else { return }
        if self.leads[task.offset] == Self.nobody { self.count += 1 }
        self.leads[task.offset] = assignment.lead.value
        self.starts[task.offset] = now.microseconds
        if assignment.agents.count > 1 { self.attendees[task] = Array(assignment.agents) }
    }

    /// Its attempt waits for others, and nobody is busy with it.
    mutating func leave(_ task: TaskIndex, at now: Timestamp) {
        guard self.lead(of: task) != nil, self.leaves[task] == nil else { return }
        self.leaves[task] = now
        self.count -= 1
    }

    /// Its attempt goes on: the time in between was nobody's.
    mutating func comeBack(_ task: TaskIndex, at now: Timestamp) {
        guard let since = self.leaves.removeValue(forKey: task) else { return }
        self.starts[task.offset] = self.starts[task.offset].addingSaturated(max(0, (now - since).microseconds))
        self.count += 1
    }

    /// - Returns: from when its time counts; nil if it was not in hand.
    mutating func put(_ task: TaskIndex, at now: Timestamp) -> Timestamp? {
        if !self.leaves.isEmpty { self.comeBack(task, at: now) }
        guard let since = self.since(of: task) else { return nil }
        self.leads[task.offset] = Self.nobody
        self.count -= 1
        if !self.attendees.isEmpty { self.attendees[task] = nil }
        return since
    }

    /// What is in hand was done for another run until now.
    mutating func workAnew(_ now: Timestamp) {
        for task in self.tasks { self.starts[task.offset] = now.microseconds }
        for task in self.leaves.keys {
            self.starts[task.offset] = now.microseconds
            self.leaves[task] = now
        }
    }

    /// Time in which no engine was there is not the time of what was in hand, but for what people do.
    mutating func passOver(_ gap: Duration, but isPersons: (AgentIndex) -> Bool) {
        guard gap > .zero else { return }
        for task in self.tasks where !isPersons(AgentIndex(Int(self.leads[task.offset]))) {
            self.starts[task.offset] &+= gap.microseconds
        }
    }

    /// Who performs it.
    package func lead(of task: TaskIndex) -> AgentIndex? {
        guard self.leads.indices.contains(task.offset), self.leads[task.offset] != Self.nobody else { return nil }
        return AgentIndex(Int(self.leads[task.offset]))
    }

    /// From when the time of its attempt counts.
    package func since(of task: TaskIndex) -> Timestamp? {
        self.lead(of: task).map { _ in Timestamp(microseconds: self.starts[task.offset]) }
    }

    /// All who are busy with it: nobody while it waits for others.
    package func agents(of task: TaskIndex) -> [AgentIndex] { self.leaves[task] == nil ? self.crew(of: task) : [] }

    /// All whose attempt it is.
    package func crew(of task: TaskIndex) -> [AgentIndex] {
        self.attendees[task] ?? self.lead(of: task).map { [$0] } ?? []
    }

    /// How long it has been worked on.
    package func worked(on task: TaskIndex, until now: Timestamp) -> Duration? {
        self.since(of: task).map { max(.zero, (self.leaves[task] ?? now) - $0) }
    }

    /// The tasks in hand, in plan order.
    package var tasks: [TaskIndex] {
        guard self.count > 0 else { return [] }
        return self.leads.indices.filter { self.leads[$0] != Self.nobody }.map { TaskIndex($0) }.filter {
            self.leaves[$0] == nil
        }
    }
}
