import BatonCore
import BatonEngine

/// What a command reads from standard input: one JSON object, described in docs/api.md.
enum CommandInput {
    static func json(_ work: Work) -> JSON {
        var dependencies: JSON = [:]
        for dependency in work.dependencies {
            var entry: JSON = ["status": .string(dependency.shortfall == nil ? "completed" : "failed")]
            if let output = dependency.output { entry = entry.adding("output", output) }
            for (name, value) in dependency.source?.json ?? [] { entry = entry.adding(name, value) }
            if let shortfall = dependency.shortfall { entry = entry.adding("reason", .string(shortfall)) }
            dependencies = dependencies.adding(dependency.task.text, entry)
        }
        var task: JSON = ["id": .string(work.task.id.text), "description": .string(work.description)]
        for (name, value) in work.asker?.json ?? [] { task = task.adding(name, value) }
        if let type = work.task.type { task = task.adding("type", .string(type)) }
        var agent: JSON = ["id": .string(work.agent.id.text), "name": .string(work.agent.name)]
        if !work.agent.occupation.isEmpty { agent = agent.adding("occupation", .string(work.agent.occupation)) }
        if let instructions = work.agent.instructions { agent = agent.adding("instructions", .string(instructions)) }
        let input: JSON = [
            "run": .string(work.run.text), "task": task, "agent": agent, "attempt": .integer(Int64(work.attempt)),
            "delivery": .integer(Int64(work.delivery)), "input": work.input, "dependencies": dependencies,
        ]
        let formed = work.form.map { input.adding("produces", $0) } ?? input
        guard !work.directives.isEmpty else { return formed }
        return formed.adding("directives", .array(work.directives.map { .string($0) }))
    }
}
