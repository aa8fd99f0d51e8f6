// What conversations ask for and say, for readers outside.
extension EventView {
    static func fields(of request: StepRequest) -> [(String, JSON)] {
        switch request {
        case .perform, .model: [("request", .string(request.word))]
        case .tool(let call): [("request", .string(request.word)), ("call", .integer(Int64(call)))]
        }
    }

    // What a model said stands with its words, the tools it asked for by name.
    static func fields(of reply: Reply) -> [(String, JSON)] {
        var fields: [(String, JSON)] = [("model", .string(reply.model)), ("stop", .string(reply.stop.rawValue))]
        fields += Self.fields(of: reply.text)
        guard !reply.calls.isEmpty else { return fields }
        return fields + [("calls", .array(reply.calls.map { ["id": .string($0.id), "tool": .string($0.tool)] }))]
    }

    static func summary(of request: StepRequest) -> String {
        switch request {
        case .perform: "handed out"
        case .model: "asks its model"
        case .tool: "calls a tool"
        }
    }

    static func summary(of reply: Reply) -> String {
        let tools = reply.calls.map { PlainText.line($0.tool, limit: 40) }
        guard tools.isEmpty else { return "\(reply.model) wants \(tools.joined(separator: ", "))" }
        return "\(reply.model) answered"
    }
}
