import BatonCore

// Who may do what, who has room, and what goes first.
extension Ledger {
    var capacities: [Int] { self.plan.agents.map(\.maxConcurrentTasks) }

    /// What the run may have in hand of each agent from now on; of those that are not named, what the plan says.
    func take(_ shares: [AgentIndex: Int]) {
        for (offset, capacity) in self.capacities.enumerated() {
            let share = min(capacity, shares[AgentIndex(offset)] ?? capacity)
            if share < self.loads[offset] { self.reached.insert(.shareBelowWhatIsInHand) }
            if share > self.shares[offset], self.loads[offset] > 0 { self.reached.insert(.shareOfBusyAgentGrew) }
            self.shares[offset] = share
        }
    }

    func hasRoom(_ agent: AgentIndex) -> Bool { self.loads[agent.offset] < self.shares[agent.offset] }

    /// Whether a ready task could go on now, slots aside: start, or ask who does it.
    func canBeServed(_ book: TaskBook) -> Bool {
        if book.wantsStaff { return true }
        return book.wantsAll
            ? book.crew.allSatisfy { self.hasRoom($0) } : book.crew.contains { self.hasRoom($0) }
    }

    /// A ready task that could go on within so many slots, by the letter of the plan.
    func startable(_ slots: Int) -> Int? {
        guard self.phase == .running, self.inHand < slots, self.inHand + self.withPeople < self.largestInHand else {
            return nil
        }
        return self.tasks.indices.first { offset in
            let book = self.tasks[offset]
            return book.place == .ready && !book.awaitsApproval && self.canBeServed(book)
        }
    }

    /// An attempt that is away, and could go on within so many slots.
    func returnable(_ slots: Int) -> Int? { self.tasks.indices.first { self.mayReturn($0, slots) } }

    func checkStaff(_ task: TaskIndex, _ book: TaskBook, _ assignment: Assignment) throws {
        if book.wantsStaff { throw self.violation("who fits nobody's skills is asked for", task) }
        if let chosen = book.chosen, assignment.lead != chosen, !book.opens {
            throw self.violation("who a person chose does it", task, "lead \(assignment.lead.offset)")
        }
        guard book.wantsAll else {
            guard assignment.agents.elementsEqual([assignment.lead]), book.crew.contains(assignment.lead) else {
                throw self.violation("only who fits does it", task, "lead \(assignment.lead.offset)")
            }
            return
        }
        guard assignment.agents.sorted() == book.crew.sorted() else {
            throw self.violation("all attendees attend, and nobody else", task)
        }
        let lead = self.lead(of: book)
        if assignment.lead != lead {
            throw self.violation(
                "a meeting is led by the chosen, the assigned or the best",
                task,
                "\(assignment.lead.offset), not \(lead.map { "\($0.offset)" } ?? "nobody")"
            )
        }
        if book.wasStaffed { self.reached.insert(.meetingAfterChoice) }
    }

    private func lead(of book: TaskBook) -> AgentIndex? {
        if let chosen = book.chosen, !book.opens { return chosen }
        if let assigned = book.crew.first(where: { self.plan.agents[$0.offset].id == book.assigned }) {
            return assigned
        }
        return book.crew.max { left, right in self.rank(left, book).lexicographicallyPrecedes(self.rank(right, book)) }
    }

    // The larger goes first: points, then priority, then the fewest in hand, then the order of the plan.
    private func rank(_ agent: AgentIndex, _ book: TaskBook) -> [Int64] {
        let profile = self.plan.agents[agent.offset]
        var level: Int64 = 0
        var importance: Int64 = 0
        for wanted in book.skills.entries {
            level += Int64(profile.skillLevels.hundredths(of: wanted.name) ?? 0) * Int64(wanted.hundredths)
            importance += Int64(wanted.hundredths)
        }
        // All agents here like all types of task equally, and a meeting does not look at speed.
        let points =
            (importance > 0 ? 100 * level / importance : 0) - 5000 * Int64(self.loads[agent.offset])
            + 10_000 * (self.successes[agent.offset] + 1) / (self.tries[agent.offset] + 2)
        return [points, Int64(profile.priority), -Int64(self.loads[agent.offset]), -Int64(agent.offset)]
    }

    // The fairness bound: ten minutes of waiting count as one level of priority, so nothing starves.
    private func level(_ book: TaskBook) -> Int64 {
        max(0, (book.readySince - self.began).microseconds) / 600_000_000 - Int64(book.priority)
    }

    func checkOrder(_ task: TaskIndex, _ book: TaskBook) throws {
        let level = self.level(book)
        for other in self.tasks.indices where self.tasks[other].place == .ready && other != task.offset {
            if self.level(self.tasks[other]) >= level || self.tasks[other].awaitsApproval { continue }
            guard self.canBeServed(self.tasks[other]) else {
                self.reached.insert(.passedWhoIsBusy)
                continue
            }
            throw self.violation("fairness: the higher level goes first", task, "before \(self.tasks[other].id)")
        }
    }
}
