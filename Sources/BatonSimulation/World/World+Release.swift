import BatonCore

// What leaves the engine once it is stored: calls, stops, replies.
extension World {
    mutating func reply(_ replies: [SimulatedEngine.Reply]) {
        for reply in replies where !reply.isRefused {
            guard let ledger = self.ledgers[reply.run] else { continue }
            let offset = Int(reply.position) - 1
            if self.journal.rows[reply.run].facts.indices.contains(offset) {
                self.ledgers[reply.run]?.acknowledge(self.journal.rows[reply.run].facts[offset])
            } else {
                // Told too early: this position is promised.
                self.ledgers[reply.run]?.announce(max(ledger.position, reply.position))
            }
        }
    }

    // Cut: the engine dies after some of it.
    mutating func release(
        _ effects: SimulatedEngine.Effects,
        _ engine: inout SimulatedEngine,
        isCut: Bool
    ) throws {
        for part in effects.parts {
            for (key, told) in part.started {
                if isCut, self.choices.below(2, .faults) == 1 { return }
                try self.start(key, told, part.run, engine)
            }
            for key in part.stopped { self.stop(key, part.run) }
        }
        if isCut, self.choices.below(2, .faults) == 1 { return }
        self.reply(effects.replies)
        for part in effects.parts {
            self.ledgers[part.run]?.announce(part.head)
            if part.isEnded { engine.runs[part.run] = nil }
        }
    }

    mutating func start(_ key: StepKey, _ told: [Directive], _ run: Int, _ engine: SimulatedEngine) throws {
        guard let live = engine.runs[run], live.look({ $0.owed[key] != nil }) else {
            self.reach(.authorisedAndTakenBack)
            // Stopping wants a confirmation, also of what never began.
            if engine.runs[run]?.look({ $0.stopping[key] != nil }) == true {
                self.executions.append(Execution(run: run, key: key, due: self.clock, result: .stopped(.none)))
            }
            return
        }
        try self.ledgers[run]?.begin(key)
        if case .running? = live.look({ $0.record(key.task)?.state }) {
            try self.ledgers[run]?.checkWords(to: key.task, told)
        }
        var seconds = 1 + self.choices.below(12, .work)
        if self.choices.chance(self.faults.rate(.longStep), .work) { seconds += 40 }
        if self.choices.chance(self.faults.rate(.hungStep), .work) { seconds = 100_000 }
        var result = self.answer(to: live.look { $0.owed[key]?.request } ?? .perform, key, run)
        if self.choices.chance(self.faults.rate(.failingStep), .work) {
            result = .failed(self.failure(), .none)
        } else if case .model(let call)? = live.look({ $0.owed[key]?.request }) {
            result = try self.billed(result, call, key, run)
        }
        let due = self.clock + Int64(seconds) * 1_000_000
        self.executions.append(Execution(run: run, key: key, due: due, result: result))
    }

    // Each question brings up to two calls, some of tools that nobody has, and is the last sooner or later.
    private mutating func answer(to request: StepRequest, _ key: StepKey, _ run: Int) -> StepResult {
        let form = self.ledgers[run]?.tasks[key.task.offset].form ?? .number
        guard case .model = request else { return Ledger.result(of: key, to: request, form: form) }
        if key.delivery > 1, key.step > 1 { self.reach(.conversationResumed) }
        let count = key.step < 30 ? self.choices.below(3, .minds) : 0
        let calls = (0..<count).map { place -> ToolCall in
            let number = self.number(of: key, place)
            if let call = self.delegation(by: key, run, number) { return call }
            if let call = self.report(by: key, run, number) { return call }
            let tool = self.tool()
            return ToolCall(id: Self.longName, tool: tool, input: .inline(Ledger.input(of: tool, number)))
        }
        return Ledger.result(of: key, to: request, calls: calls, form: form)
    }

