// Patterns: their parts are tasks, and what fails among them is the pattern's own matter.
extension Run {
    /// The task whose pattern this one is a part of.
    package func whole(of part: TaskIndex) -> TaskIndex? {
        self.plan.tasks[part.offset].partOf.flatMap { self.graph.indexes[$0] }
    }

    /// Whether it votes in a consensus, or speaks in a meeting, that has come to its end: how its parts ended is in its result.
    func isHeardInVote(_ task: TaskIndex) -> Bool {
        guard let whole = self.whole(of: task),
            self.spec(whole).pattern == .consensus || self.spec(whole).pattern == .meeting
        else { return false }
        return self.output(of: whole) != nil
    }

    /// Whether nobody would hear of a part any more: its pattern has been joined, and nothing else needs it.
    package func isCountedOut(_ task: TaskIndex) -> Bool {
        guard let whole = self.whole(of: task), self.output(of: whole) != nil else { return false }
        return self.graph.dependents[task].map { TaskIndex(Int($0)) }.allSatisfy {
            $0 == whole || self.whole(of: $0) == whole && self.isCountedOut($0)
        }
    }

    /// The parts of a pattern, and theirs, that nothing else needs, each before those it waits for.
    func partsOnly(for whole: TaskIndex) -> [TaskIndex] {
        guard self.spec(whole).pattern != nil else { return [] }
        var found: Set<TaskIndex> = [whole]
        return self.graph.topologicalOrder().reversed().filter { task in
            guard self.isWithin(task, whole),
                self.graph.dependents[task].allSatisfy({ found.contains(TaskIndex(Int($0))) })
            else { return false }
            found.insert(task)
            return true
        }
    }

    /// What the parts of a pattern brought, as far as it stands in the run itself; in the plan's order.
    func partResults(of whole: TaskIndex) -> [PartResult] {
        self.graph.dependencies[whole].map { TaskIndex(Int($0)) }.filter { self.whole(of: $0) == whole }.map { part in
            let output = self.output(of: part).map { $0.inlined ?? .null }
            let state = self.tasks[part.offset].state
            let end: TaskEnd? = if case .ended(let end) = state { end } else { nil }
            return PartResult(
                of: self.spec(part),
                in: self.spec(whole),
                agents: self.plan.agents,
                output: output,
                shortfall: output == nil ? end?.shortfall ?? state.word : nil
            )
        }
    }

    // As a part of it, or of a pattern that is one.
    private func isWithin(_ task: TaskIndex, _ whole: TaskIndex) -> Bool {
        var current = task
        for _ in 0..<100 {
            guard let above = self.whole(of: current) else { return false }
            if above == whole { return true }
            current = above
        }
        return false
    }

    // Who is blocked begins anew when what its manager put before it has ended, however that did: it is told.
    private func isPut(_ other: TaskIndex, before task: TaskIndex) -> Bool {
        guard !self.addedBy.isEmpty, case .agent(_, let adder)? = self.addedBy[other], let part = self.index(of: adder)
        else { return false }
        return self.spec(part).isResolving && self.spec(part).input["task"] == .string(self.spec(task).id.text)
    }

    /// What happens to a task when that one, which it needs, has not completed.
    ///
    /// A pattern is told how each of its parts ended. A step of a sequence is told of those before it, unless the sequence ends with one.
    package func rule(of task: TaskIndex, without other: TaskIndex) -> TaskSpec.DependencyFailureRule {
        let own = self.plan.tasks[task.offset].onDependencyFailure
        // What nobody needed keeps nobody waiting.
        if self.wasLeftOut(other) { return .run }
        if self.isPut(other, before: task) { return .run }
        guard let whole = self.whole(of: other) else { return own }
        // In a meeting that was never opened nobody speaks.
        if whole != task, self.plan.tasks[other.offset].isOpening { return .skip }
        // Without a plan there is nothing to join.
        if whole == task, self.plan.tasks[other.offset].isPlanning { return .fail }
        if whole == task { return planted(.patternFallsWithPart) ? own : .run }
        guard self.spec(whole).pattern == .sequential, self.isWithin(task, whole) else { return own }
        return self.spec(other).strict && !planted(.strictStepIgnored) || self.wasGivenUp(other) ? .skip : .run
    }
}
