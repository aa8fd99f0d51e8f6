/// Reads the fields of one event, or says which one is wrong.
struct EventFields {
    let kind: String
    let node: SourceNode

    func fault(_ name: String) -> EventCodec.Fault { .field(kind: self.kind, name: name) }

    func part(_ name: String) throws(EventCodec.Fault) -> EventFields {
        guard let node = self.node[name], case .object = node.kind else { throw self.fault(name) }
        return EventFields(kind: self.kind, node: node)
    }

    func integer(_ name: String) throws(EventCodec.Fault) -> Int64 {
        guard case .integer(let value)? = self.node[name]?.kind else { throw self.fault(name) }
        return value
    }

    /// A count or index that our own writer made: never negative, fits 32 bits.
    func small(_ name: String) throws(EventCodec.Fault) -> Int32 {
        guard let value = Int32(exactly: try self.integer(name)), value >= 0 else { throw self.fault(name) }
        return value
    }

    /// An amount: never negative.
    func natural(_ name: String) throws(EventCodec.Fault) -> Int64 {
        let value = try self.integer(name)
        guard value >= 0 else { throw self.fault(name) }
        return value
    }

    func text(_ name: String) throws(EventCodec.Fault) -> String {
        guard let text = self.optionalText(name) else { throw self.fault(name) }
        return text
    }

    func optionalText(_ name: String) -> String? {
        if case .string(let text)? = self.node[name]?.kind { return text }
        return nil
    }

    func word<Word>(_ name: String, _ make: (String) -> Word?) throws(EventCodec.Fault) -> Word {
        guard let word = make(try self.text(name)) else { throw self.fault(name) }
        return word
    }

    func list(_ name: String) -> [SourceNode] {
        if case .array(let nodes)? = self.node[name]?.kind { return nodes }
        return []
    }

    func task(_ name: String = "task") throws(EventCodec.Fault) -> TaskIndex { TaskIndex(Int(try self.small(name))) }

    func agent(_ name: String) throws(EventCodec.Fault) -> AgentIndex { AgentIndex(Int(try self.small(name))) }

    func key() throws(EventCodec.Fault) -> StepKey {
        StepKey(
            task: try self.task(),
            attempt: try self.small("attempt"),
            step: try self.small("step"),
            delivery: try self.small("delivery")
        )
    }

    func seed(plan: (Digest) throws(EventCodec.Fault) -> Plan) throws(EventCodec.Fault) -> RunSeed {
        let stored = try self.word("plan") { Digest(hex: $0) }
        return RunSeed(
            run: RunID(try self.text("run")),
            plan: try plan(stored),
            stored: stored,
            seed: try self.word("seed") { UInt64($0) },
            mode: try self.word("mode", RunMode.init),
            engine: try self.text("engine"),
            prices: try self.prices()
        )
    }

    private func prices() throws(EventCodec.Fault) -> PriceTable {
        guard let node = self.node["prices"] else { return .none }
        guard let prices = JSON(node).flatMap({ PriceTable(stored: $0) }) else { throw self.fault("prices") }
        return prices
    }

    func assignment() throws(EventCodec.Fault) -> Assignment {
        let lead = try self.agent("lead")
        var agents: [AgentIndex] = []
        for node in self.list("agents") { agents.append(try self.agent(of: node, "agents")) }
        var candidates: [Assignment.Candidate] = []
        for node in self.list("candidates") {
            guard let first = node[0], case .integer(let score)? = node[1]?.kind else { throw self.fault("candidates") }
            candidates.append(Assignment.Candidate(agent: try self.agent(of: first, "candidates"), score: score))
        }
        var gaps: [Eligibility.Gap] = []
        for node in self.list("gaps") {
            let fields = EventFields(kind: self.kind, node: node)
            gaps.append(
                Eligibility.Gap(
                    skill: try fields.text("skill"),
                    has: Int(try fields.small("has")),
                    needs: Int(try fields.small("needs"))
                )
            )
        }
        var models: [ModelChoice.Candidate] = []
        for node in self.list("models") { models.append(try EventFields(kind: self.kind, node: node).weighedModel()) }
        return Assignment(
            lead: lead,
            agents: agents.isEmpty ? [lead] : agents,
            candidates: candidates,
            gaps: gaps,
            models: models
        )
    }

    private func weighedModel() throws(EventCodec.Fault) -> ModelChoice.Candidate {
        ModelChoice.Candidate(
            model: try self.text("model"),
            cost: try self.amount("micro_usd").map { Money(microUSD: $0) },
            record: ModelChoice.Record(good: try self.amount("good") ?? 0, attempts: try self.amount("attempts") ?? 0)
        )
    }

