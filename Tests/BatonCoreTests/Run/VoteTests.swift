import Testing

@testable import BatonCore

/// Votes as tasks of a run: in any order of arrival, over when they are decided, and told of those who failed.
@Suite struct VoteTests {
    private static func plan(_ voters: Int, _ change: (inout TaskSpec) -> Void = { _ in }) -> Plan {
        var poll = TaskSpec(id: "poll")
        poll.pattern = .consensus
        poll.voters = (1...voters).map { "v\($0)" }
        poll.maxAttempts = 1
        change(&poll)
        var plan = Sketch.plan(poll.voters.map { Sketch.agent(AgentID($0), most: 9) }, [poll])
        plan.defaults.maxRetryAttempts = 1
        return plan.unfolded
    }

    private static func scene(_ voters: Int, _ change: (inout TaskSpec) -> Void = { _ in }) throws -> RunScene {
        var scene = try RunScene(Self.plan(voters, change))
        try scene.when(.slots(99))
        return scene
    }

    private static func says(_ words: JSON) -> StepResult { .done(.inline(words), .none) }
    private static let fails = StepResult.failed(Failure(.permanent, "x.y", "no luck", remedy: "none"), .none)

    private static func result(_ run: Run) throws -> JSON {
        let whole = run.index(of: "poll") ?? TaskIndex(0)
        return try Joining.result(of: run.spec(whole), parts: run.partResults(of: whole)).get()
    }

    // Each vote comes when the order says so; who was told to stop stops at the end.
    private static func play(_ plan: Plan, _ votes: [JSON?], _ order: [Int], _ slots: Int) throws -> Run {
        let seed = RunSeed(run: "r", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "test")
        var out = Emission()
        var run = Run.create(seed, at: RunScene.noon, by: .engine, &out)
        try run.handle(.slots(slots), at: RunScene.noon, by: .engine, &out)
        var left = order
        while let place = left.firstIndex(where: { voter in
            run.owed.keys.contains { run.spec($0.task).id == TaskID("poll.\(voter + 1)") }
        }) {
            let voter = left.remove(at: place)
            guard let key = run.owed.keys.first(where: { run.spec($0.task).id == TaskID("poll.\(voter + 1)") }) else {
                break
            }
            try run.handle(
                .returned(key, votes[voter].map(Self.says) ?? Self.fails),
                at: RunScene.noon,
                by: .engine,
                &out
            )
            for key in run.stopping.keys.sorted() {
                try run.handle(.returned(key, .stopped(.none)), at: RunScene.noon, by: .engine, &out)
            }
            try run.handle(.slots(slots), at: RunScene.noon, by: .engine, &out)
        }
        return run
    }

    @Test func `in which order the votes arrive changes nothing, in ten thousand orders`() throws {
        var draws = SplitMix64(seed: 7)
        let words: [JSON?] = ["yes", "Yes.", "no", nil, ["n": 1], ["n": 1.0]]
        let plans = [Self.plan(5), Self.plan(5) { $0.stopsEarly = true }]
        for _ in 0..<100 {
            let votes = (0..<5).map { _ in words[draws.below(words.count)] }
            var whole: JSON?
            for _ in 0..<50 {
                let order = (0..<5).map { ($0, draws.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
                guard votes.contains(where: { $0 != nil }) else { continue }
                let told = try Self.result(try Self.play(plans[0], votes, order, 9))
                #expect(whole == nil || whole == told)
                whole = told
                // What a vote that is over early does not count is how many more would have agreed.
                let early = try Self.result(try Self.play(plans[1], votes, order, 1 + draws.below(5)))
                #expect(early["consensus"] == told["consensus"], "\(votes) \(order)")
                #expect(Self.winner(early) == Self.winner(told), "\(votes) \(order)")
            }
        }
    }

    private static func winner(_ result: JSON) -> JSON { Ballot.normal(result["winning_result"] ?? .null) }

    @Test func `names that look like rounds are none where there is one round`() throws {
        var scene = try Self.scene(3) {
            $0.stopsEarly = true
            $0.subtasks = $0.voters.enumerated().map { place, voter in
                var part = TaskSpec(id: TaskID("ask.r\(place + 1)"))
                part.assignedAgent = AgentID(voter)
                return part
            }
        }
        try scene.when(.returned(scene.key("ask.r1"), Self.says("no")))
        #expect(scene.state("ask.r2") == "running" && scene.state("ask.r3") == "running")
        try scene.when(.returned(scene.key("ask.r2"), Self.says("yes")))
        try scene.when(.returned(scene.key("ask.r3"), Self.says("yes")))
        #expect(try Self.result(scene.run)["winning_result"] == "yes")
    }

    @Test func `a vote is over when nobody can change it: who is asked is told to stop, who is not is left alone`()
        throws
    {
        var scene = try RunScene(Self.plan(5) { $0.stopsEarly = true })
        try scene.when(.slots(4))
        try scene.when(.returned(scene.key("poll.1"), Self.says("yes")))
        try scene.when(.returned(scene.key("poll.2"), Self.says("yes")))
        let lines = try scene.when(.returned(scene.key("poll.3"), Self.says("Yes")))
        #expect(
            lines.suffix(2) == ["end poll.5 skipped as decided", "stop poll.4#1.1/1 decided"].sorted().reversed()
                || Set(lines.suffix(2)) == ["stop poll.4#1.1/1 decided", "end poll.5 skipped as decided"],
            "\(lines)"
        )
        #expect(scene.state("poll.4") == "stopping" && scene.state("poll.5") == "skipped")
        try scene.when(.returned(scene.key("poll.4"), .stopped(.none)))
        let told = try Self.result(scene.run)
        #expect(told["consensus"] == true && told["agreement"] == 0.6)
        #expect(told["not_asked"] == ["poll.4", "poll.5"] && told["failures"] == [])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("poll"), Self.says(told)))
        #expect(scene.end == .completed)
    }

    @Test func `a vote in which nobody can win any more is over too, and says so`() throws {
        var scene = try RunScene(Self.plan(4) { $0.stopsEarly = true })
        try scene.when(.slots(1))
        for (place, vote) in ["a", "b"].enumerated() {
            try scene.when(.returned(scene.key(TaskID("poll.\(place + 1)")), Self.says(.string(vote))))
            try scene.when(.slots(1))
        }
        // One of two for a, and two more: three of four could still agree.
        #expect(scene.state("poll.3") == "running")
        try scene.when(.returned(scene.key("poll.3"), Self.says("c")))
        #expect(scene.state("poll.4") == "skipped")
        let told = try Self.result(scene.run)
        #expect(
            told["reason"]?.string
                == "1 of 4 asked agree, and 1 more could not make it min_agreement 0.6; nobody asked them"
        )
    }

