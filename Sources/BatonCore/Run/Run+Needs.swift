// What nobody needs is left out: tasks whose conditions do not hold, and voters whose word can change nothing any more.
extension Run {
    /// The task whose outcome says that this one, which waits for nothing more, is not needed; nil if it is.
    ///
    /// What stand-ins return is made up: a rehearsal plays every branch.
    func needlessness(of task: TaskIndex) -> TaskIndex? {
        guard self.seed.mode == .real else { return nil }
        let spec = self.plan.tasks[task.offset]
        for condition in spec.conditions where !planted(.conditionIgnored) {
            guard let other = self.graph.indexes[condition.task] else { continue }
            if !condition.isMet(by: self.output(of: other)) { return other }
        }
        return self.branchLeftOut(before: task, spec)
    }

    // It needed nothing but what was left out: so nobody needs it either. A pattern asks its parts alone.
    private func branchLeftOut(before task: TaskIndex, _ spec: TaskSpec) -> TaskIndex? {
        let needed = self.graph.dependencies[task]
        guard spec.pattern != nil || needed.first.map({ self.wasLeftOut(TaskIndex(Int($0))) }) ?? false,
            spec.onDependencyFailure != .run || spec.pattern != nil, !planted(.branchNotLeftOut)
        else { return nil }
        let asked = needed.map { TaskIndex(Int($0)) }.filter { spec.pattern == nil || self.whole(of: $0) == task }
        return asked.allSatisfy(self.wasLeftOut) ? asked.first : nil
    }

    /// Whether nobody needed it, so that it keeps nobody waiting.
    package func wasLeftOut(_ task: TaskIndex) -> Bool {
        switch self.tasks[task.offset].state {
        case .ended(.skipped(.unneeded)), .ended(.skipped(.decided)): true
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: false
        }
    }

    /// Ends what became ready and is not needed, and what is not needed because of that.
    mutating func leaveOutUnneeded(_ now: Timestamp, _ out: inout Emission) {
        let isReady = { (task: TaskIndex, run: Run) in run.tasks[task.offset].state == .ready }
        while let (task, reason) = self.unneeded.filter({ isReady($0.key, self) }).min(by: { $0.key < $1.key }) {
            self.end(task, .skipped(.unneeded(reason)), now, .engine, &out)
        }
    }

    // MARK: Votes

    /// Asks nobody any more in a vote whose outcome cannot change, now that this part of it has ended, or might begin again.
    mutating func stopVote(after part: TaskIndex, _ now: Timestamp, _ out: inout Emission) {
        guard let whole = self.whole(of: part), !self.tasks[whole.offset].state.isEnded,
            self.phase == .running || self.phase == .paused
        else { return }
        let spec = self.spec(whole)
        if spec.pattern == .meeting {
            for speaker in self.speakersToSpare(in: whole) { self.spare(speaker, now, &out) }
        }
        guard spec.stopsEarly, spec.pattern == .consensus, spec.judge == nil else { return }
        for voter in self.votersToSpare(in: whole) { self.spare(voter, now, &out) }
    }

    /// Votes that are decided already ask nobody anew.
    mutating func settleVotes(_ now: Timestamp, _ out: inout Emission) {
        for vote in self.graph.votes {
            if let voter = self.graph.dependencies[vote].first(where: { self.whole(of: TaskIndex(Int($0))) == vote }) {
                self.stopVote(after: TaskIndex(Int(voter)), now, &out)
            }
        }
    }

    /// The voters that were not asked in votes which those tasks open again.
    func spared(beside tasks: Set<TaskIndex>) -> [TaskIndex] {
        // Whoever was spared is asked, also if the vote does not end early any more.
        let votes = Set(tasks.compactMap { self.spec($0).sparesParts ? $0 : self.whole(of: $0) }).filter {
            self.spec($0).sparesParts && (tasks.contains($0) || self.output(of: $0) == nil)
        }
        return votes.sorted().flatMap { vote in
            self.graph.dependencies[vote].map { TaskIndex(Int($0)) }.filter { voter in
                guard case .ended(.skipped(.decided)) = self.tasks[voter.offset].state else { return false }
                return self.whole(of: voter) == vote
            }
        }
    }

