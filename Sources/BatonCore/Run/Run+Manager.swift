// Wholes with a manager: what it answers becomes tasks, or says how blocked ones go on.
extension Run {
    /// Takes what a manager has answered in a part of its whole; says why it cannot, if so.
    mutating func takeManaged(
        _ task: TaskIndex,
        _ content: Content,
        _ now: Timestamp,
        _ out: inout Emission
    ) -> Failure? {
        guard self.plan.tasks[task.offset].partOf != nil else { return nil }
        let spec = self.spec(task)
        guard spec.isPlanning || spec.isResolving, let whole = self.whole(of: task), self.spec(whole).manager != nil
        else {
            return nil
        }
        guard let lead = self.record(task)?.lead, let output = content.inlined else {
            return Self.unplanned("its answer is longer than a plan may be")
        }
        let by = Origin.agent(self.profile(lead).id, spec.id)
        if spec.isPlanning || output["tasks"]?.elements?.isEmpty == false {
            if let failure = self.addManaged(output["tasks"], of: whole, for: spec, now, by, &out) { return failure }
        }
        if spec.isResolving { self.resolve(spec, output, now, by, &out) }
        self.settleFallen(now, .engine, &out)
        return nil
    }

    private mutating func addManaged(
        _ tasks: JSON?,
        of whole: TaskIndex,
        for part: TaskSpec,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) -> Failure? {
        do throws(Managing.Fault) {
            var specs = try Managing.specs(tasks, of: self.spec(whole), in: self.plan)
            let names = Set(specs.map(\.id))
            let needed = self.spec(whole).dependencies.filter { self.index(of: $0).flatMap(self.whole) != whole }
            let held = self.held(by: part)
            for offset in specs.indices {
                if !needed.isEmpty, !specs[offset].dependencies.contains(where: names.contains) {
                    specs[offset].dependencies += needed.filter { !specs[offset].dependencies.contains($0) }
                    specs[offset].onDependencyFailure = self.spec(whole).onDependencyFailure
                }
                if let held { specs[offset].followUps.append(held) }
                if planted(.plannedApart) { specs[offset].followUps = [] }
            }
            var all = specs
            Managing.put(&all, before: part)
            if let fault = Managing.diagnostics(of: all, in: self.plan).first { throw Managing.Fault(fault) }
            do throws(Refusal) {
                try self.refuseSpawning(specs.count, by: by)
            } catch {
                throw Managing.Fault("\(error.code): \(error.message)")
            }
            self.emit(.tasksAdded(specs), now, by, &out)
            return nil
        } catch {
            return Self.unplanned(error.words)
        }
    }

    /// What a person brings in a manager's place has to be a plan, or an answer, that can be carried out.
    func refuseManaged(_ output: JSON, in task: TaskIndex) throws(Refusal) {
        let spec = self.spec(task)
        if let fault = Managing.faults(of: output, for: spec, in: self.plan).first {
            throw Refusal(
                "question.form",
                "what task \(spec.id) brings cannot be carried out: \(fault)",
                remedy: "answer with other tasks"
            )
        }
        guard spec.isPlanning || spec.isResolving, let count = output["tasks"]?.elements?.count, count > 0,
            let lead = self.record(task)?.lead
        else { return }
        try self.refuseSpawning(count, by: .agent(self.profile(lead).id, spec.id))
    }

    static func unplanned(_ why: String) -> Failure {
        Failure(
            .blocked,
            "manager.plan",
            "the manager brought no plan that can be carried out: \(PlainText.line(why, limit: 600))",
            remedy: "say how to break it down, or skip the task"
        )
    }

    /// A manager that has brought nonsense as often as it may is helped by a person.
    func blocking(_ failure: Failure, _ task: TaskIndex) -> Failure {
        guard self.spec(task).isPlanning, failure.code == MindFailure.formCode || failure.code == OutputForm.code else {
            return failure
        }
        return Self.unplanned(failure.message)
    }

    // MARK: Blockers

    // The task that begins anew behind what a manager puts before it; one that only asks goes on where it was.
    private func held(by part: TaskSpec) -> TaskID? {
        guard let question = self.question(of: part), question.kind == .blocker else { return nil }
        return self.spec(question.task).id
    }

