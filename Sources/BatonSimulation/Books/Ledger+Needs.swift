import BatonCore

// What nobody needs is left out, and nothing else.
extension Ledger {
    /// Whether a task that waits for nothing more is not needed.
    func isNeedless(_ task: Int) -> Bool { self.lacksValue(task) != nil || self.isBehindLeftOut(task) }

    // The first task that has not brought what this one wants of it.
    private func lacksValue(_ task: Int) -> Int? {
        for condition in self.tasks[task].conditions {
            guard let other = self.tasks.firstIndex(where: { $0.id == condition.task }) else { continue }
            let brought = self.tasks[other].place == .completed ? self.tasks[other].end?.inlined?.integer : nil
            guard let brought, Double(brought) <= condition.most else { return other }
        }
        return nil
    }

    private func isBehindLeftOut(_ task: Int) -> Bool {
        let book = self.tasks[task]
        guard book.isWhole || book.rule != .run else { return false }
        let asked = book.needs.filter { !book.isWhole || self.tasks[$0].whole == book.id }
        return !asked.isEmpty && asked.allSatisfy { self.tasks[$0].isUnneeded || self.tasks[$0].isSpared }
    }

    func checkUnneeded(_ task: TaskIndex, _ other: TaskIndex) throws {
        let book = self.tasks[task.offset]
        guard book.place == .ready, !book.hasBegun, self.isNeedless(task.offset) else {
            throw self.violation("only what nobody needs is left out", task, "\(book.place)")
        }
        if let lacking = self.lacksValue(task.offset) {
            guard lacking == other.offset else {
                throw self.violation("why it is not needed is said", task, "\(other)")
            }
            self.reached.insert(.leftOut)
        } else {
            self.reached.insert(.branchLeftOut)
        }
    }

    // MARK: Votes

    // Of the simulator's answers those are the same that are equal.
    private func isDecided(_ whole: TaskBook, _ share: Double) -> Bool {
        let voters = self.tasks.filter { $0.whole == whole.id }
        // Whoever waits for what is down is not asked, whatever becomes of the vote.
        let open = self.tasks.indices.count { task in
            let voter = self.tasks[task]
            return voter.whole == whole.id && (!voter.place.isEnded || voter.isSpared && !self.isHindered(task))
        }
        let answers = voters.filter { $0.place == .completed }.compactMap(\.end)
        guard open > 0, !answers.isEmpty else { return false }
        let sizes = Dictionary(grouping: answers) { $0 }.map(\.value.count).sorted(by: >)
        let wanted = share * Double(voters.count) - 1e-6
        let isSure = Double(sizes[0]) >= wanted && sizes[0] > open + (sizes.count > 1 ? sizes[1] : 0)
        return isSure && 2 * answers.count >= voters.count || Double(sizes[0] + open) < wanted
            || 2 * (answers.count + open) < voters.count
    }

    /// Whether the one opens a vote again in which the other was not asked.
    func votes(_ task: Int, with spared: Int) -> Bool {
        guard let id = self.tasks[spared].whole, let whole = self.tasks.firstIndex(where: { $0.id == id }) else {
            return false
        }
        return task == whole || self.tasks[task].whole == id && self.tasks[whole].place != .completed
    }

    /// Whether the votes have been counted without it, and nobody else waits for its word.
    func isCountedOut(_ task: Int) -> Bool {
        guard let id = self.tasks[task].whole, let whole = self.tasks.firstIndex(where: { $0.id == id }),
            self.tasks[whole].isWhole, self.tasks[whole].place == .completed
        else { return false }
        return self.dependents[task].allSatisfy { $0 == whole || self.tasks[$0].whole == id && self.isCountedOut($0) }
    }

    func checkDecided(_ task: TaskIndex) throws {
        let id = self.tasks[task.offset].whole
        if let meeting = self.tasks.first(where: { $0.id == id }), meeting.isMeeting {
            guard self.isOver(meeting) else {
                throw self.violation("a meeting is over when nothing is left to say", task)
            }
            self.reached.insert(.meetingOver)
            return
        }
        guard let whole = self.tasks.first(where: { $0.id == id }), let share = whole.earlyShare,
            self.isDecided(whole, share)
        else { throw self.violation("only what can change nothing is not asked", task) }
        self.reached.insert(.voteDecided)
    }

    /// Whoever could change nothing has been told to stop.
    func checkVotes() throws {
        guard self.phase == .running || self.phase == .paused else { return }
        for whole in self.tasks where whole.isMeeting && !whole.place.isEnded && self.isOver(whole) {
            for (offset, speaker) in self.tasks.enumerated()
            where speaker.whole == whole.id && speaker.form == .utterance {
                if speaker.place.isEnded { continue }
                if case .stopping = speaker.place { continue }
                throw self.violation("nobody speaks in a meeting that is over", TaskIndex(offset), "\(speaker.place)")
            }
        }
        for whole in self.tasks {
            guard !whole.place.isEnded, let share = whole.earlyShare, self.isDecided(whole, share) else { continue }
            for (offset, voter) in self.tasks.enumerated() where voter.whole == whole.id {
                if voter.place.isEnded { continue }
                if case .stopping = voter.place { continue }
                throw self.violation("a vote that is decided asks nobody", TaskIndex(offset), "\(voter.place)")
            }
        }
    }

    func isHeardInVote(_ book: TaskBook) -> Bool {
        guard let id = book.whole, let whole = self.tasks.first(where: { $0.id == id }) else { return false }
        return (whole.isVote || whole.isMeeting) && whole.place == .completed
    }

    // MARK: Meetings

    // Round by round, as far as all have spoken in them: whoever leads it or silence ends an item, and so do its rounds.
    private func isOver(_ whole: TaskBook) -> Bool {
        let speakers = self.tasks.filter { $0.whole == whole.id && $0.form == .utterance }
        let turns = Dictionary(grouping: speakers) { Self.turn(of: $0.id) }
        guard turns.values.joined().contains(where: { !$0.place.isEnded || $0.isSpared }) else { return false }
        var (left, spent) = (max(1, whole.items), 0)
        let most = whole.items > 0 ? max(whole.rounds, whole.items) / whole.items : .max
        for turn in turns.keys.sorted() {
            let round = turns[turn] ?? []
            guard round.allSatisfy({ $0.place.isEnded && !$0.isSpared }) else { return false }
            spent += 1
            let words = round.map { $0.place == .completed ? $0.end?.inlined?.string ?? "a number" : "PASS" }
            let isSilent = words.allSatisfy { $0 == "PASS" }
            let isClosed = zip(round, words).contains { $0.assigned == whole.leader && $1.hasSuffix("\nNEXT") }
            if isSilent || whole.items > 0 && (isClosed || spent >= most) { (left, spent) = (left - 1, 0) }
            if left == 0 { return true }
        }
        return false
    }

    private static func turn(of task: TaskID) -> Int {
        Int(task.text.split(separator: ".").last?.dropFirst() ?? "") ?? 0
    }
}
