import BatonCore
import Foundation
import Testing

@Suite struct RehearsalTests {
    private static let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/samples/healthcare_blockchain_compressed.json")

    private static var hasSample: Bool { FileManager.default.fileExists(atPath: Self.sample.path) }

    private static func samplePlan() throws -> Plan {
        PlanDecoder.plan(try JSONReader.read(Array(Data(contentsOf: Self.sample)), depth: JSONReader.usualDepth))
    }

    private static func play(_ plan: Plan, seed: UInt64 = 1) throws -> (run: Run, facts: [Recorded]) {
        let seed = RunSeed(run: RunID("r"), plan: plan, stored: .zero, seed: seed, mode: .rehearsal, engine: "test")
        var out = Emission()
        let start = plan.scheduling.startDate?.projectTimestamp ?? .zero
        var time = VirtualTime(Run.create(seed, at: start, by: .engine, &out))
        var facts = out.facts
        while let more = try time.step() { facts += more }
        return (time.run, facts)
    }

    @Test func `a vote that is decided before its last round is joined from the round that was played`() throws {
        var poll = TaskSpec(id: "poll", description: "Which?")
        (poll.pattern, poll.voters, poll.rounds, poll.stopsEarly) = (.consensus, ["ann", "bob", "cyd"], 2, true)
        (poll.produces, poll.minAgreement) = (["enum": ["A"]], 0.6)
        let agents = poll.voters.map { AgentProfile(id: AgentID($0)) }
        let (run, _) = try Self.play(Plan(id: "p", agents: agents, tasks: [poll]).unfolded)
        let whole = try #require(run.index(of: "poll"))
        #expect(run.output(of: whole)?.inlined?["not_asked"]?.elements?.count == 3)
        #expect(run.phase == .ended(.completed))
    }

    @Test(.enabled(if: Self.hasSample, "the sample plan is not beside the package"))
    func `the sample plays to its end, each task after what it needs`() throws {
        let plan = try Self.samplePlan()
        let (run, facts) = try Self.play(plan)
        #expect(run.phase == .ended(.completed))
        #expect(run.counts.all.completed == 6)
        var ended: [TaskID] = []
        for fact in facts {
            switch fact.event {
            case .attemptStarted(let task, _, _):
                #expect(plan.tasks[task.offset].dependencies.allSatisfy(ended.contains))
            case .taskEnded(let task, _): ended.append(plan.tasks[task.offset].id)
            default: continue
            }
        }
        #expect(ended.count == 6)
        #expect(ended.first == "kickoff")
        #expect(ended.last == "final_review")
        let forecast = try #require(Forecast.of(plan))
        #expect(forecast.duration == facts[facts.count - 1].at - facts[0].at)
        #expect(forecast.criticalHours == 3)
        for task in run.tasks.indices {
            guard case .inline(let output)? = run.output(of: TaskIndex(task)) else {
                Issue.record("no output")
                continue
            }
            #expect(output["rehearsal"] == true)
            #expect(output["summary"]?.string?.hasPrefix(StandIn.mark) == true)
        }
    }

    private static func diamond(_ agents: Int = 2) -> Plan {
        func task(_ id: TaskID, _ hours: Double, after: [TaskID] = []) -> TaskSpec {
            Sketch.task(id, after: after) { $0.estimatedHours = hours }
        }
        return Sketch.plan(
            (0..<agents).map { Sketch.agent(AgentID("w\($0)")) },
            [task("a", 1), task("b", 2, after: ["a"]), task("c", 5, after: ["a"]), task("d", 1, after: ["b", "c"])]
        )
    }

    @Test func `the same seed gives the same facts, another seed may not`() throws {
        #expect(try Self.play(Self.diamond()).facts == Self.play(Self.diamond()).facts)
        #expect(try Self.play(Self.diamond()).facts.map(\.at) != Self.play(Self.diamond(), seed: 2).facts.map(\.at))
    }

    @Test func `a date of the plan is waited for in project time`() throws {
        var plan = Self.diamond()
        plan.scheduling.startDate = Plan.PlannedDate("2026-11-21T09:00")
        plan.tasks[1].scheduledDate = Plan.PlannedDate("2026-11-25T10:00:00+01:00")
        let date = try #require(Plan.PlannedDate("2026-11-25T09:00")).projectTimestamp
        let (run, facts) = try Self.play(plan)
        #expect(run.phase == .ended(.completed))
        let started = facts.first { fact in
            if case .attemptStarted(TaskIndex(1), _, _) = fact.event { return true }
            return false
        }
        #expect(started?.at == date)
    }

    @Test func `timeouts of real work do not end the hours of a rehearsal`() throws {
        var plan = Self.diamond()
        plan.defaults.taskTimeout = .seconds(60)
        plan.tasks[2].timeout = .seconds(1)
        let (run, facts) = try Self.play(plan)
        #expect(run.phase == .ended(.completed))
        #expect(facts.filter { EventCodec.kind(of: $0.event) == "stop_requested" }.isEmpty)
    }

    @Test func `a real run does not wait for a date of the plan`() throws {
        var plan = Self.diamond()
        plan.tasks[0].scheduledDate = Plan.PlannedDate("9999-01-01")
        var scene = try RunScene(plan)
        #expect(try scene.when(.slots(1)).first == "attempt a#1 by w0")
    }

    @Test func `a forecast tells duration, critical path and width`() throws {
        let forecast = try #require(Forecast.of(Self.diamond()))
        #expect(forecast.criticalPath == ["a", "c", "d"])
        #expect(forecast.criticalHours == 7)
        #expect(forecast.widest == 2)
        #expect((Duration.seconds(7 * 3240)...Duration.seconds(7 * 3960)).contains(forecast.duration))
        let alone = try #require(Forecast.of(Self.diamond(1)))
        #expect(alone.widest == 1)
        #expect(alone.duration > forecast.duration)
    }

    @Test func `a plan that needs an answer has no forecast`() {
        var plan = Self.diamond()
        plan.tasks[0].agentType = "unheard"
        #expect(Forecast.of(plan) == nil)
        plan.tasks[0].agentType = nil
        plan.tasks[0].dependencies = ["d"]
        #expect(Forecast.of(plan) == nil)
    }

    @Test func `people are played too, and commands work under virtual time`() throws {
        var plan = Self.diamond()
        plan.agents[0].type = "person"
        #expect(try Self.play(plan).run.phase == .ended(.completed))
        let seed = RunSeed(run: RunID("r"), plan: plan, stored: .zero, seed: 1, mode: .rehearsal, engine: "test")
        var out = Emission()
        var time = VirtualTime(Run.create(seed, at: .zero, by: .engine, &out))
        _ = try time.step()
        time.move(to: .zero + .seconds(60))
        _ = try time.handle(.cancel, by: .person("ann"))
        while try time.step() != nil {}
        #expect(time.run.phase == .ended(.cancelled))
        #expect(time.now == .zero + .seconds(60))
    }
}
