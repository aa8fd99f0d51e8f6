extension Run {
    /// How many tasks stand where.
    package struct Counts: Hashable, Sendable {
        /// Tasks by how they ended.
        package struct Tally: Hashable, Sendable {
            package internal(set) var total = 0
            package private(set) var completed = 0
            package private(set) var failed = 0
            package private(set) var skipped = 0
            package private(set) var cancelled = 0

            package var ended: Int { self.completed + self.failed + self.skipped + self.cancelled }

            fileprivate mutating func note(_ end: TaskEnd, _ number: Int) {
                switch end {
                case .completed: self.completed += number
                case .failed: self.failed += number
                case .skipped: self.skipped += number
                case .cancelled: self.cancelled += number
                }
            }

            fileprivate func without(_ other: Tally) -> Tally {
                var rest = self
                rest.total -= other.total
                rest.completed -= other.completed
                rest.failed -= other.failed
                rest.skipped -= other.skipped
                rest.cancelled -= other.cancelled
                return rest
            }
        }

        /// All of them.
        package private(set) var all = Tally()
        /// Of these, what is said in meetings, and that they were opened.
        package private(set) var talk = Tally()
        /// Running or stopping: what uses slots of the engine.
        package internal(set) var inHand = 0
        /// A person's work: in hand for the plan's limits, without a slot.
        package internal(set) var withPeople = 0
        package internal(set) var ready = 0

        init(of tasks: [TaskSpec]) { self.setTotals(of: tasks) }

        /// The tasks of the plan, as people count them: a meeting is one.
        package var shown: Tally { self.all.without(self.talk) }

        mutating func setTotals(of tasks: [TaskSpec]) {
            (self.all.total, self.talk.total) = (0, 0)
            self.add(tasks)
        }

        mutating func add(_ tasks: [TaskSpec]) {
            self.all.total += tasks.count
            self.talk.total += tasks.count(where: \.isOfMeeting)
        }

        /// - Parameter number: 1 when the task has ended so, -1 when it begins anew.
        mutating func note(_ end: TaskEnd, _ spec: TaskSpec, _ number: Int) {
            self.all.note(end, number)
            if spec.isOfMeeting { self.talk.note(end, number) }
        }
    }
}
