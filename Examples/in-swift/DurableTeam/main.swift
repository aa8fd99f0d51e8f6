import BatonEngine
import BatonSQLite

// A team of two functions and a person. Its run is on disk: kill this program at any moment and start it again.
let folder = CommandLine.arguments.dropFirst().first ?? ".baton-team"
let surveyor = FunctionAgent("surveyor", description: "counts things") { work in
    work.say("counting")
    return ["bridges": 7]
}
let writer = FunctionAgent("writer") { work in
    "Seven bridges: \(work.output(of: "survey") ?? .null); the mayor says \(work.output(of: "approve") ?? .null)"
}
var mayor = AgentProfile(id: "mayor", name: "The mayor")
mayor.type = "person"

func task(_ id: TaskID, by agent: AgentProfile, after dependencies: TaskID...) -> TaskSpec {
    var task = TaskSpec(id: id, description: "\(id) the bridges", dependencies: dependencies)
    task.assignedAgent = agent.id
    return task
}
let plan = Plan(
    id: "bridges",
    agents: [surveyor.profile, writer.profile, mayor],
    tasks: [
        task("survey", by: surveyor.profile), task("approve", by: mayor, after: "survey"),
        task("report", by: writer.profile, after: "survey", "approve"),
    ]
)
var options = Engine.StartOptions()
options.id = "bridges-1"

let outcome = try await Engine(dataFolder: folder, agents: [surveyor, writer]).running { [options] engine in
    let run: RunHandle
    do {
        run = try await engine.start(plan, options: options)
    } catch let error as BatonError where error.code == .runExists {
        run = try await engine.resume("bridges-1")
    }
    async let reports: Void = run.onProgress { progress in
        print("\(Int(progress.percentage))%, \(progress.openQuestions) open questions")
        // Here the program answers for the mayor; a real one would ask.
        if progress.openQuestions > 0 {
            try? await engine.answer(QuestionID(1), of: run.id, with: .words("build an eighth"), by: "mayor")
        }
    }
    let outcome = try await run.outcome()
    try await reports
    return outcome
}
print(outcome.output(of: "report") ?? "no report")
