// The fields of events, one function for each shape that more than one event has.
extension JSONWriter {
    mutating func field(_ name: StaticString, _ value: Int32) {
        self.field(name, Int64(value))
    }

    mutating func text(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        self.string(value)
    }

    mutating func key(_ key: StepKey) {
        self.field("task", key.task.value)
        self.field("attempt", key.attempt)
        self.field("step", key.step)
        self.field("delivery", key.delivery)
    }

    mutating func seed(_ seed: RunSeed) {
        self.text("run", seed.run.text)
        self.text("plan", seed.stored.description)
        // 64 bits do not fit every reader's numbers.
        self.text("seed", String(seed.seed))
        self.text("mode", seed.mode.rawValue)
        self.text("engine", seed.engine)
        guard !seed.prices.isEmpty else { return }
        self.name("prices")
        self.value(seed.prices.stored)
    }

    mutating func assignment(_ assignment: Assignment) {
        self.field("lead", assignment.lead.value)
        if !assignment.agents.elementsEqual([assignment.lead]) {
            self.name("agents")
            self.array { writer in for agent in assignment.agents { writer.integer(Int64(agent.value)) } }
        }
        if !assignment.candidates.isEmpty {
            self.name("candidates")
            self.array { writer in
                for candidate in assignment.candidates {
                    writer.array { writer in
                        writer.integer(Int64(candidate.agent.value))
                        writer.integer(candidate.score)
                    }
                }
            }
        }
        if !assignment.models.isEmpty {
            self.name("models")
            self.array { writer in for model in assignment.models { writer.object { $0.weighed(model) } } }
        }
        guard !assignment.gaps.isEmpty else { return }
        self.name("gaps")
        self.array { writer in
            for gap in assignment.gaps {
                writer.object { writer in
                    writer.text("skill", gap.skill)
                    writer.field("has", Int32(truncatingIfNeeded: gap.has))
                    writer.field("needs", Int32(truncatingIfNeeded: gap.needs))
                }
            }
        }
    }

    mutating func delegation(_ delegation: Delegation) {
        self.field("task", delegation.task.value)
        self.field("call", delegation.place)
        switch delegation.verdict {
        case .refused(let words): self.text("refusal", words)
        case .granted(let spec, let made, let weighed):
            self.name("spec")
            PlanEncoder.write(spec, to: &self)
            if let made {
                self.name("made")
                PlanEncoder.write(made, to: &self)
            }
            guard !weighed.isEmpty else { return }
            self.name("weighed")
            self.array { writer in for agent in weighed { writer.object { $0.weighed(agent) } } }
        }
    }

    private mutating func weighed(_ agent: Delegation.Candidate) {
        self.field("agent", Int64(agent.agent.value))
        if let cost = agent.cost { self.field("micro_usd", cost.microUSD) }
        if let time = agent.time { self.field("microseconds", time.microseconds) }
        for (name, isSo) in [("measured", agent.isMeasured), ("busy", agent.isBusy)] as [(StaticString, Bool)]
        where isSo {
            self.name(name)
            self.bool(true)
        }
    }

    private mutating func weighed(_ model: ModelChoice.Candidate) {
        self.text("model", model.model)
        if let cost = model.cost { self.field("micro_usd", cost.microUSD) }
        if model.record.good != 0 { self.field("good", model.record.good) }
        if model.record.attempts != 0 { self.field("attempts", model.record.attempts) }
    }

    mutating func content(_ content: Content) {
        switch content {
        case .inline(.null): break
        case .inline(let value):
            self.name("value")
            self.value(value)
        case .stored(let digest, let bytes):
            self.text("stored", digest.description)
            self.field("bytes", Int64(bytes))
        }
    }

    mutating func request(_ request: StepRequest) {
        self.text("request", request.word)
        switch request {
        case .perform, .catalogue: break
        case .model(let call):
            if call.choice != 0 { self.field("choice", call.choice) }
            if call.told != 0 { self.field("told", call.told) }
            if call.again != 0 { self.field("again", call.again) }
            if call.cleared != 0 { self.field("cleared", call.cleared) }
            if let reserved = call.reserved {
                self.field("reserved_micro_usd", reserved.money.microUSD)
                self.field("reserved_tokens", reserved.tokens)
            }
        case .tool(let call): self.field("call", call)
        }
    }

    private mutating func reply(_ reply: Reply) {
        self.text("model", reply.model)
        if let answerer = reply.answerer { self.text("answerer", answerer) }
        self.text("stop", reply.stop.rawValue)
        if reply.sharers != 1 { self.field("sharers", reply.sharers) }
        self.content(reply.text)
        if reply.output != reply.text {
            self.name("output")
            self.object { $0.content(reply.output) }
        }
        if !reply.faults.isEmpty {
            self.name("faults")
            self.array { writer in for fault in reply.faults { writer.string(fault) } }
        }
        guard !reply.calls.isEmpty else { return }
        self.name("calls")
        self.array { writer in
            for call in reply.calls {
                writer.object { writer in
                    writer.text("id", call.id)
                    writer.text("tool", call.tool)
                    writer.text("fault", call.fault)
                    writer.content(call.input)
                }
            }
        }
    }

    private mutating func catalogue(_ catalogue: Catalogue) {
        self.content(catalogue.content)
        self.name("tools")
        self.array { writer in
            for tool in catalogue.tools {
                writer.object { writer in
                    writer.text("name", tool.name)
                    writer.text("source", tool.source)
                    if tool.isRepeatable {
                        writer.name("repeatable")
                        writer.bool(true)
                    }
                }
            }
        }
    }