    @Test func `who had answered before the stop came is counted`() throws {
        var scene = try Self.scene(3) { ($0.stopsEarly, $0.minAgreement) = (true, 0.6) }
        try scene.when(.returned(scene.key("poll.1"), Self.says("a")))
        try scene.when(.returned(scene.key("poll.2"), Self.says("a")))
        #expect(scene.state("poll.3") == "stopping")
        #expect(try scene.when(.returned(scene.key("poll.3"), Self.says("b"))).last == "end poll.3 completed")
        #expect(try Self.result(scene.run)["minority"]?[0]?["answer"] == "b")
    }

    @Test func `a round in which all that is wanted agree is the last one`() throws {
        var scene = try Self.scene(3) { ($0.stopsEarly, $0.rounds) = (true, 3) }
        for voter in 1...2 { try scene.when(.returned(scene.key(TaskID("poll.\(voter)")), Self.says("a"))) }
        // Within a round that is not the last one, all are heard.
        #expect(scene.state("poll.3") == "running")
        let lines = try scene.when(.returned(scene.key("poll.3"), Self.says("b")))
        #expect(lines.filter { $0.hasSuffix("skipped as decided") }.count == 6)
        let told = try Self.result(scene.run)
        #expect(told["total_agents"] == 3 && told["agreement"] == 0.6667 && told["winning_result"] == "a")
        #expect(told["not_asked"]?.elements?.count == 6)
    }

    @Test func `a fork without early_stop asks those whom nobody had asked`() throws {
        var scene = try Self.scene(3) { $0.stopsEarly = true }
        for voter in 1...2 { try scene.when(.returned(scene.key(TaskID("poll.\(voter)")), Self.says("a"))) }
        try scene.when(.returned(scene.key("poll.3"), .stopped(.none)))
        #expect(scene.state("poll.3") == "skipped")
        let seed = RunSeed(run: "fork", plan: Self.plan(3), stored: .zero, seed: 1, mode: .real, engine: "test")
        try scene.when(.fork(seed), by: .person("ada"))
        #expect(scene.state("poll.1") == "completed" && scene.state("poll.3") == "ready")
    }

    @Test func `a voter whose votes have been counted without it is not tried again for nothing`() throws {
        var scene = try Self.scene(3) { $0.minAgreement = 0.5 }
        try scene.when(.returned(scene.key("poll.1"), Self.fails))
        for voter in 2...3 { try scene.when(.returned(scene.key(TaskID("poll.\(voter)")), Self.says("a"))) }
        let voter = scene.task("poll.1")
        // Until the votes are counted it is.
        var early = scene
        try early.when(.retry(voter), by: .person("ada"))
        try scene.when(.slots(9))
        let told = try Self.result(scene.run)
        try scene.when(.returned(scene.key("poll"), Self.says(told)))
        let seed = { (plan: Plan) in
            RunSeed(run: "fork", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "test")
        }
        #expect(scene.run.unfinished.isEmpty)
        var vain = scene
        let refusal = #expect(throws: Refusal.self) {
            try vain.when(.fork(seed(vain.run.plan), retrying: [voter]), by: .person("ada"))
        }
        #expect(refusal?.message.hasSuffix("poll has counted its votes without it") == true)
        // In a fork that asks otherwise it is counted anew.
        var other = scene.run.plan
        other.tasks[0].description = "Which one?"
        try scene.when(.fork(seed(other), retrying: [voter]), by: .person("ada"))
        #expect(scene.state("poll.1") == "ready" && scene.state("poll") == "waiting")
    }

    @Test func `without early_stop everybody is heard`() throws {
        var scene = try Self.scene(3)
        for voter in 1...2 { try scene.when(.returned(scene.key(TaskID("poll.\(voter)")), Self.says("a"))) }
        #expect(scene.state("poll.3") == "running")
    }

    @Test func `a run in which a vote went well is complete, though a voter failed`() throws {
        var scene = try Self.scene(3)
        try scene.when(.returned(scene.key("poll.1"), Self.fails))
        for voter in 2...3 { try scene.when(.returned(scene.key(TaskID("poll.\(voter)")), Self.says("a"))) }
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("poll"), Self.says(try Self.result(scene.run))))
        #expect(scene.end == .completed)
    }
}