    private func question(of part: TaskSpec) -> Question? {
        part.asksAbout.flatMap { self.questions[$0] }
    }

    // Those that an agent has added in the midst of a task.
    package func added(in task: TaskID) -> [TaskIndex] {
        self.addedBy.filter { if case .agent(_, task) = $0.value { true } else { false } }.keys.sorted()
    }

    /// The task in which a manager was asked a question that waits for what this one brings; nil if none does.
    private func resolver(behind task: TaskIndex) -> TaskIndex? {
        guard let origin = self.addedBy[task] else { return nil }
        var part = task
        if case .agent(_, let adder) = origin, let index = self.index(of: adder) { part = index }
        guard self.spec(part).isResolving, self.question(of: self.spec(part))?.kind == .consultation else { return nil }
        return part
    }

    /// The tasks in which managers were asked what waits for one of these, which have ended.
    func resolvers(behind tasks: [TaskIndex]) -> Set<TaskIndex> {
        self.addedBy.isEmpty ? [] : Set(tasks.compactMap { self.resolver(behind: $0) })
    }

    /// What a manager has put before its answer is done: then the question is answered, with what came of it.
    mutating func answerReplanned(in part: TaskIndex, _ now: Timestamp, _ out: inout Emission) {
        guard self.phase == .running || self.phase == .paused, let question = self.question(of: self.spec(part)),
            let words = self.output(of: part)?.inlined?["words"]?.string, let lead = self.record(part)?.lead
        else { return }
        let before = self.added(in: self.spec(part).id)
        guard !before.isEmpty, before.allSatisfy({ self.tasks[$0.offset].state.isEnded }) else { return }
        let said = ([words] + before.map { self.outcome(of: $0) }).joined(separator: "\n\n")
        let by = Origin.agent(self.profile(lead).id, self.spec(part).id)
        // What does not fit any more is a person's matter.
        do throws(Refusal) {
            try self.take(Answer(.done, content: .inline(.string(said))), to: question.id, now, by, &out)
        } catch { return }
    }

    private func outcome(of task: TaskIndex) -> String {
        let id = self.spec(task).id
        guard let output = self.output(of: task) else { return "Task \(id): \(self.tasks[task.offset].state.word)" }
        guard let value = output.inlined else {
            return "Task \(id) has completed; its result is too long to stand here."
        }
        return "Result of \(id): \((value.string ?? value.description).prefix(Managing.longestResult))"
    }

    /// Whether a question waits for what the task brings: then the rules read it.
    package func isBeforeAnswer(_ task: TaskIndex) -> Bool { self.resolver(behind: task) != nil }

    private mutating func resolve(
        _ spec: TaskSpec,
        _ output: JSON,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        guard let question = self.question(of: spec), case let id = question.id,
            let words = output["words"]?.string, !words.isBlank
        else { return }
        guard output["action"] != "ask_person" else {
            return self.passOn(words, about: question, of: spec, now, by, &out)
        }
        if question.kind == .consultation, !self.added(in: spec.id).isEmpty { return }
        let answer = Answer(question.kind == .consultation ? .done : .again, content: .inline(.string(words)))
        // What does not fit any more is a person's matter.
        do throws(Refusal) { try self.take(answer, to: id, now, by, &out) } catch { return }
    }

    // A person who is asked in the manager's place hears what that says, and so does whoever does the task.
    private mutating func passOn(
        _ words: String,
        about question: Question,
        of spec: TaskSpec,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        do throws(Refusal) { try self.refuseDirectiveTooMany() } catch { return }
        let lead = self.index(of: spec.id).flatMap { self.record($0)?.lead }
        let origin = lead.map { Origin.agent(self.profile($0).id, spec.id) } ?? by
        let directive = self.nextDirective(.task(question.task), .inline(.string(words)), by: origin)
        self.emit(.steered(directive), now, origin, &out)
    }

    /// The manager that would be asked about a task if it had not been asked as often as it may.
    func managerOutOfRounds(for task: TaskIndex) -> AgentID? {
        guard let whole = self.manages(task), let manager = self.spec(whole).manager, !self.spec(task).isPlanning,
            !self.spec(task).isResolving, self.resolutions(of: whole).count + 1 >= self.rounds(of: manager)
        else { return nil }
        return manager
    }

