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
        guard case .running(let attempt) = self.tasks[task.offset].state, let output = content.inlined else {
            return Self.unplanned("its answer is longer than a plan may be")
        }
        let by = Origin.agent(self.profile(attempt.assignment.lead).id, spec.id)
        if spec.isPlanning || output["tasks"]?.elements?.isEmpty == false {
            if let failure = self.addManaged(output["tasks"], of: whole, now, by, &out) { return failure }
        }
        if spec.isResolving { self.resolve(spec, output, now, by, &out) }
        return nil
    }

    private mutating func addManaged(
        _ tasks: JSON?,
        of whole: TaskIndex,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) -> Failure? {
        do throws(Managing.Fault) {
            var specs = try Managing.specs(tasks, of: self.spec(whole), self.plan.agents)
            let names = Set(specs.map(\.id))
            let needed = self.spec(whole).dependencies.filter { self.index(of: $0).flatMap(self.whole) != whole }
            for offset in specs.indices where !specs[offset].dependencies.contains(where: names.contains) {
                specs[offset].dependencies += needed.filter { !specs[offset].dependencies.contains($0) }
            }
            if let fault = Managing.diagnostics(of: specs, in: self.plan).first { throw Managing.Fault(fault) }
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

    private mutating func resolve(
        _ spec: TaskSpec,
        _ output: JSON,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        guard let number = spec.input["question"]?.integer.flatMap({ Int32(exactly: $0) }),
            case let id = QuestionID(Int(number)), let question = self.questions[id], output["action"] != "ask_person",
            let words = output["words"]?.string,
            !words.isBlank
        else { return }
        let answer = Answer(question.kind == .consultation ? .done : .again, content: .inline(.string(words)))
        // What does not fit any more is a person's matter.
        do throws(Refusal) { try self.take(answer, to: id, now, by, &out) } catch { return }
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
        let earlier = self.plan.tasks.filter { $0.partOf == name && $0.isResolving }
        // What an agent says names no outputs, whatever stands in it.
        let blocker = Template.literal(PlainText.line(what, limit: 2000))
        let isKnown = earlier.contains {
            $0.input["task"]?.string == self.spec(task).id.text && $0.input["blocker"]?.string == blocker
        }
        // The same twice, or more rounds than there are: then a person says how it goes on.
        guard !isKnown, earlier.count + 1 < Managing.mostRounds, self.tasks.count < PlanCheck.mostTasks else { return }
        var spec = TaskSpec(
            id: Managing.resolving(earlier.count + 1, of: name),
            description: Managing.resolvingWork(self.spec(task).id, blocker)
        )
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
