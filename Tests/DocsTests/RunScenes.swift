import BatonCore
import Testing

/// Runs at moments that together show every field of a run.
enum RunScenes {
    private static func start(_ plan: Plan, mode: RunMode, at now: Timestamp) throws -> (Run, Emission) {
        let seed = RunSeed(run: RunID("doc-1"), plan: plan, stored: .zero, seed: 7, mode: mode, engine: "0")
        var out = Emission()
        let run = Run.create(seed, at: now, by: .engine, &out)
        return (run, out)
    }

    static func sheets() throws -> [RunSheet] { try self.histories().map { try #require(RunSheet($0)) } }

    /// The facts of each run up to its moment.
    static func histories() throws -> [[Recorded]] {
        try self.troubled() + [
            self.dated(), self.stopped(), self.reordered(), self.unanswered(), self.unneeded(), self.told(),
            self.refuted(),
        ]
    }

    // A failure that rests, a question, a failure that stays, a skip, an answer.
    private static func troubled() throws -> [[Recorded]] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        var person = AgentProfile(id: "p")
        person.type = "person"
        var own = TaskSpec(id: "own")
        own.assignedAgent = "p"
        own.type = "review"
        var work = TaskSpec(id: "work")
        work.assignedAgent = "w"
        work.maxAttempts = 2
        let plan = Plan(
            id: "doc",
            agents: [worker, person],
            tasks: [work, own, TaskSpec(id: "after", dependencies: ["work"])]
        )
        var now = Timestamp.zero
        var (run, out) = try Self.start(plan, mode: .real, at: now)
        try run.handle(.slots(9), at: now, by: .engine, &out)
        try Self.fail(&run, &out, at: now)
        var histories = [out.facts]
        now = now + .seconds(5)
        try run.handle(.tick, at: now, by: .engine, &out)
        try run.handle(.slots(9), at: now, by: .engine, &out)
        try Self.fail(&run, &out, at: now)
        histories.append(out.facts)
        let answer = Answer(.done, content: .inline("by hand"))
        try run.handle(.answer(QuestionID(1), answer), at: now, by: .person("ada"), &out)
        #expect(run.isEnded)
        histories.append(out.facts)
        return histories
    }

    // A claim whose check did not pass.
    private static func refuted() throws -> [Recorded] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        var work = TaskSpec(id: "work")
        work.doneWhen = [.command(["make"]), .file("out.md")]
        var (run, out) = try Self.start(Plan(id: "doc", agents: [worker], tasks: [work]), mode: .real, at: .zero)
        let denied: JSON = ["passed": false, "reason": "it ended with exit code 2"]
        for output in ["done", denied] {
            try run.handle(.slots(9), at: .zero, by: .engine, &out)
            let key = try #require(run.owed.keys.first)
            try run.handle(.returned(key, .done(.inline(output), .none)), at: .zero, by: .engine, &out)
        }
        try run.handle(.slots(9), at: .zero, by: .engine, &out)
        return out.facts
    }

    private static func fail(_ run: inout Run, _ out: inout Emission, at now: Timestamp) throws {
        let key = try #require(run.owed.keys.first)
        let failure = Failure(.transient, "exec.exit", "it failed", remedy: "look", causes: ["inner"], stderrTail: "no")
        try run.handle(.returned(key, .failed(failure, .none)), at: now, by: .engine, &out)
    }

    // A task whose date has not come.
    private static func dated() throws -> [Recorded] {
        var later = TaskSpec(id: "later")
        later.scheduledDate = Plan.PlannedDate("2026-11-21")
        let plan = Plan(id: "doc", agents: [AgentProfile(id: "w")], tasks: [later])
        let (_, out) = try Self.start(plan, mode: .rehearsal, at: .zero)
        return out.facts
    }

    // A person who is steered.
    private static func told() throws -> [Recorded] {
        var person = AgentProfile(id: "p")
        person.type = "person"
        let plan = Plan(id: "doc", agents: [person], tasks: [TaskSpec(id: "a")])
        var (run, out) = try Self.start(plan, mode: .real, at: .zero)
        try run.handle(.slots(9), at: .zero, by: .engine, &out)
        try run.handle(.steer(.everyone, .inline("briefly")), at: .zero, by: .person("ada"), &out)
        return out.facts
    }

    // A task that may begin with a yes only, which nobody gives.
    private static func unanswered() throws -> [Recorded] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        var task = TaskSpec(id: "a")
        task.needsApproval = true
        task.answerWithin = .seconds(5)
        task.ifUnanswered = .skip
        var (run, out) = try Self.start(Plan(id: "doc", agents: [worker], tasks: [task]), mode: .real, at: .zero)
        try run.handle(.slots(9), at: .zero, by: .engine, &out)
        try run.handle(.tick, at: .zero + .seconds(5), by: .engine, &out)
        #expect(run.isEnded)
        return out.facts
    }

    // A task that nobody needs, and a vote that is decided without its last voter.
    private static func unneeded() throws -> [Recorded] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        var tasks = [TaskSpec(id: "a"), TaskSpec(id: "b"), TaskSpec(id: "poll")]
        tasks[1].conditions = [Condition("a", is: "no")]
        (tasks[2].pattern, tasks[2].stopsEarly) = (.consensus, true)
        tasks[2].voters = ["w", "w", "w"]
        let plan = Plan(id: "doc", agents: [worker], tasks: tasks).unfolded
        var (run, out) = try Self.start(plan, mode: .real, at: .zero)
        for _ in 0..<3 {
            try run.handle(.slots(9), at: .zero, by: .engine, &out)
            for key in run.owed.keys.sorted() {
                try run.handle(.returned(key, .done(.inline("yes"), .none)), at: .zero, by: .engine, &out)
            }
        }
        return out.facts
    }

    // A person who puts tasks into another order and goes on in another run.
    private static func reordered() throws -> [Recorded] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        let plan = Plan(id: "doc", agents: [worker], tasks: [TaskSpec(id: "a")])
        var (run, out) = try Self.start(plan, mode: .real, at: .zero)
        let ada = Origin.person("ada")
        try run.handle(.reprioritize(TaskIndex(0), 5), at: .zero, by: ada, &out)
        let seed = RunSeed(run: "doc-2", plan: run.plan, stored: .zero, seed: 1, mode: .real, engine: "test")
        try run.handle(.fork(seed, retrying: [], isCarried: true), at: .zero, by: ada, &out)
        return out.facts
    }

    // A person who pauses, skips and stops.
    private static func stopped() throws -> [Recorded] {
        var worker = AgentProfile(id: "w")
        worker.command = ["true"]
        let plan = Plan(id: "doc", agents: [worker], tasks: ["a", "b"].map { TaskSpec(id: $0) })
        var (run, out) = try Self.start(plan, mode: .real, at: .zero)
        let ada = Origin.person("ada")
        try run.handle(.pause(now: false), at: .zero, by: ada, &out)
        try run.handle(.skip(TaskIndex(0), note: "not now"), at: .zero, by: ada, &out)
        try run.handle(.cancel, at: .zero, by: ada, &out)
        #expect(run.isEnded)
        return out.facts
    }
}