    mutating func result(_ result: StepResult) {
        switch result {
        case .done(let content, _):
            self.text("result", "done")
            self.content(content)
        case .replied(let reply, _):
            self.text("result", "replied")
            self.reply(reply)
        case .offered(let catalogue):
            self.text("result", "offered")
            self.catalogue(catalogue)
        case .failed(let failure, _):
            self.text("result", "failed")
            self.name("failure")
            self.failure(failure)
        case .stopped: self.text("result", "stopped")
        }
        let usage = result.usage
        if usage.money != .zero {
            self.field("micro_usd", usage.money.microUSD)
        }
        if usage.tokens != 0 {
            self.field("tokens", usage.tokens)
        }
        if let kinds = usage.tokenKinds {
            self.name("token_kinds")
            self.array { writer in for count in kinds.counts { writer.integer(count) } }
            if kinds.isEstimated {
                self.name("tokens_estimated")
                self.bool(true)
            }
        }
        if usage.saved != .zero {
            self.field("saved_micro_usd", usage.saved.microUSD)
        }
        if usage.isUnpriced {
            self.name("unpriced")
            self.bool(true)
        }
        if let cpu = usage.cpu {
            self.field("cpu_microseconds", cpu.microseconds)
        }
        if let memory = usage.peakMemory {
            self.field("peak_memory_bytes", memory)
        }
        if let bound = usage.peakMemoryBound {
            self.field("peak_memory_bound_bytes", bound)
        }
    }

    mutating func failure(_ failure: Failure) {
        self.object { writer in
            writer.text("class", failure.kind.rawValue)
            writer.text("code", failure.code)
            writer.text("message", failure.message)
            writer.text("remedy", failure.remedy)
            if !failure.causes.isEmpty {
                writer.name("causes")
                writer.array { writer in for cause in failure.causes { writer.string(cause) } }
            }
            writer.text("stderr", failure.stderrTail)
            if let wait = failure.retryAfter {
                writer.field("retry_after", wait.microseconds)
            }
        }
    }

    mutating func end(_ end: TaskEnd) {
        self.text("end", end.word)
        switch end {
        case .completed(let content): self.content(content)
        case .failed(let failure):
            self.name("failure")
            self.failure(failure)
        case .skipped(.dependency(let task)): self.field("because_of", task.value)
        case .skipped(.unanswered(let id)): self.field("unanswered", Int64(id.number))
        case .skipped(.unneeded(let task)): self.field("unneeded", task.value)
        case .skipped(.decided): self.text("decided", "vote")
        case .skipped(.person(let note)): if !note.isEmpty { self.text("note", note) }
        case .cancelled(let cause): self.cause(cause)
        }
    }

    mutating func cause(_ cause: StopCause) {
        switch cause {
        case .person: self.text("cause", "person")
        case .strict(let task):
            self.text("cause", "strict")
            self.field("strict_task", task.value)
        case .timeLimit: self.text("cause", "time_limit")
        }
    }

    mutating func reason(_ reason: StopReason) {
        self.text("reason", reason.word)
        if case .skipped(let note) = reason, !note.isEmpty { self.text("note", note) }
    }

    mutating func tasks(_ tasks: [TaskIndex]) {
        self.name("tasks")
        self.array { writer in for task in tasks { writer.integer(Int64(task.value)) } }
    }

    mutating func directive(_ directive: Directive) {
        self.field("directive", directive.number)
        switch directive.audience {
        case .everyone: self.text("to", "everyone")
        case .agent(let agent):
            self.text("to", "agent")
            self.field("agent", agent.value)
        case .task(let task):
            self.text("to", "task")
            self.field("task", task.value)
        }
        switch directive.sender {
        case .person: break
        case .manager(let agent): self.text("manager", agent.text)
        case .reviewer(let agent): self.text("reviewer", agent.text)
        case .signer:
            self.name("signer")
            self.bool(true)
        case .check:
            self.name("check")
            self.bool(true)
        }
        self.content(directive.text)
    }

    mutating func question(_ question: Question) {
        self.field("question", Int64(question.id.number))
        self.text("about", question.kind.rawValue)
        self.field("task", question.task.value)
        if let agent = question.agent { self.field("agent", agent.value) }
        self.text("text", question.text)
        if !question.options.isEmpty {
            self.name("options")
            self.array { writer in for option in question.options { writer.string(option) } }
        }
        if let deadline = question.deadline {
            self.field("deadline", deadline.microseconds)
        }
        if let fallback = question.fallback { self.text("fallback", fallback.rawValue) }
        guard let budget = question.budget else { return }
        self.text("measure", budget.measure.rawValue)
        switch budget.scope {
        case .run: self.text("budget_of", "run")
        case .agent(let agent):
            self.text("budget_of", "agent")
            self.field("budget_agent", agent.value)
        case .task(let task):
            self.text("budget_of", "task")
            if task != question.task { self.field("budget_task", task.value) }
        }
    }

    mutating func answer(_ answer: Answer) {
        self.text("choice", answer.choice.word)
        if case .assign(let agent) = answer.choice { self.field("agent", agent.value) }
        if case .raise(let limit) = answer.choice { self.field("limit", limit) }
        self.content(answer.content)
        if !answer.note.isEmpty { self.text("note", answer.note) }
    }
}