    // All who have not spoken when what was said in the rounds that are over ends the meeting.
    private func speakersToSpare(in whole: TaskIndex) -> [TaskIndex] {
        guard !planted(.meetingNeverEnds) else { return [] }
        let speakers = self.graph.dependencies[whole].map { TaskIndex(Int($0)) }.filter {
            self.whole(of: $0) == whole && !self.spec($0).isOpening
        }
        let open = speakers.filter { !self.tasks[$0.offset].state.isEnded }
        guard !open.isEmpty else { return [] }
        let rounds = Dictionary(grouping: speakers) { Talk.round(of: self.spec($0).id) }
        let next = open.map { Talk.round(of: self.spec($0).id) }.min() ?? 1
        let said = (1..<max(1, next)).map { round in
            (rounds[round] ?? []).map { speaker in
                let output = self.output(of: speaker)
                // What is too long to stand here is no pass.
                let text = output.map { $0.inlined.map(Minutes.words) ?? "(long)" }
                return Meeting.Utterance(agent: self.spec(speaker).assignedAgent, text: text)
            }
        }
        return !said.isEmpty && Meeting(of: self.spec(whole)).standing(after: said).end != nil ? open : []
    }

    // Within the last round those who have not answered, between two rounds all of those that follow.
    private func votersToSpare(in whole: TaskIndex) -> [TaskIndex] {
        let spec = self.spec(whole)
        let voters = self.graph.dependencies[whole].map { TaskIndex(Int($0)) }.filter { self.whole(of: $0) == whole }
        let isOpen = { (voter: TaskIndex) in !self.tasks[voter.offset].state.isEnded }
        guard voters.contains(where: isOpen),
            voters.allSatisfy({ self.output(of: $0).map { $0.inlined != nil } ?? true })
        else { return [] }
        // A name that looks like a round is none where there is only one.
        let hasRounds = spec.rounds ?? 1 > 1
        let rounds = Dictionary(grouping: voters) { hasRounds ? Talk.round(of: self.spec($0).id) : 1 }
        let last = rounds.keys.max() ?? 1
        guard let current = rounds.filter({ $0.value.contains(where: isOpen) }).keys.min() else { return [] }
        // A round that is over is looked at before the next one speaks.
        let looked = rounds[current]?.allSatisfy(isOpen) == true && current > 1 ? current - 1 : current
        let names = Set((rounds[looked] ?? []).map { self.spec($0).id })
        let parts = self.partResults(of: whole).filter { names.contains($0.task) }
        let ballot = Ballot(
            parts,
            minAgreement: spec.minAgreement ?? Ballot.usualAgreement,
            judged: nil,
            form: spec.produces
        )
        let open = voters.filter(isOpen)
        if looked < current { return ballot.winner == nil ? [] : open }
        let isDecided = looked == last && ballot.isDecided(without: Set(open.map { self.spec($0).id }))
        return isDecided ? open : []
    }

    private mutating func spare(_ voter: TaskIndex, _ now: Timestamp, _ out: inout Emission) {
        switch self.tasks[voter.offset].state {
        case .waiting, .scheduled, .ready, .resting, .blocked: self.end(voter, .skipped(.decided), now, .engine, &out)
        case .running(let attempt) where attempt.open == 0:
            self.end(voter, .skipped(.decided), now, .engine, &out)
        case .running:
            for key in self.owed.keys.sorted() where key.task == voter {
                self.emit(.stopRequested(key, .decided), now, .engine, &out)
            }
        case .stopping, .ended: return
        }
    }
}

extension TaskSpec {
    /// Whether it may be over before all of its parts were asked.
    fileprivate var sparesParts: Bool { self.pattern == .consensus || self.pattern == .meeting }
}

extension Command {
    /// Whether tasks may begin anew with it.
    var beginsAnew: Bool {
        switch self {
        case .fork, .retry, .edit, .add: true
        case .returned, .slots, .shares, .tick, .recovered, .answer, .pause, .resume, .cancel, .skip, .reprioritize,
            .steer:
            false
        }
    }
}