    private func amount(_ name: String) throws(EventCodec.Fault) -> Int64? {
        self.node[name] == nil ? nil : try self.natural(name)
    }

    func agent(of node: SourceNode, _ name: String) throws(EventCodec.Fault) -> AgentIndex {
        guard case .integer(let value) = node.kind, let index = Int32(exactly: value), index >= 0 else {
            throw self.fault(name)
        }
        return AgentIndex(Int(index))
    }

    func content() throws(EventCodec.Fault) -> Content {
        if self.node["stored"] != nil {
            let digest = try self.word("stored") { Digest(hex: $0) }
            guard let bytes = Int(exactly: try self.integer("bytes")), bytes >= 0 else { throw self.fault("bytes") }
            return .stored(digest, bytes: bytes)
        }
        guard let node = self.node["value"] else { return .inline(.null) }
        guard let value = JSON(node) else { throw self.fault("value") }
        return .inline(value)
    }

    func result() throws(EventCodec.Fault) -> StepResult {
        var usage = Usage()
        if self.node["micro_usd"] != nil { usage.money = Money(microUSD: try self.integer("micro_usd")) }
        if self.node["tokens"] != nil { usage.tokens = try self.integer("tokens") }
        if self.node["token_kinds"] != nil { usage.tokenKinds = try self.tokenKinds() }
        if self.node["saved_micro_usd"] != nil { usage.saved = Money(microUSD: try self.natural("saved_micro_usd")) }
        if case .bool(let isUnpriced)? = self.node["unpriced"]?.kind { usage.isUnpriced = isUnpriced }
        if self.node["cpu_microseconds"] != nil { usage.cpu = .microseconds(try self.natural("cpu_microseconds")) }
        if self.node["peak_memory_bytes"] != nil { usage.peakMemory = try self.natural("peak_memory_bytes") }
        if self.node["peak_memory_bound_bytes"] != nil {
            usage.peakMemoryBound = try self.natural("peak_memory_bound_bytes")
        }
        switch try self.text("result") {
        case "done": return .done(try self.content(), usage)
        case "replied": return .replied(try self.reply(), usage)
        case "offered": return .offered(try self.catalogue())
        case "failed": return .failed(try self.part("failure").failure(), usage)
        case "stopped": return .stopped(usage)
        default: throw self.fault("result")
        }
    }

    private func tokenKinds() throws(EventCodec.Fault) -> Usage.TokenKinds {
        let counts = self.list("token_kinds").map { node in
            if case .integer(let count) = node.kind, count >= 0 { count } else { Int64(-1) }
        }
        guard var kinds = Usage.TokenKinds(counts) else { throw self.fault("token_kinds") }
        if case .bool(let isEstimated)? = self.node["tokens_estimated"]?.kind { kinds.isEstimated = isEstimated }
        return kinds
    }

    func request() throws(EventCodec.Fault) -> StepRequest {
        switch try self.text("request") {
        case "perform": return .perform
        case "catalogue": return .catalogue
        case "model":
            return .model(
                ModelCall(
                    choice: self.node["choice"] == nil ? 0 : try self.small("choice"),
                    told: self.node["told"] == nil ? 0 : try self.small("told"),
                    again: self.node["again"] == nil ? 0 : try self.small("again"),
                    cleared: self.node["cleared"] == nil ? 0 : try self.small("cleared"),
                    reserved: try self.reserved()
                )
            )
        case "tool": return .tool(try self.small("call"))
        default: throw self.fault("request")
        }
    }

    private func reserved() throws(EventCodec.Fault) -> Spend? {
        guard self.node["reserved_tokens"] != nil else { return nil }
        return Spend(
            money: Money(microUSD: try self.natural("reserved_micro_usd")),
            tokens: try self.natural("reserved_tokens"),
            calls: 1
        )
    }

    private func reply() throws(EventCodec.Fault) -> Reply {
        let text = try self.content()
        var faults: [String] = []
        for node in self.list("faults") {
            guard case .string(let fault) = node.kind else { throw self.fault("faults") }
            faults.append(fault)
        }
        var calls: [ToolCall] = []
        for node in self.list("calls") {
            let fields = EventFields(kind: self.kind, node: node)
            calls.append(
                ToolCall(
                    id: try fields.text("id"),
                    tool: try fields.text("tool"),
                    input: try fields.content(),
                    fault: fields.optionalText("fault")
                )
            )
        }
        return Reply(
            model: try self.text("model"),
            text: text,
            output: self.node["output"] == nil ? text : try self.part("output").content(),
            faults: faults,
            calls: calls,
            stop: try self.word("stop", Reply.Stop.init),
            sharers: self.node["sharers"] == nil ? 1 : try self.small("sharers"),
            answerer: self.optionalText("answerer")
        )
    }