    /// So often a manager is asked for one whole: once to break it down, then for blockers.
    func rounds(of manager: AgentID) -> Int {
        (self.plan.agents.first { $0.id == manager } ?? AgentProfile(id: manager)).limits.iterations
    }

    private static let mostRemembered = 10

    // Of which task it was, what held that up, and what the manager said.
    private func said(in part: TaskSpec) -> String? {
        guard let words = self.index(of: part.id).flatMap({ self.output(of: $0)?.inlined?["words"]?.string }),
            let task = part.input["task"]?.string, let blocker = part.input["blocker"]?.string
        else { return nil }
        return "\(task), \(PlainText.line(blocker, limit: 200)): \(PlainText.line(words, limit: 400))"
    }

    private func resolutions(of whole: TaskIndex) -> [TaskSpec] {
        let name = self.spec(whole).id
        return self.plan.tasks.filter { $0.partOf == name && $0.isResolving }
    }

    /// Asks the manager of a whole about what holds one of its tasks up; a person may answer before it.
    mutating func callManager(
        about id: QuestionID,
        _ task: TaskIndex,
        _ what: String,
        _ now: Timestamp,
        _ out: inout Emission
    ) {
        guard self.phase == .running || self.phase == .paused, let whole = self.manages(task),
            let manager = self.spec(whole).manager, !self.spec(task).isPlanning, !self.spec(task).isResolving
        else { return }
        let name = self.spec(whole).id
        let earlier = self.resolutions(of: whole)
        // What an agent says names no outputs, whatever stands in it.
        let blocker = Template.literal(PlainText.line(what, limit: 2000))
        let isKnown = earlier.contains {
            $0.input["task"]?.string == self.spec(task).id.text
                && $0.input["blocker"].map(Ballot.normal) == Ballot.normal(.string(blocker))
        }
        // The same twice, or more rounds than there are: then a person says how it goes on.
        guard !isKnown || planted(.managerAskedTwice), earlier.count + 1 < self.rounds(of: manager),
            self.tasks.count < PlanCheck.mostTasks
        else { return }
        var spec = TaskSpec(
            id: Managing.resolving(earlier.count + 1, of: name),
            description: Managing.resolvingWork(
                self.spec(task),
                blocker,
                of: self.spec(whole),
                self.standing(of: whole),
                earlier: earlier.suffix(Self.mostRemembered).compactMap { self.said(in: $0) }
            )
        )
        let needed = self.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { self.output(of: $0) != nil }
        spec.dependencies = needed.prefix(Managing.mostNamed).map { self.spec($0).id }
        spec.tools = Managing.tools(of: manager, self.plan.agents)
        spec.input = [
            "question": .integer(Int64(id.number)), "task": .string(self.spec(task).id.text),
            "blocker": .string(blocker),
        ]
        spec.partOf = name
        spec.followUps = [name]
        spec.assignedAgent = manager
        spec.priority = 5
        spec.produces = Managing.resolutionForm
        guard self.graph.indexes[spec.id] == nil, NameRule.fault(of: spec.id.text) == nil else { return }
        self.emit(.tasksAdded([spec]), now, .engine, &out)
    }

    // What has become of the parts of a whole, a line each.
    private func standing(of whole: TaskIndex) -> [String] {
        let parts = self.graph.dependencies[whole].map { TaskIndex(Int($0)) }.filter {
            self.whole(of: $0) == whole && !self.spec($0).isPlanning && !self.spec($0).isResolving
        }
        return parts.prefix(Managing.mostNamed).map { part in
            let words = PlainText.line(self.spec(part).description, limit: 100)
            return "\(self.spec(part).id): \(words) (\(self.tasks[part.offset].state.word))"
        }
    }

    // The nearest whole above a task that has a manager.
    private func manages(_ task: TaskIndex) -> TaskIndex? {
        var current = task
        for _ in 0..<100 {
            let spec = self.spec(current)
            guard let above = (spec.delegatedBy ?? spec.partOf).flatMap({ self.graph.indexes[$0] }) else { return nil }
            if self.spec(above).manager != nil { return above }
            current = above
        }
        return nil
    }
}
