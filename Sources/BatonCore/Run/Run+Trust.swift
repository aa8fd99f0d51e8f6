// Whose words stand behind a task: the engine knows, and what strangers have written on the web moves no hand by itself.
extension Run {
    /// Whose words the output of a task is; nil if nobody has begun it.
    package func source(of task: TaskIndex) -> Provenance? {
        guard let lead = self.record(task)?.lead, self.plan.agents.indices.contains(lead.offset) else { return nil }
        let own = Provenance(of: self.profile(lead))
        guard own == .engine, self.spec(task).pattern != nil else { return own }
        // What is joined stays the words of those who said it.
        let parts = self.graph.dependencies[task].lazy.map { TaskIndex(Int($0)) }.filter { self.whole(of: $0) == task }
        return Provenance(joining: parts.filter { self.output(of: $0) != nil }.compactMap(self.source))
    }

    /// By each task that was handed on or added on the way the one that it comes from, where it does not wait for that anyway.
    package var sources: [TaskIndex: TaskIndex] {
        var found: [TaskIndex: TaskIndex] = [:]
        for task in self.addedBy.keys {
            var name = self.plan.tasks[task.offset].delegatedBy
            if name == nil, case .agent(_, let adder)? = self.addedBy[task] { name = adder }
            guard let source = name.flatMap({ self.graph.indexes[$0] }), source != task,
                !self.graph.dependencies[task].contains(source.value)
            else { continue }
            found[task] = source
        }
        return found
    }

    /// Who added a task to the run; nil if its plan began with it, and is a person's word.
    package func asker(of task: TaskIndex) -> Provenance? { self.addedBy[task].map { Provenance($0) } }

    /// Whether what an attempt is given comes of the web: what its task needs, what was handed to it, or what was found wrong with it.
    func hasWebBehind(_ task: TaskIndex) -> Bool {
        self.tasks[task.offset].isOfWeb || self.graph.dependencies[task].contains { self.tasks[Int($0)].isOfWeb }
            || self.handed[task, default: []].contains { self.tasks[$0.offset].isOfWeb }
    }

    /// What an attempt has read marks its task.
    mutating func noteWeb(_ pattern: Pattern, _ task: TaskIndex) {
        guard case .conversation(let conversation) = pattern, conversation.isOfWeb else { return }
        self.tasks[task.offset].isOfWeb = true
        self.hasReadWeb = true
    }

    /// What an agent says to another one brings along what it has read.
    mutating func noteWeb(of by: Origin, in task: TaskIndex, _ pattern: inout Pattern) {
        guard self.bringsWeb(by), case .conversation(var conversation) = pattern else { return }
        conversation.readWeb()
        pattern = .conversation(conversation)
        self.tasks[task.offset].isOfWeb = true
    }

    /// Whether an agent that says something has read the web in the midst of its task, or those whose results it passes on.
    func bringsWeb(_ by: Origin) -> Bool {
        guard case .agent(_, let other) = by else { return false }
        return self.index(of: other).map { self.tasks[$0.offset].isOfWeb } ?? false
            || self.added(in: other).contains { self.tasks[$0.offset].isOfWeb }
    }
}
