// What conversations ask for and say, for readers outside.
extension EventView {
    mutating func noteCalls(of event: Event) {
        switch event {
        case .stepReturned(let key, .replied(let reply, _)): self.calls[key.task] = reply.calls
        case .taskEnded(let task, _): self.calls[task] = nil
        default: break
        }
    }

    func call(_ place: Int32, of task: TaskIndex) -> ToolCall? {
        let calls = self.calls[task] ?? []
        return calls.indices.contains(Int(place)) ? calls[Int(place)] : nil
    }

    static func fields(of request: StepRequest) -> [(String, JSON)] {
        switch request {
        case .perform, .catalogue: [("request", .string(request.word))]
        case .model(let call):
            [("request", .string(request.word))]
                + (call.choice == 0 ? [] : [("choice", .integer(Int64(call.choice)))])
                + (call.again == 0 ? [] : [("again", .integer(Int64(call.again)))])
                + (call.cleared == 0 ? [] : [("cleared", .integer(Int64(call.cleared)))])
                + (call.reserved.map { spend in
                    [("reserved_usd", .number(spend.money.inUSD)), ("reserved_tokens", .integer(spend.tokens))]
                } ?? [])
        case .tool(let call): [("request", .string(request.word)), ("call", .integer(Int64(call)))]
        }
    }

    // What a model said stands with its words, the tools it asked for by name.
    static func fields(of reply: Reply) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("model", .string(reply.model)), ("stop", .string(reply.stop.rawValue))]
        if let answerer = reply.answerer { fields.append(("answerer", .string(answerer))) }
        if reply.sharers != 1 { fields.append(("sharers", .integer(Int64(reply.sharers)))) }
        fields += Self.fields(of: reply.text)
        guard !reply.calls.isEmpty else { return fields }
        return fields + [("calls", .array(reply.calls.map { ["id": .string($0.id), "tool": .string($0.tool)] }))]
    }

    // Long arguments stand for themselves by their hash, as outputs do.
    static func fields(of call: ToolCall?) -> [(String, JSON)] {
        guard let call else { return [] }
        let input: [(String, JSON)] =
            switch call.input {
            case .inline(let value): [("input", value)]
            case .stored(let digest, let bytes):
                [("input_sha256", .string(digest.description)), ("input_bytes", .integer(Int64(bytes)))]
            }
        return [("tool", .string(call.tool))] + input
    }

    static func fields(of catalogue: Catalogue) -> [(String, JSON)] {
        let tools = catalogue.tools.map { tool -> JSON in
            ["name": .string(tool.name), "source": .string(tool.source), "repeatable": .bool(tool.isRepeatable)]
        }
        return [("tools", .array(tools))]
    }

    // Only models use tokens.
    static func tokenFields(of usage: Usage) -> [(String, JSON)] {
        guard let kinds = usage.tokenKinds else { return [] }
        let money: [(String, JSON)] =
            usage.isUnpriced
            ? [] : [("money_usd", .number(usage.money.inUSD)), ("saved_usd", .number(usage.saved.inUSD))]
        let counts: [(String, JSON)] = [
            ("input_tokens", .integer(kinds.input)), ("cache_read_tokens", .integer(kinds.cacheRead)),
            ("cache_write_tokens", .integer(kinds.cacheWrite)), ("output_tokens", .integer(kinds.output)),
        ]
        return counts + money + (kinds.isEstimated ? [("tokens_estimated", true)] : [])
    }

    static func summary(of request: StepRequest) -> String {
        switch request {
        case .perform: "handed out"
        case .catalogue: "looks up the tools of others"
        case .model(let call):
            "asks its \(call.choice == 0 ? "model" : "model number \(call.choice + 1)")"
                + (call.again == 0 ? "" : " again, after \(CountText.of(Int(call.again), "failure"))")
                + (call.cleared == 0 ? "" : ", its first \(CountText.of(Int(call.cleared), "turn")) in outline")
        case .tool: "calls a tool"
        }
    }

    static func summary(of reply: Reply) -> String {
        let tools = reply.calls.map { PlainText.line($0.tool, limit: 40) }
        guard tools.isEmpty else { return "\(reply.model) wants \(tools.joined(separator: ", "))" }
        return "\(reply.model) answered"
    }
}
