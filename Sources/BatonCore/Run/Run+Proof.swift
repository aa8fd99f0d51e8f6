// Done is proved: what an attempt brings is a claim, until the checks of `done_when` have ended. Each is a task of the run, and the
// attempt gives its agents back until then.
extension Run {
    static let unprovedCode = "task.unproved"
    static let failedByPerson = "person.failed"

    // MARK: Claiming

    /// Whether what attempts of the task bring has to be proved.
    func wantsProof(_ task: TaskIndex) -> Bool {
        !self.plan.tasks[task.offset].doneWhen.isEmpty && !planted(.claimTakenForDone)
    }

    /// Puts what an attempt has brought to a check; says why that cannot be, if so.
    ///
    /// - Parameter place: which check of the task it is, from 0.
    mutating func prove(
        _ task: TaskIndex,
        _ place: Int,
        by workers: Assignment,
        _ now: Timestamp,
        _ out: inout Emission
    ) -> Failure? {
        let spec = self.spec(task)
        guard self.tasks.count < PlanCheck.mostTasks else {
            return Self.unproved(spec.id, "the run has no room for its checks")
        }
        let check = spec.doneWhen[place]
        var part = TaskSpec(id: self.freeCheckID(of: spec.id), description: "")
        part.delegatedBy = spec.id
        part.proves = check
        part.priority = spec.priority
        part.timeout = check.timeout
        part.estimatedHours = 0.01
        // What the words of the task name has ended, however it did.
        part.onDependencyFailure = .run
        var made: [AgentProfile] = []
        let doers = Set(workers.agents).union(self.doers(ofPartsOf: task))
        guard let agent = self.checker(of: check, for: &part, spec, workers, doers, &made) else {
            let wanted = PlainText.line(check.review ?? check.signature ?? "a checker", limit: 120)
            return Self.unproved(spec.id, "nobody but who has done it is there as \(wanted)")
        }
        part.assignedAgent = agent
        self.emit(.tasksAdded([part], made: made), now, .engine, &out)
        return nil
    }

    // Whoever did a part of a pattern has done a piece of the whole.
    private func doers(ofPartsOf task: TaskIndex) -> Set<AgentIndex> {
        guard self.spec(task).pattern != nil else { return [] }
        var found: Set<AgentIndex> = []
        for part in self.graph.dependencies[task].lazy.map({ TaskIndex(Int($0)) }) where self.whole(of: part) == task {
            if self.output(of: part) != nil, let lead = self.record(part)?.lead { found.insert(lead) }
            found.formUnion(self.doers(ofPartsOf: part))
        }
        return found
    }

    private func freeCheckID(of task: TaskID) -> TaskID {
        let stem = task.text.utf8.count < 100 ? "\(task).check" : "check"
        var number = 1
        while self.graph.indexes[TaskID("\(stem)-\(number)")] != nil { number += 1 }
        return TaskID("\(stem)-\(number)")
    }

    // Who makes a check, with the words for it; nil if nobody may.
    private func checker(
        of check: DoneCheck,
        for part: inout TaskSpec,
        _ task: TaskSpec,
        _ workers: Assignment,
        _ doers: Set<AgentIndex>,
        _ made: inout [AgentProfile]
    ) -> AgentID? {
        if let name = check.review {
            part.produces = Proving.reviewForm
            part.estimatedHours = 0.1
            let able = self.own(named: name).map { [$0] } ?? self.offers(of: name).map(\.agent)
            let reviewer = able.first { !doers.contains($0) || planted(.reviewedByItself) }.map {
                self.profile($0)
            }
            let isPerson = reviewer?.kind == .person
            part.description =
                isPerson
                ? Proving.personsReview(task, check.instructions) : Proving.reviewersWork(task, check.instructions)
            return reviewer?.id
        }
        // Whether it is proved is one answer: asking again is another attempt's matter.
        part.maxAttempts = 1
        let maker = self.profile(workers.lead)
        if check.schema != nil {
            part.description = "See whether the output of task \(Template.literal(task.id.text)) fits its schema."
            if let conductor = self.plan.agents.first(where: { $0.kind == .conductor }) { return conductor.id }
            made.append(PlanUnfolding.conductor(beside: self.plan.agents))
            return made.last?.id
        }
        if let name = check.signature {
            part.description = Proving.signersWork(task)
            if name != DoneCheck.anybody { return self.own(named: name).map { self.profile($0).id } }
        } else {
            part.description = "See whether \(Template.literal(check.words))."
        }
        var agent = AgentProfile(id: AgentID(part.id.text), name: check.signature == nil ? "a check" : "whoever signs")
        while self.plan.agents.contains(where: { $0.id == agent.id }) { agent = agent.renamed("\(agent.id)-0") }
        agent.madeBy = maker.id
        agent.type = check.signature == nil ? "command" : "person"
        agent.command = check.file.map { ["test", "-e", $0] } ?? check.command
        agent.workingDirectory = task.workingDirectory ?? maker.workingDirectory
        agent.repeatable = true
        made.append(agent)
        return agent.id
    }

