import BatonCore

// Work that agents hand to others: it is a task, within all limits, and whoever asked for it hears how it ended.
extension Ledger {
    /// The tool by which agents hand work on.
    static let delegate = "delegate"

    func delegated(_ delegation: Delegation, _ fact: Recorded) throws {
        let task = delegation.task
        let book = self.tasks[task.offset]
        guard book.place == .running, !book.isOut, let talk = book.talk, case .tool(let first) = talk.next,
            Int(delegation.place) == Int(first) + book.handedOn.count,
            talk.tools[Int(delegation.place)] == Ledger.delegate
        else { throw self.violation("who hands work on has a call to make", task, "\(delegation.place)") }
        guard self.phase == .running else { throw self.violation("I-30 a paused run hands nothing on", task) }
        switch delegation.verdict {
        case .refused(let words):
            self.reached.insert(.delegationRefused)
            self.tasks[task.offset].handedOn[delegation.place] = .ended
            self.tasks[task.offset].talk?.saidBytes += Int64(words.utf8.count)
        case .granted(let spec, let made, _):
            try self.checkGranted(spec, made, task, book)
            try self.grow(spec, made, fact)
            self.tasks[task.offset].handedOn[delegation.place] = .open(self.tasks.count - 1)
            self.goAway(task)
        }
        self.takeHandedOn(task)
    }

    // I-20: nobody who waits for it is asked to do it. I-67: a made agent has no tool that its maker has not.
    private func checkGranted(_ spec: TaskSpec, _ made: AgentProfile?, _ task: TaskIndex, _ book: TaskBook) throws {
        guard spec.delegatedBy == book.id else { throw self.violation("a task knows who handed it on", task) }
        if let made {
            self.reached.insert(.delegatedToMade)
            let own = book.lead.map { self.plan.agents[$0.offset].tools } ?? []
            guard made.tools.allSatisfy(own.contains), made.madeBy == book.lead.map({ self.plan.agents[$0.offset].id })
            else { throw self.violation("I-67 children get a subset of the tools", task, "\(made.tools)") }
            return
        }
        self.reached.insert(.delegated)
        let waiting = ([task.offset] + self.above(task.offset)).compactMap { self.tasks[$0].lead }
        guard let agent = self.plan.agents.firstIndex(where: { $0.id == spec.assignedAgent }),
            !waiting.contains(AgentIndex(agent)), self.plan.agents[agent].available
        else { throw self.violation("I-20 nobody waits for himself", task, "\(spec.id)") }
    }

    private func grow(_ spec: TaskSpec, _ made: AgentProfile?, _ fact: Recorded) throws {
        self.join(made.map { [$0] } ?? [])
        try self.added([spec], fact)
        if self.above(self.tasks.count - 1).count > 1 { self.reached.insert(.delegatedOn) }
    }

    /// Agents that were made for tasks.
    func join(_ made: [AgentProfile]) {
        for agent in made {
            self.plan.agents.append(agent)
            self.loads.append(0)
            self.shares.append(agent.maxConcurrentTasks)
            self.tries.append(0)
            self.successes.append(0)
        }
    }

    /// The tasks whose agents handed this one on, the nearest first.
    func above(_ task: Int) -> [Int] {
        var found: [Int] = []
        var current = task
        while let id = self.tasks[current].delegator, let next = self.tasks.firstIndex(where: { $0.id == id }),
            !found.contains(next)
        {
            found.append(next)
            current = next
        }
        return found
    }

    /// The agents that made this one, the nearest first.
    func makers(of agent: AgentIndex) -> [AgentIndex] {
        var found: [AgentIndex] = []
        var current = agent
        while let id = self.plan.agents[current.offset].madeBy,
            let next = self.plan.agents.firstIndex(where: { $0.id == id }), !found.contains(AgentIndex(next))
        {
            found.append(AgentIndex(next))
            current = AgentIndex(next)
        }
        return found
    }

    func goAway(_ task: TaskIndex) {
        guard !self.tasks[task.offset].isAway else { return }
        self.tasks[task.offset].isAway = true
        self.inHand -= 1
        for agent in self.tasks[task.offset].agents { self.loads[agent.offset] -= 1 }
    }

    /// It goes on, with its agents.
    func comeBack(_ task: TaskIndex) throws {
        let book = self.tasks[task.offset]
        guard book.handedOn.isEmpty else { throw self.violation("who waits for others does not go on", task) }
        self.tasks[task.offset].isAway = false
        self.inHand += 1
        for agent in book.agents {
            guard self.hasRoom(agent) else {
                throw self.violation("capacity of an agent", task, "agent \(agent.offset)")
            }
            self.loads[agent.offset] += 1
        }
        if self.inHand + self.withPeople > self.largestInHand {
            throw self.violation("capacity of the run", task, "\(self.inHand) and \(self.withPeople)")
        }
    }

    /// Whoever handed it on hears how it ended.
    func tellAbove(_ task: TaskIndex, _ end: TaskEnd) {
        guard let above = self.above(task.offset).first,
            let place = self.tasks[above].handedOn.first(where: { $0.value == .open(task.offset) })?.key
        else { return }
        switch end {
        case .completed(let content): self.tasks[above].talk?.saidBytes += content.bytes
        case .failed(let failure):
            self.reached.insert(.delegatorToldOfFailure)
            self.tasks[above].talk?.saidBytes += Int64(failure.message.utf8.count)
        case .skipped, .cancelled: break
        }
        self.tasks[above].handedOn[place] = .ended
        self.takeHandedOn(TaskIndex(above))
    }

    private func takeHandedOn(_ task: TaskIndex) {
        let book = self.tasks[task.offset]
        guard !book.handedOn.isEmpty, book.handedOn.values.allSatisfy({ $0 == .ended }),
            let last = book.handedOn.keys.max()
        else { return }
        self.tasks[task.offset].handedOn = [:]
        self.goOn(task, from: Int(last) + 1)
    }

    /// Whether an attempt of a task waits for the other one.
    func waits(_ above: Int, for part: Int) -> Bool {
        self.tasks[above].handedOn.values.contains(.open(part)) || self.tasks[above].checks.last == part
    }

    /// Whether it waits for what it has handed on, or for room to go on.
    func waitsForOthers(_ task: Int) -> Bool {
        self.tasks[task].place == .running && (!self.tasks[task].handedOn.isEmpty || self.tasks[task].isAway)
    }

    /// Whether it could go on within so many slots.
    func mayReturn(_ task: Int, _ slots: Int) -> Bool {
        let book = self.tasks[task]
        guard self.phase == .running, book.place == .running, book.isAway, book.handedOn.isEmpty,
            book.checks.suffix(1).allSatisfy({ self.tasks[$0].place.isEnded }),
            !self.waitsForMoney(task), !self.waitsForWord(task)
        else { return false }
        return self.inHand < slots && self.inHand + self.withPeople < self.largestInHand
            && book.agents.allSatisfy { self.hasRoom($0) }
    }
}
