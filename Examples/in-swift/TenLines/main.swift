import BatonEngine

let poet = FunctionAgent("poet") { work in "A poem of \(work.description)" }
let tasks = [TaskSpec(id: "a", description: "rivers"), TaskSpec(id: "b", description: "{{tasks.a.output}}, and back")]
let plan = Plan(id: "poems", agents: [poet.profile], tasks: tasks)
let outcome = try await Engine(agents: [poet]).running { engine in
    let run = try await engine.start(plan)
    for try await event in run.events { print(event.task?.text ?? "run", event.summary) }
    return try await run.outcome()
}
print(outcome.output(of: "b") ?? "nothing")
