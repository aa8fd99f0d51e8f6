import OrderedCollections

/// An event as people and programs outside read it: names instead of indexes.
///
/// `baton events --json` prints these.
public struct RunEvent: Hashable, Sendable {
    /// Its place in the run.
    public let position: Int64
    /// When.
    public let at: Timestamp
    /// What kind, such as `task_ended`.
    public let kind: String
    /// The task it is about.
    public let task: TaskID?
    /// The agent who performs the attempt it is about.
    public let agent: AgentID?
    /// Everything, as docs/api.md describes it.
    public let json: JSON
    /// One line for people, without time, task and agent.
    public let summary: String
    /// What agents, managers and people say to one another with it, if they do.
    public let team: TeamEvent?
}

/// Turns facts into ``RunEvent``; remembers who leads which attempt.
package struct EventView: Sendable {
    private var plan: Plan
    private var leads: [TaskIndex: AgentIndex] = [:]
    /// What the last reply of an attempt wants to be called.
    var calls: [TaskIndex: [ToolCall]] = [:]
    /// What the attempts in hand were last asked for.
    var requests: [TaskIndex: StepRequest] = [:]
    /// Questions without an answer.
    var open: [QuestionID: TaskIndex] = [:]

    package init(plan: Plan) { self.plan = plan }

    /// Begins with the first fact of a run; nil if that is not `created`.
    package init?(_ first: Recorded) {
        guard case .created(let seed) = first.event else { return nil }
        self.plan = seed.plan
    }

    /// Takes a fact in that nobody wants to see.
    package mutating func pass(_ fact: Recorded) {
        self.plan.take(fact.event)
        self.noteCalls(of: fact.event)
        self.noteRequest(of: fact.event)
        self.noteQuestion(of: fact.event)
        switch fact.event {
        case .attemptStarted(let task, _, let assignment): self.leads[task] = assignment.lead
        case .taskEnded(let task, _): self.leads[task] = nil
        case .created, .recovered, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult, .attemptHeld,
            .taskRested, .taskFellBack,
            .taskReady, .asked, .answered, .paused, .resumed, .stopping, .ended, .tasksAdded, .delegated, .taskEdited,
            .taskReprioritized, .tasksReset, .steered, .forked:
            break
        }
    }

    package mutating func view(_ fact: Recorded) -> RunEvent {
        self.plan.take(fact.event)
        self.noteCalls(of: fact.event)
        self.noteRequest(of: fact.event)
        self.noteQuestion(of: fact.event)
        if case .attemptStarted(let task, _, let assignment) = fact.event { self.leads[task] = assignment.lead }
        let task = fact.event.task
        let lead = task.flatMap { self.leads[$0] }
        var members: [(String, JSON)] = [
            ("position", .integer(fact.position.value)), ("at", .string(fact.at.description)),
            ("kind", .string(EventCodec.kind(of: fact.event))),
        ]
        switch fact.by {
        case .engine: break
        case .person(let name): members.append(("by", .string(name)))
        case .agent(let agent, let task):
            members += [("by_agent", .string(agent.text)), ("by_task", .string(task.text))]
        }
        if let task { members.append(("task", .string(self.name(of: task)))) }
        if let lead { members.append(("agent", .string(self.name(of: lead)))) }
        members += self.fields(of: fact.event)
        members += self.provenance(of: fact)?.json ?? []
        let team = self.teamEvent(of: fact)
        if case .taskEnded(let task, _) = fact.event { self.leads[task] = nil }
        return RunEvent(
            position: fact.position.value,
            at: fact.at,
            kind: EventCodec.kind(of: fact.event),
            task: task.map { TaskID(self.name(of: $0)) },
            agent: lead.map { AgentID(self.name(of: $0)) },
            json: .object(.init(members, uniquingKeysWith: { $1 })),
            summary: self.summary(of: fact),
            team: team
        )
    }

    /// Who leads the attempt in hand.
    func lead(of task: TaskIndex) -> Provenance? {
        self.leads[task].flatMap { lead in
            self.plan.agents.indices.contains(lead.offset) ? Provenance(of: self.plan.agents[lead.offset]) : nil
        }
    }

    func name(of task: TaskIndex) -> String {
        self.plan.tasks.indices.contains(task.offset) ? self.plan.tasks[task.offset].id.text : "#\(task.value)"
    }

    func name(of agent: AgentIndex) -> String {
        self.plan.agents.indices.contains(agent.offset) ? self.plan.agents[agent.offset].id.text : "#\(agent.value)"
    }

    private func fields(of event: Event) -> [(String, JSON)] {
        switch event {
        case .created(let seed):
            [
                ("run", .string(seed.run.text)), ("project_id", .string(seed.plan.id)),
                ("title", .string(seed.plan.title)), ("mode", .string(seed.mode.rawValue)),
                ("seed", .string(String(seed.seed))), ("total_tasks", .integer(Int64(seed.plan.tasks.count))),
                ("engine", .string(seed.engine)),
            ]
        case .recovered(let engine): [("engine", .string(engine))]
        case .attemptStarted(_, let attempt, let assignment):
            [("attempt", .integer(Int64(attempt)))] + self.fields(of: assignment)
        case .stepOwed(let key, .tool(let place)):
            self.fields(of: key) + Self.fields(of: .tool(place)) + Self.fields(of: self.call(place, of: key.task))
        case .stepOwed(let key, let request): self.fields(of: key) + Self.fields(of: request)
        case .stopRequested(let key, let reason): self.fields(of: key) + Self.fields(of: reason)
        case .stepReturned(let key, let result): self.fields(of: key) + Self.fields(of: result)
        case .stepLost(let key), .staleResult(let key): self.fields(of: key)
        case .taskRested(_, let until, let failure):
            [("until", .string(until.description)), ("failure", failure.json)]
        case .taskFellBack(_, let failure): [("failure", failure.json)]
        case .taskReady, .attemptHeld, .paused, .resumed: []
        case .taskEnded(_, let end): self.fields(of: end)
        case .asked(let question): [("question", self.json(of: question))]
        case .answered(let id, let answer): [("question_id", .string(id.description))] + self.fields(of: answer)
        case .stopping(let cause): self.fields(of: cause)
        case .forked(let seed, let run, let position):
            [
                ("run", .string(seed.run.text)), ("from", .string(run.text)),
                ("from_position", .integer(position.value)), ("total_tasks", .integer(Int64(seed.plan.tasks.count))),
            ]
        case .tasksAdded(let specs, let made): Self.fields(ofAdded: specs, made)
        case .delegated(let delegation): self.fields(of: delegation)
        case .taskEdited(_, let spec): [("spec", PlanEncoder.json(spec))]
        case .taskReprioritized(_, let priority): [("priority", .integer(Int64(priority)))]
        case .tasksReset(let tasks): [("tasks", .array(tasks.map { .string(self.name(of: $0)) }))]
        case .steered(let directive): self.fields(of: directive)
        case .ended(let end): [("end", .string(end.rawValue))]
        }
    }

    private func fields(of key: StepKey) -> [(String, JSON)] {
        [
            ("attempt", .integer(Int64(key.attempt))), ("step", .integer(Int64(key.step))),
            ("delivery", .integer(Int64(key.delivery))),
        ]
    }

    private static func fields(of reason: StopReason) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("reason", .string(reason.word))]
        if case .skipped(let note) = reason, !note.isEmpty { fields.append(("note", .string(note))) }
        return fields
    }

    private static func fields(ofAdded specs: [TaskSpec], _ made: [AgentProfile]) -> [(String, JSON)] {
        let tasks = [("tasks", JSON.array(specs.map { PlanEncoder.json($0) }))]
        return made.isEmpty ? tasks : tasks + [("made", .array(made.map { PlanEncoder.json($0) }))]
    }

    private func fields(of directive: Directive) -> [(String, JSON)] {
        let text: [(String, JSON)] =
            switch directive.text {
            case .inline(let value): [("text", value)]
            case .stored(let digest, let bytes):
                [("text_sha256", .string(digest.description)), ("text_bytes", .integer(Int64(bytes)))]
            }
        return [("directive", .integer(Int64(directive.number))), ("to", .string(self.name(of: directive.audience)))]
            + Self.fields(of: directive.sender) + text
    }

    private static func fields(of sender: Directive.Sender) -> [(String, JSON)] {
        switch sender {
        case .person: []
        case .manager(let agent): [("manager", .string(agent.text))]
        case .reviewer(let agent): [("reviewer", .string(agent.text))]
        case .signer: [("signer", true)]
        case .check: [("check", true)]
        }
    }

    func name(of audience: Directive.Audience) -> String {
        switch audience {
        case .everyone: "everyone"
        case .agent(let agent): "agent \(self.name(of: agent))"
        case .task(let task): "task \(self.name(of: task))"
        }
    }

    private func fields(of assignment: Assignment) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("agents", .array(assignment.agents.map { .string(self.name(of: $0)) }))]
        if !assignment.candidates.isEmpty {
            fields.append(
                (
                    "candidates",
                    .array(
                        assignment.candidates.map {
                            ["agent": .string(self.name(of: $0.agent)), "score": .number(Double($0.score) / 10_000)]
                        }
                    )
                )
            )
        }
        if !assignment.models.isEmpty { fields.append(("models", .array(assignment.models.map(\.json)))) }
        if !assignment.gaps.isEmpty {
            fields.append(("lacking", .array(assignment.gaps.map(\.json))))
        }
        return fields
    }

    static func fields(of content: Content) -> [(String, JSON)] {
        switch content {
        case .inline(let value): [("output", value)]
        case .stored(let digest, let bytes):
            [("output_sha256", .string(digest.description)), ("output_bytes", .integer(Int64(bytes)))]
        }
    }

    private static func fields(of result: StepResult) -> [(String, JSON)] {
        let fields: [(String, JSON)] =
            switch result {
            case .done(let content, _): [("result", "done")] + Self.fields(of: content)
            case .failed(let failure, _): [("result", "failed"), ("failure", failure.json)]
            case .replied(let reply, _): [("result", "replied")] + Self.fields(of: reply)
            case .offered(let catalogue): [("result", "offered")] + Self.fields(of: catalogue)
            case .stopped: [("result", "stopped")]
            }
        var used = Self.tokenFields(of: result.usage)
        if result.usage.cpu != nil { used.append(("cpu_seconds", result.usage.cpuJSON)) }
        if result.usage.peakMemory != nil { used.append(("peak_memory_bytes", result.usage.peakMemoryJSON)) }
        if result.usage.peakMemoryBound != nil {
            used.append(("peak_memory_bound_bytes", result.usage.peakMemoryBoundJSON))
        }
        return fields + used
    }

    private func fields(of end: TaskEnd) -> [(String, JSON)] {
        let word: [(String, JSON)] = [("end", .string(end.word))]
        switch end {
        case .completed(let content): return word + Self.fields(of: content)
        case .failed(let failure): return word + [("failure", failure.json)]
        case .skipped(.dependency(let task)): return word + [("because_of", .string(self.name(of: task)))]
        case .skipped(.unanswered(let question)):
            return word + [("unanswered", .string(question.description))]
        case .skipped(.unneeded(let task)): return word + [("unneeded", .string(self.name(of: task)))]
        case .skipped(.decided): return word + [("decided", "vote")]
        case .skipped(.person(let note)): return note.isEmpty ? word : word + [("note", .string(note))]
        case .cancelled(let cause): return word + self.fields(of: cause)
        }
    }

    private func fields(of cause: StopCause) -> [(String, JSON)] {
        switch cause {
        case .person: [("cause", "person")]
        case .strict(let task): [("cause", "strict"), ("strict_task", .string(self.name(of: task)))]
        case .timeLimit: [("cause", "time_limit")]
        }
    }

    private func fields(of answer: Answer) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("choice", .string(answer.choice.word))]
        if case .assign(let agent) = answer.choice { fields.append(("assigned", .string(self.name(of: agent)))) }
        if case .raise(let limit) = answer.choice { fields.append(("limit", .integer(limit))) }
        if answer.content != .inline(.null) { fields += Self.fields(of: answer.content) }
        if !answer.note.isEmpty { fields.append(("note", .string(answer.note))) }
        return fields
    }

    /// A question as `baton inbox --json` prints it.
    package func json(of question: Question) -> JSON {
        var json: JSON = [
            "id": .string(question.id.description), "about": .string(question.kind.rawValue),
            "task": .string(self.name(of: question.task)), "text": .string(question.text),
            "options": .array(question.options.map { .string($0) }),
        ]
        if let agent = question.agent { json = json.adding("agent", .string(self.name(of: agent))) }
        if let deadline = question.deadline { json = json.adding("deadline", .string(deadline.description)) }
        if let fallback = question.fallback { json = json.adding("default", .string(fallback.rawValue)) }
        if let budget = question.budget { json = json.adding("measure", .string(budget.measure.rawValue)) }
        return json
    }

    /// A question with what was said to it.
    func json(of reply: Inquiry.Reply) -> JSON {
        var members: [(String, JSON)] = [
            ("question", self.json(of: reply.question)), ("at", .string(reply.at.description)),
        ]
        if case .person(let name) = reply.by { members.append(("by", .string(name))) }
        return .object(.init(members + self.fields(of: reply.answer), uniquingKeysWith: { $1 }))
    }

    /// The same with what one has to know to answer it.
    package static func json(of question: Question, in run: Run) -> JSON {
        let spec = run.spec(question.task)
        var context: JSON = [
            "description": .string(PlainText.line(spec.description, limit: 500)),
            "attempts": .integer(Int64(run.record(question.task)?.attempts ?? 0)),
            "priority": .integer(Int64(spec.priority)),
            "holds_up": .integer(Int64(run.held(by: question.task))),
        ]
        if let type = spec.type { context = context.adding("type", .string(type)) }
        let told = run.directives(for: question)
        if !told.isEmpty { context = context.adding("told", .array(told.map { .string($0.text.shown) })) }
        var json = EventView(plan: run.plan).json(of: question).adding("run", .string(run.id.text))
        if let at = run.askedAt[question.id] { json = json.adding("asked_at", .string(at.description)) }
        return json.adding("context", context)
    }
}

extension Event {
    /// The task it is about.
    package var task: TaskIndex? {
        switch self {
        case .attemptStarted(let task, _, _), .taskRested(let task, _, _), .taskFellBack(let task, _),
            .taskReady(let task),
            .taskEnded(let task, _), .taskEdited(let task, _), .taskReprioritized(let task, _):
            task
        case .steered(let directive): directive.task
        case .stepOwed(let key, _), .stopRequested(let key, _), .stepReturned(let key, _), .stepLost(let key),
            .staleResult(let key):
            key.task
        case .attemptHeld(let task): task
        case .delegated(let delegation): delegation.task
        case .asked(let question): question.task
        case .created, .recovered, .answered, .paused, .resumed, .stopping, .ended, .tasksAdded, .tasksReset, .forked:
            nil
        }
    }
}