    // An agent of the plan: those that agents have made for themselves prove nothing.
    private func own(named name: String) -> AgentIndex? {
        self.plan.agents.firstIndex {
            $0.madeBy == nil && $0.kind != .conductor && ($0.id.text == name || $0.name == name)
        }.map { AgentIndex($0) }
    }

    /// Whether a task that is to be added may prove the one that it is said to.
    func mayProve(_ specs: [TaskSpec]) -> Bool {
        guard let check = specs.first(where: { $0.proves != nil }) else { return true }
        guard specs.count == 1, let task = check.delegatedBy.flatMap({ self.graph.indexes[$0] }) else { return false }
        switch self.tasks[task.offset].state {
        case .running(let attempt), .stopping(let attempt, _):
            guard attempt.open == 0, attempt.pattern.result?.output != nil else { return false }
            let doneWhen = self.plan.tasks[task.offset].doneWhen
            let place = attempt.check == nil ? 0 : Int(attempt.passed) + 1
            return doneWhen.indices.contains(place) && doneWhen[place] == check.proves && self.isChecked(attempt)
        case .waiting, .scheduled, .ready, .resting, .blocked, .ended: return false
        }
    }

    /// The attempt that claims to be done waits for the check, which is the last task of the run.
    mutating func claim(by specs: [TaskSpec]) {
        guard specs.first?.proves != nil, let task = specs.first?.delegatedBy.flatMap({ self.graph.indexes[$0] }) else {
            return
        }
        switch self.tasks[task.offset].state {
        case .running(var attempt), .stopping(var attempt, _):
            if attempt.check != nil { attempt.passed += 1 }
            attempt.check = TaskIndex(self.tasks.count - 1)
            if !attempt.isAway { self.goAway(&attempt) }
            self.returning.remove(task)
            self.tasks[task.offset].state = .running(attempt)
        case .waiting, .scheduled, .ready, .resting, .blocked, .ended: return
        }
    }

    /// A person has done their own work: what they brought is a claim too.
    mutating func takePersonsWork(_ task: TaskIndex, _ content: Content, _ now: Timestamp) {
        guard case .blocked(_, var attempt?) = self.tasks[task.offset].state else { return }
        attempt.pattern = .single(.returned(.done(content, .none)))
        attempt.idleSince = now
        self.counts.withPeople -= 1
        self.counts.inHand += 1
        self.tasks[task.offset].state = .running(attempt)
    }

    // MARK: What the checks say

    /// What the task that this one proves has brought; nil if it proves none.
    package func claimed(by check: TaskIndex) -> (task: TaskIndex, output: Content)? {
        guard self.plan.tasks[check.offset].proves != nil, let task = self.delegators(of: check).first,
            case .running(let attempt) = self.tasks[task.offset].state,
            attempt.check == check, let output = attempt.pattern.result?.output
        else { return nil }
        return (task, output)
    }

    /// What an attempt claims to have done, while it is checked.
    package func claim(of task: TaskIndex) -> Content? {
        guard case .running(let attempt)? = self.record(task)?.state, attempt.check != nil else { return nil }
        return attempt.pattern.result?.output
    }

