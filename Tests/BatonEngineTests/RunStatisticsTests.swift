import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// Figures over many runs, worked out by hand.
@Suite(.timeLimit(.minutes(30))) struct RunStatisticsTests {
    private static func head(
        _ run: RunID,
        _ state: String,
        lasting seconds: Int,
        title: String = "T",
        rehearsal: Bool = false
    )
        -> RunHead
    {
        let begun = Timestamp(microseconds: 1_000_000)
        return RunHead(
            run: run,
            title: title,
            state: state,
            isEnded: RunEnd(rawValue: state) != nil,
            isRehearsal: rehearsal,
            totalTasks: 1,
            endedTasks: 1,
            openQuestions: 0,
            createdAt: begun,
            updatedAt: begun + .seconds(seconds),
            position: Position(9),
            hash: .zero
        )
    }

    @Test func `runs count under their plan, with how they ended and how long they took`() {
        var statistics = RunStatistics(hasAgents: false)
        for (head, plan) in [
            (Self.head("web-20261121-090000", "completed", lasting: 10), "web"),
            (Self.head("mine", "partial", lasting: 30), "web"), (Self.head("third", "running", lasting: 99), "web"),
            (Self.head("web-20261121-090002", "completed", lasting: 99, rehearsal: true), "web"),
            (Self.head("web-20261121-090003", "failed", lasting: 5), "Named"),
        ] { statistics.take(head, of: plan) }
        #expect(statistics.runs == 4)
        #expect(statistics.plans.map(\.name) == ["web", "Named"])
        let web = statistics.plans[0]
        #expect([web.runs, web.ended, web.ends[.completed], web.ends[.partial]] == [3, 2, 1, 1])
        #expect(web.successRate == 50)
        #expect(web.duration == RunTimes.Spread([.seconds(10), .seconds(30)]))
        #expect(statistics.plans[1].successRate == 0)
        #expect(statistics.json["agents"] == JSON.null)
    }

    @Test func `agents count over all runs, and what was spent is summed by plan`() async throws {
        let journal = MemoryJournal()
        let performer = ScriptedPerformer { work in
            var usage = Usage()
            usage.tokens = 3
            usage.cpu = .seconds(2)
            guard work.attempt > 1 || work.task.id == "a" else {
                return .failed(Failure(.transient, "x", "not yet", remedy: "wait"), usage)
            }
            return .done("done", usage)
        }
        let clock = ManualClock()
        let engine = Engine(journal: journal, clock: clock) { _ in performer }
        try await engine.running { engine in
            for tasks in [["a"], ["a", "b"]] {
                let handle = try await engine.start(functionPlan(tasks.map { TaskSpec(id: TaskID($0)) }))
                async let outcome = handle.outcome()
                for try await event in handle.events where event.kind == "task_rested" {
                    clock.advance(by: .seconds(5))
                }
                #expect(try await outcome.end == .completed)
            }
        }
        let statistics = try await Readings(journal).statistics(withAgents: true)
        #expect(statistics.runs == 2)
        let agent = try #require(statistics.agents.first)
        #expect(statistics.agents.count == 1)
        // a and a, b twice.
        #expect([agent.runs, agent.attempts, agent.completed, agent.failed] == [2, 4, 3, 1])
        #expect(agent.successRate == 75)
        #expect(agent.usage.cpu == .seconds(8))
        #expect(statistics.plans.first?.usage?.tokens == 12)
        #expect(try await Readings(journal).statistics(of: 1, withAgents: true).agents.first?.attempts == 3)
    }
}