    private func catalogue() throws(EventCodec.Fault) -> Catalogue {
        var tools: [Catalogue.Tool] = []
        for node in self.list("tools") {
            let fields = EventFields(kind: self.kind, node: node)
            var isRepeatable = false
            if case .bool(let value)? = node["repeatable"]?.kind { isRepeatable = value }
            tools.append(
                Catalogue.Tool(
                    name: try fields.text("name"),
                    source: try fields.text("source"),
                    isRepeatable: isRepeatable
                )
            )
        }
        return Catalogue(tools: tools, content: try self.content())
    }

    func failure() throws(EventCodec.Fault) -> Failure {
        var causes: [String] = []
        for node in self.list("causes") {
            guard case .string(let text) = node.kind else { throw self.fault("causes") }
            causes.append(text)
        }
        return Failure(
            try self.word("class", Failure.Class.init),
            try self.text("code"),
            try self.text("message"),
            remedy: try self.text("remedy"),
            causes: causes,
            stderrTail: self.optionalText("stderr"),
            retryAfter: self.node["retry_after"] == nil ? nil : .microseconds(try self.integer("retry_after"))
        )
    }

    func end() throws(EventCodec.Fault) -> TaskEnd {
        switch try self.text("end") {
        case "completed": .completed(try self.content())
        case "failed": .failed(try self.part("failure").failure())
        case "skipped":
            .skipped(try self.skipReason())
        case "cancelled": .cancelled(try self.cause())
        default: throw self.fault("end")
        }
    }

    private func skipReason() throws(EventCodec.Fault) -> SkipReason {
        if self.node["because_of"] != nil { return .dependency(try self.task("because_of")) }
        if self.node["unanswered"] != nil { return .unanswered(QuestionID(Int(try self.small("unanswered")))) }
        if self.node["unneeded"] != nil { return .unneeded(try self.task("unneeded")) }
        if self.node["decided"] != nil { return .decided }
        return .person(note: self.optionalText("note") ?? "")
    }

    func cause() throws(EventCodec.Fault) -> StopCause {
        switch try self.text("cause") {
        case "person": .person
        case "strict": .strict(try self.task("strict_task"))
        case "time_limit": .timeLimit
        default: throw self.fault("cause")
        }
    }

    func reason() throws(EventCodec.Fault) -> StopReason {
        switch try self.text("reason") {
        case "timed_out": .timedOut
        case "cancelled": .cancelled
        case "skipped": .skipped(note: self.optionalText("note") ?? "")
        case "paused": .paused
        case "decided": .decided
        default: throw self.fault("reason")
        }
    }

    func tasks() throws(EventCodec.Fault) -> [TaskIndex] {
        var tasks: [TaskIndex] = []
        for node in self.list("tasks") {
            guard case .integer(let value) = node.kind, let index = Int32(exactly: value), index >= 0 else {
                throw self.fault("tasks")
            }
            tasks.append(TaskIndex(Int(index)))
        }
        return tasks
    }

    /// Tasks with values that the rules can reckon with.
    func specs() throws(EventCodec.Fault) -> [TaskSpec] {
        var specs: [TaskSpec] = []
        for node in self.list("specs") { specs.append(try self.spec(of: node, "specs")) }
        return specs
    }

    /// Agents that were made for tasks.
    func made() throws(EventCodec.Fault) -> [AgentProfile] {
        let made = self.list("made").map { PlanDecoder.agent($0) }
        guard made.allSatisfy(PlanRanges.isInside) else { throw self.fault("made") }
        return made
    }

    func spec() throws(EventCodec.Fault) -> TaskSpec {
        guard let node = self.node["spec"] else { throw self.fault("spec") }
        return try self.spec(of: node, "spec")
    }

    private func spec(of node: SourceNode, _ name: String) throws(EventCodec.Fault) -> TaskSpec {
        let spec = PlanDecoder.task(node)
        guard PlanRanges.isInside(spec) else { throw self.fault(name) }
        return spec
    }

    func directive() throws(EventCodec.Fault) -> Directive {
        let audience: Directive.Audience
        switch try self.text("to") {
        case "everyone": audience = .everyone
        case "agent": audience = .agent(try self.agent("agent"))
        case "task": audience = .task(try self.task())
        default: throw self.fault("to")
        }
        var sender = Directive.Sender.person
        if self.node["check"] != nil { sender = .check }
        if self.node["signer"] != nil { sender = .signer }
        if self.node["manager"] != nil { sender = .manager(AgentID(try self.text("manager"))) }
        if self.node["reviewer"] != nil { sender = .reviewer(AgentID(try self.text("reviewer"))) }
        return Directive(
            number: try self.small("directive"),
            audience: audience,
            text: try self.content(),
            sender: sender
        )
    }
}
