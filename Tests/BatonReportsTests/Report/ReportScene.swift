import BatonCore
import Testing

@testable import BatonReports

/// Runs for reports: one with all kinds of trouble, whose every text can be chosen, and large ones.
enum ReportScene {
    static let noon = Timestamp(microseconds: 1_800_000_000_000_000)

    /// A run under way.
    struct Stage {
        var run: Run
        var facts: [Recorded]
        var now = ReportScene.noon

        init(_ plan: Plan, mode: RunMode = .real, engine: String = "1", id: String = "r") {
            let seed = RunSeed(run: RunID(id), plan: plan, stored: .zero, seed: 1, mode: mode, engine: engine)
            var out = Emission()
            self.run = Run.create(seed, at: self.now, by: .engine, &out)
            self.facts = out.facts
        }

        mutating func put(_ command: Command, by: Origin = .engine) throws {
            var out = Emission()
            try self.run.handle(command, at: self.now, by: by, &out)
            self.facts += out.facts
        }

        mutating func end(_ task: Int, _ result: StepResult, after seconds: Int64 = 1) throws {
            try self.put(.slots(.max))
            self.now = self.now + .seconds(seconds)
            let key = try #require(self.run.owed.keys.first { $0.task == TaskIndex(task) })
            try self.put(.returned(key, result))
        }
    }

    static func sources(_ report: RunReport, _ outputs: [TaskIndex: JSON] = [:]) -> ReportSources {
        var values = outputs
        for task in report.run.tasks.indices.map({ TaskIndex($0) }) {
            if values[task] == nil { values[task] = report.run.output(of: task)?.inlined }
        }
        return ReportSources(outputs: values) { "baton " + $0.joined(separator: " ") }
    }

    static func failure(_ text: String, _ kind: Failure.Class = .permanent) -> Failure {
        Failure(kind, "exec.exit", text, remedy: text, causes: [text, "inner \(text)"], stderrTail: "first\n\(text)")
    }

    /// A retry, a failure with what follows from it, a question that was answered, one that is open, results of all
    /// kinds: with the given text wherever a plan, an agent, a person or a journal can bring one.
    static func troubled(_ text: String, mode: RunMode = .real) throws -> RunReport {
        var worker = AgentProfile(id: AgentID("w\(text)"), name: "W\(text)")
        worker.type = "function"
        worker.occupation = "o\(text)"
        worker.maxConcurrentTasks = 9
        var person = AgentProfile(id: AgentID("p\(text)"), name: "P\(text)")
        person.type = "person"
        person.maxConcurrentTasks = 2
        func task(_ number: Int, after: [Int] = [], _ agent: AgentProfile) -> TaskSpec {
            var task = TaskSpec(
                id: TaskID("t\(number)\(text)"),
                description: "do \(text)",
                dependencies: after.map { TaskID("t\($0)\(text)") }
            )
            task.assignedAgent = agent.id
            task.type = text
            task.maxAttempts = number == 0 ? 3 : 1
            return task
        }
        var plan = Plan(
            id: text,
            title: "T\(text)",
            agents: [worker, person],
            tasks: [
                task(0, worker), task(1, worker), task(2, after: [1], worker), task(3, person), task(4, person),
                task(5, after: [0], worker), task(6, after: [0], worker),
            ]
        )
        plan.description = "d\(text)"
        plan.successCriteria.technicalMilestones = ["m\(text)"]
        plan.successCriteria.businessObjectives = ["b\(text)"]
        var stage = Stage(plan, mode: mode, engine: text, id: "r\(text)")
        try stage.end(0, .failed(Self.failure(text, .transient), .none))
        stage.now = stage.now + .seconds(60)
        try stage.put(.tick)
        try stage.end(0, .done(.inline(.string("first\n\(text)\n```\n````\n\(text)")), .none))
        try stage.end(1, .failed(Self.failure(text), .none))
        try stage.end(5, .done(.inline(["k\(text)": .string(text), "list": [.string(text), 1]]), .none))
        try stage.end(6, .done(.inline(.string(text)), .none))
        let question = try #require(stage.run.openQuestions.first)
        let answer = Answer(.fail, content: .inline(.string(text)), note: "n\(text)")
        try stage.put(.answer(question.id, answer), by: .person("y\(text)"))
        return try #require(RunReport(stage.facts, at: stage.now))
    }

    /// So many tasks, of which some fail; each layer of the given width waits for the one before.
    static func large(_ count: Int, width: Int, agents: Int = 40) throws -> RunReport {
        let team = (0..<agents).map { number -> AgentProfile in
            var agent = AgentProfile(id: AgentID("agent-\(number)"))
            agent.type = "function"
            return agent
        }
        let plan = Plan(
            id: "large",
            agents: team,
            tasks: (0..<count).map { number in
                var task = TaskSpec(
                    id: TaskID("\(["load", "check", "send"][number % 3])-\(number)"),
                    dependencies: number < width
                        ? [] : [TaskID("\(["load", "check", "send"][(number - width) % 3])-\(number - width)")]
                )
                task.estimatedHours = Double(1 + number % 7)
                return task
            }
        )
        let seed = RunSeed(run: RunID("r"), plan: plan, stored: .zero, seed: 1, mode: .rehearsal, engine: "1")
        var out = Emission()
        var facts: [Recorded] = []
        var time = VirtualTime(Run.create(seed, at: Self.noon, by: .engine, &out))
        facts = out.facts
        while let more = try time.step() { facts += more }
        return try #require(RunReport(facts))
    }
}
