import BatonEngine

// One task, no plan, no disk: whoever suits it best does it, and a failure is a value.
let adder = FunctionAgent("adder", capabilities: ["sum"]) { work in
    let numbers = work.input.elements?.compactMap(\.integer) ?? []
    guard !numbers.isEmpty else {
        throw Failure(.permanent, "sum.empty", "there is nothing to add", remedy: "give a list of numbers")
    }
    return .integer(numbers.reduce(0, +))
}
var sum = TaskSpec(id: "sum")
sum.agentType = "sum"
for input: JSON in [[1, 2, 3], []] {
    sum.input = input
    let outcome = try await Engine.perform(sum, by: adder)
    print(outcome.state, outcome.output ?? .string(outcome.failure?.message ?? ""))
}
