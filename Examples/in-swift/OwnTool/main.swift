import BatonAgents
import BatonEngine

// A tool of your own: an agent that thinks has it as swift/price_of. Here a file says what the model says.
struct NoSuchPart: Error {}
let prices: [String: Double] = ["bolt": 0.2, "nut": 0.1]
let schema: JSON = ["type": "object", "required": ["part"], "properties": ["part": ["type": "string"]]]
let priceOf = Tool("price_of", "Tells what a part costs, in dollars.", input: schema, readOnly: true) { input, _ in
    guard let price = prices[input["part"]?.string ?? ""] else { throw NoSuchPart() }
    return .number(price)
}
var buyer = AgentProfile(id: "buyer")
(buyer.model, buyer.tools) = ("scripted/answers.jsonl", ["swift/price_of"])
let here = String(#filePath.dropLast("main.swift".count))
let models = LanguageModels(projectFolder: here, tools: [priceOf])
let plan = Plan(id: "parts", agents: [buyer], tasks: [TaskSpec(id: "ask", description: "What is a bolt?")])
let outcome = try await Engine(performers: { models.performer(for: $0) }).running { engine in
    try await engine.start(plan).outcome()
}
print(outcome.output(of: "ask") ?? "no answer")