    /// Whether the check of an attempt has ended; also of one that claims nothing.
    func isChecked(_ attempt: Attempt) -> Bool {
        attempt.check.map { self.tasks[$0.offset].state.isEnded } ?? true
    }

    /// Why a check has not been passed; nil if it has.
    func refutation(by check: TaskIndex) -> String? {
        if planted(.refutedCompletes) { return nil }
        let reason: String
        switch self.tasks[check.offset].state {
        // Who leaves a check out takes the claim as it is.
        case .ended(.skipped(.person)): return nil
        case .ended(.completed(let content)):
            guard let proves = self.plan.tasks[check.offset].proves,
                let words = Proving.refutation(in: content, of: proves, isReal: self.seed.mode == .real)
            else { return nil }
            reason = words
        case .ended(.failed(let failure)): reason = failure.message
        case .ended, .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked:
            reason = ""
        }
        let words = self.plan.tasks[check.offset].proves?.words ?? ""
        return
            "not proved that \(words)\(reason.isEmpty ? "" : ": \(PlainText.of(reason, keepingLines: true).prefix(5000))")"
    }

    /// Goes on with a claim whose check has ended: to the next check, to the end, or to another attempt.
    mutating func settleClaim(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ content: Content,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        guard let check = attempt.check else { return }
        if let words = self.refutation(by: check) { return self.refute(task, attempt, check, words, now, by, &out) }
        let next = Int(attempt.passed) + 1
        guard self.plan.tasks[task.offset].doneWhen.indices.contains(next), !planted(.laterChecksForgotten) else {
            return self.end(task, .completed(content), now, by, &out)
        }
        guard let failure = self.prove(task, next, by: attempt.assignment, now, &out) else { return }
        self.fail(task, failure, attempt: attempt.number, now, by, &out)
    }

    /// A claim that is not proved: the next attempt is told why.
    private mutating func refute(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ check: TaskIndex,
        _ words: String,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let check = self.spec(check)
        if self.directives.count(where: \.sender.isRefutation) < Self.mostRefutations {
            let directive = Directive(
                number: Int32(self.directives.count + 1),
                audience: .task(task),
                text: .inline(.string(words)),
                sender: self.sender(ofRefutation: check)
            )
            self.emit(.steered(directive), now, .engine, &out)
        }
        // What could not be checked at all, no other attempt mends; nor one that joins the same parts again.
        var isFinal = self.plan.tasks[task.offset].isConducted
        if case .ended(.failed(let failure))? = self.index(of: check.id).flatMap({ self.record($0)?.state }),
            failure.kind == .permanent, check.proves?.signature == nil
        {
            isFinal = true
        }
        let failure = Self.unproved(self.spec(task).id, words, see: check.id, isFinal: isFinal)
        self.fail(task, failure, attempt: attempt.number, now, by, &out)
    }

    // A check that came to nothing is nobody's word.
    private func sender(ofRefutation check: TaskSpec) -> Directive.Sender {
        guard let index = self.index(of: check.id), let agent = check.assignedAgent else { return .check }
        switch self.tasks[index.offset].state {
        case .ended(.failed(let failure)): return failure.code == Self.failedByPerson ? .signer : .check
        case .ended(.completed):
            let isPerson = self.plan.agents.first { $0.id == agent }?.kind == .person
            return isPerson ? .signer : check.proves?.review == nil ? .check : .reviewer(agent)
        case .ended, .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: return .check
        }
    }

    private static func unproved(
        _ task: TaskID,
        _ words: String,
        see check: TaskID? = nil,
        isFinal: Bool = false
    ) -> Failure {
        Failure(
            check == nil || isFinal ? .permanent : .transient,
            Self.unprovedCode,
            "task \(task) claims to be done: \(words)",
            remedy: check.map { "see task \($0), or make the check another" }
                ?? "fork the run with another check, or leave the check out"
        )
    }
}

extension AgentProfile {
    fileprivate func renamed(_ id: String) -> AgentProfile {
        var other = self
        other.id = AgentID(id)
        return other
    }
}
