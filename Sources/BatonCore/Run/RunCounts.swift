extension Run {
    /// How many tasks stand where.
    package struct Counts: Hashable, Sendable {
        /// All, what is said in meetings among them.
        package internal(set) var total = 0
        package private(set) var completed = 0
        package private(set) var failed = 0
        package private(set) var skipped = 0
        package private(set) var cancelled = 0
        /// Running or stopping: what uses slots of the engine.
        package internal(set) var inHand = 0
        /// A person's work: in hand for the plan's limits, without a slot.
        package internal(set) var withPeople = 0
        package internal(set) var ready = 0
        /// Of these, what is said in meetings, and that they were opened.
        package internal(set) var talk = Talk()

        package struct Talk: Hashable, Sendable {
            package internal(set) var total = 0
            fileprivate var completed = 0
            fileprivate var failed = 0
            fileprivate var skipped = 0
            fileprivate var cancelled = 0
        }

        init(of tasks: [TaskSpec]) { self.take(tasks) }

        mutating func take(_ tasks: [TaskSpec]) {
            self.total = tasks.count
            self.talk.total = tasks.count(where: \.isOfMeeting)
        }

        /// - Parameter number: 1 when the task has ended so, -1 when it begins anew.
        mutating func note(_ end: TaskEnd, _ spec: TaskSpec, _ number: Int) {
            let isTalk = spec.isOfMeeting
            switch end {
            case .completed:
                self.completed += number
                if isTalk { self.talk.completed += number }
            case .failed:
                self.failed += number
                if isTalk { self.talk.failed += number }
            case .skipped:
                self.skipped += number
                if isTalk { self.talk.skipped += number }
            case .cancelled:
                self.cancelled += number
                if isTalk { self.talk.cancelled += number }
            }
        }

        package var ended: Int { self.completed + self.failed + self.skipped + self.cancelled }

        /// The tasks of the plan, as people count them: a meeting is one.
        package var shown: Counts {
            var counts = self
            counts.total -= self.talk.total
            counts.completed -= self.talk.completed
            counts.failed -= self.talk.failed
            counts.skipped -= self.talk.skipped
            counts.cancelled -= self.talk.cancelled
            return counts
        }
    }
}
