import Testing

@testable import BatonCore

/// What is wrong with `done_when` is said before a run begins.
@Suite struct ProofCheckTests {
    private static func faults(_ check: DoneCheck, _ change: (inout TaskSpec) -> Void = { _ in }) -> [String] {
        var agents = ["ann", "bob", "eve"].map { AgentProfile(id: AgentID($0)) }
        for offset in 0...1 { agents[offset].command = ["true"] }
        agents[1].capabilities = ["critic"]
        agents[2].type = "person"
        var task = TaskSpec(id: "a", description: "Write it.")
        task.assignedAgent = "ann"
        task.doneWhen = [.file("x"), check]
        change(&task)
        return PlanCheck.diagnostics(of: Plan(id: "p", agents: agents, tasks: [task])).map {
            "\($0.code): \($0.message)"
        }
    }

    @Test(
        arguments: [
            .command(["swift", "test"], within: .seconds(60)), .file("out/report.md"), .schema(["type": "object"]),
            .review(by: "critic", instructions: "Is it short?"), .review(by: "bob"), .signature(),
            .signature(of: "eve"),
        ] as [DoneCheck]
    )
    func `each kind of check may stand in a plan`(check: DoneCheck) { #expect(Self.faults(check) == []) }

    @Test(
        arguments: [
            (DoneCheck(), "checks nothing"),
            (.schema(["type": "sheep"]), "has no JSON Schema that can be held"),
            (.review(by: "ann"), "asks nobody else than who does it to review it"),
            (.review(by: "nobody"), "asks nobody to review, whom nobody in the plan is"),
            (.signature(of: "bob"), "asks bob to sign, who is no person of the plan"),
            (.file(" "), "names no file"),
            (.command([""]), "names no program"),
            (.command(["true"], within: .zero), "has no time"),
            (.file("a\u{0}b"), "has a NUL in its words"),
        ] as [(DoneCheck, String)]
    )
    func `what proves nothing is refused`(check: DoneCheck, words: String) {
        let found = Self.faults(check)
        #expect(found.count == 1 && found[0].hasPrefix("plan.done_when: check 2 of task a \(words)"), "\(found)")
    }

    @Test func `nor does whoever does the task another way review it`() {
        var fallback = TaskFallback()
        fallback.assignedAgent = "bob"
        #expect(Self.faults(.review(by: "critic")) { $0.fallback = fallback }.count == 1)
    }

    @Test func `one check is one thing`() {
        var check = DoneCheck.file("x")
        check.command = ["true"]
        #expect(Self.faults(check) == ["plan.done_when: check 2 of task a is several checks at once"])
        check = .signature()
        check.instructions = "Look."
        #expect(Self.faults(check) == ["plan.done_when: check 2 of task a has instructions and no reviewer"])
    }

    @Test func `a built-in reviewer needs no line of plan`() {
        var task = TaskSpec(id: "a", description: "Write it.")
        task.doneWhen = [.review(by: "review")]
        var agent = AgentProfile(id: "ann")
        agent.command = ["true"]
        var plan = Plan(id: "p", agents: [agent], tasks: [task])
        plan.defaults.model = "ollama/m"
        #expect(PlanCheck.diagnostics(of: plan).filter(\.blocksRun).isEmpty)
        #expect(plan.unfolded.agents.map(\.id) == ["ann", "review"])
    }
}
