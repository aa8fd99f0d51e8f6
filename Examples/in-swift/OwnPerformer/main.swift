import BatonEngine

// A performer of your own: here for every agent of a type that Baton knows nothing of, such as a queue or a lab machine.
struct Press: Performer {
    func perform(_ work: Work) async -> WorkResult {
        work.say("pressing \(work.description)")
        guard !Task.isCancelled else { return .stopped() }
        guard let sheets = work.input["sheets"]?.integer, sheets > 0 else {
            return .failed(Failure(.permanent, "press.empty", "no sheets", remedy: "give input.sheets"))
        }
        return .done(["printed": .integer(2 * sheets)])
    }
}
var machine = AgentProfile(id: "heidelberg")
machine.type = "function"
var task = TaskSpec(id: "print", description: "the leaflet")
task.input = ["sheets": 250]
let plan = Plan(id: "leaflet", agents: [machine], tasks: [task])
let engine = Engine(performers: { $0.id == "heidelberg" ? Press() : nil })
let outcome = try await engine.running { engine in try await engine.start(plan).outcome() }
print(outcome.output(of: "print") ?? "nothing")
