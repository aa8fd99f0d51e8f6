/// Something that was said in a run, and whose word it is: the engine's own knowledge, told from events.
package struct SpokenWord: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Somebody added the task to the run.
        case asked
        /// Words that agents heard while they worked.
        case told
        /// A question was answered.
        case answered
        /// A tool brought something to an attempt, once or several times.
        case read
    }

    package let kind: Kind
    package let source: Provenance
    /// The task that it was said to; nil if it was said to everybody or to an agent.
    package let task: TaskID?
    /// The agent that it was said to, if it was said to one.
    package let agent: AgentID?
    /// What was said, in a line; of a tool nothing.
    package let text: String
    /// The first time.
    package let at: Timestamp
    package var count: Int

    /// All that was said, in order.
    ///
    /// - Parameter task: leaves out what did not concern it.
    package static func all(in facts: [Recorded], about task: TaskID? = nil) -> [SpokenWord] {
        var listener = Listener(about: task)
        for fact in facts { listener.take(fact) }
        return listener.words
    }

    package var json: JSON {
        .members(
            [
                ("kind", .string(self.kind.rawValue)), ("task", self.task.map { .string($0.text) } ?? .null),
                ("agent", self.agent.map { .string($0.text) } ?? .null),
            ] + self.source.json + [
                ("text", .string(self.text)), ("at", .string(self.at.description)),
                ("count", .integer(Int64(self.count))),
            ]
        )
    }
}

/// Hears the words of a run as its events go by.
private struct Listener {
    private struct Reading: Hashable {
        let task: TaskIndex
        let tool: String
    }

    let subject: TaskID?
    var words: [SpokenWord] = []
    private var plan = Plan(id: "none", agents: [], tasks: [])
    private var questions: [QuestionID: Question] = [:]
    private var calls: [TaskIndex: [ToolCall]] = [:]
    private var requests: [TaskIndex: StepRequest] = [:]
    private var readings: [Reading: Int] = [:]

    init(about subject: TaskID?) { self.subject = subject }

    mutating func take(_ fact: Recorded) {
        switch fact.event {
        case .created(let seed): self.plan = seed.plan
        case .tasksAdded(let specs, _): for spec in specs { self.asked(spec, fact) }
        case .delegated(let delegation): if let spec = delegation.spec { self.asked(spec, fact) }
        case .steered(let directive): self.told(directive, fact)
        case .asked(let question): self.questions[question.id] = question
        case .answered(let id, let answer): self.answered(id, answer, fact)
        case .stepOwed(let key, let request): self.requests[key.task] = request
        case .stepReturned(let key, .replied(let reply, _)): self.calls[key.task] = reply.calls
        case .stepReturned(let key, .done): self.read(key, fact)
        case .taskEnded(let task, _): (self.calls[task], self.requests[task]) = (nil, nil)
        default: break
        }
        self.plan.take(fact.event)
    }

    private mutating func asked(_ spec: TaskSpec, _ fact: Recorded) {
        let text = PlainText.line(spec.description, limit: 200)
        self.say(.asked, Provenance(fact.by), spec.id, nil, text, fact.at)
    }

    private mutating func told(_ directive: Directive, _ fact: Recorded) {
        let text = PlainText.line(directive.text.shown, limit: 200)
        let source = Provenance(directive.sender, by: fact.by)
        switch directive.audience {
        case .everyone: self.say(.told, source, nil, nil, text, fact.at)
        case .agent(let agent): self.say(.told, source, nil, self.agent(agent), text, fact.at)
        case .task(let task): self.say(.told, source, self.name(task), nil, text, fact.at)
        }
    }

    private mutating func answered(_ id: QuestionID, _ answer: Answer, _ fact: Recorded) {
        guard let question = self.questions.removeValue(forKey: id) else { return }
        let said = [answer.choice.word, answer.content == .inline(.null) ? "" : answer.content.shown, answer.note]
        let words = said.filter { !$0.isEmpty }.joined(separator: ": ")
        let text = "\(PlainText.line(question.text, limit: 200)) \(PlainText.line(words, limit: 200))"
        self.say(.answered, Provenance(fact.by), self.name(question.task), nil, text, fact.at)
    }

    private mutating func read(_ key: StepKey, _ fact: Recorded) {
        guard case .tool(let place)? = self.requests[key.task], let calls = self.calls[key.task],
            calls.indices.contains(Int(place)), self.concerns(self.name(key.task))
        else { return }
        let reading = Reading(task: key.task, tool: calls[Int(place)].tool)
        if let known = self.readings[reading] {
            self.words[known].count += 1
            return
        }
        self.readings[reading] = self.words.count
        self.say(.read, Provenance(ofTool: reading.tool), self.name(key.task), nil, "", fact.at)
    }

    private func name(_ task: TaskIndex) -> TaskID? {
        self.plan.tasks.indices.contains(task.offset) ? self.plan.tasks[task.offset].id : nil
    }

    private func agent(_ agent: AgentIndex) -> AgentID? {
        self.plan.agents.indices.contains(agent.offset) ? self.plan.agents[agent.offset].id : nil
    }

    // What is said to everybody or to an agent concerns all tasks.
    private func concerns(_ task: TaskID?) -> Bool { self.subject == nil || task == nil || task == self.subject }

    private mutating func say(
        _ kind: SpokenWord.Kind,
        _ source: Provenance,
        _ task: TaskID?,
        _ agent: AgentID?,
        _ text: String,
        _ at: Timestamp
    ) {
        guard self.concerns(task) else { return }
        self.words.append(
            SpokenWord(kind: kind, source: source, task: task, agent: agent, text: text, at: at, count: 1)
        )
    }
}