    // To an agent of any kind, who may wait for the task itself, or to one that is made for it, with tools that it may not have.
    private mutating func delegation(by key: StepKey, _ run: Int, _ number: Int64) -> ToolCall? {
        if let ledger = self.ledgers[run], ledger.has(Ledger.phaseTool, key.task),
            self.choices.chance(300, .delegations)
        {
            let phase = ["planning", "executing", "browsing"][self.choices.below(3, .delegations)]
            return ToolCall(id: Self.longName, tool: Ledger.phaseTool, input: .inline(["phase": .string(phase)]))
        }
        guard let ledger = self.ledgers[run], ledger.has(Ledger.delegate, key.task),
            self.choices.chance(350, .delegations)
        else { return nil }
        var input = Ledger.input(of: Ledger.delegate, number)
        if self.choices.below(3, .delegations) > 0 {
            let agents = ledger.plan.agents
            let name = agents[self.choices.below(agents.count, .delegations)].id.text
            input = ["agent": .string(name), "task": .string("\(number)")]
        } else if self.choices.below(2, .delegations) == 1 {
            let tools = [Ledger.tool, Ledger.action, Ledger.delegate]
            input = input.adding("tools", [.string(tools[self.choices.below(3, .delegations)])])
        }
        if self.choices.chance(200, .delegations) {
            input = input.adding("budget_usd", .number(Double(1 + self.choices.below(200, .delegations)) / 1000))
        }
        return ToolCall(id: Self.longName, tool: Ledger.delegate, input: .inline(input))
    }

    private mutating func report(by key: StepKey, _ run: Int, _ number: Int64) -> ToolCall? {
        guard let ledger = self.ledgers[run], ledger.has(Ledger.blockerTool, key.task),
            self.choices.chance(400, .managers)
        else { return nil }
        let tool = Ledger.blockerTool
        return ToolCall(id: Self.longName, tool: tool, input: .inline(Ledger.input(of: tool, number)))
    }

    // Some ask for the same again.
    private mutating func number(of key: StepKey, _ place: Int) -> Int64 {
        if self.choices.chance(350, .loops) { return Int64(self.choices.below(2, .loops)) }
        return Int64(key.step) << 8 | Int64(key.delivery) << 2 | Int64(place)
    }

    // Agents that have not these tools are told so.
    private mutating func tool() -> String {
        if self.choices.chance(200, .minds) { return "none" }
        if self.choices.chance(250, .tools) {
            return self.choices.below(2, .tools) == 0 ? Ledger.foreignLook : Ledger.foreignAction
        }
        return [Ledger.tool, Ledger.tool, Ledger.action, Ledger.consultation][self.choices.below(4, .tools)]
    }

    // So that what is said soon outweighs what is said anyway.
    private static let longName = String(repeating: "c", count: 100)

    mutating func failure() -> Failure {
        switch self.choices.below(10, .work) {
        case 0...4: return World.transient
        case 5: return World.blocked
        case 6: return World.busy[0]
        case 7: return World.busy[self.choices.below(World.busy.count, .work)]
        default: return World.permanent
        }
    }

    private static let transient = Failure(.transient, "sim.fault", "drawn", remedy: "none")
    // Shorter than any backoff, shorter than some, longer than all.
    private static let busy = [90, 0, 3, 20].map { seconds in
        Failure(.transient, "sim.busy", "drawn", remedy: "none", retryAfter: .seconds(seconds))
    }
    private static let blocked = Failure(.blocked, "agent.blocked", "no key", remedy: "answer")
    private static let permanent = Failure(.permanent, "sim.refused", "drawn", remedy: "none")

    mutating func stop(_ key: StepKey, _ run: Int) {
        guard let index = self.executions.firstIndex(where: { $0.key == key && $0.run == run }) else { return }
        self.executions[index].due = self.clock + Int64(self.choices.below(2_000_000, .work))
        if self.choices.chance(self.faults.rate(.racingStop), .work) {
            self.reach(.resultMeetsStop)
        } else {
            // Of a question that was on its way nobody knows what it costs.
            var usage = Usage()
            if self.executions[index].isBilled { usage.tokenKinds = Self.uncounted }
            self.executions[index].result = .stopped(usage)
        }
    }
}
