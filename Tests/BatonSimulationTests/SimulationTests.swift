import BatonCore
import Testing

@testable import BatonSimulation

/// The simulator in a debug build; `scripts/sim` plays far more of it.
@Suite struct SimulationTests {
    /// Seeds are cut into shares, so that both cores have work.
    @Test(arguments: 0..<8)
    func `no rule is broken, whatever goes wrong`(share: Int) throws {
        var sweep = Sweep()
        for seed in (share * 150)..<(share * 150 + 150) { try sweep.play(.seed(UInt64(seed)), UInt64(seed)) }
        #expect(sweep.schedules == 150)
        #expect(sweep.events > 40 * 150)
        #expect(sweep.replays > 8 * 150)
    }

    @Test func `a crash at every append is survived, before it, after it and while it is answered`() throws {
        for seed: UInt64 in 0..<12 {
            let calm = try Schedule.seed(seed).world(crashAtAppend: 0).playedToEnd()
            for point in 3..<(3 * min(calm.events, 60)) {
                _ = try Schedule.seed(seed).world(crashAtAppend: point).playedToEnd()
            }
        }
    }

    @Test func `the same seed gives the same history`() throws {
        for seed: UInt64 in 0..<30 {
            #expect(try Schedule.seed(seed).play() == Schedule.seed(seed).play())
        }
    }

    @Test func `what a seed chose can be played as a list`() throws {
        for seed: UInt64 in 0..<20 {
            var recorded = Schedule.seed(seed).world(isRecording: true)
            let report = try recorded.play()
            let again = try Schedule.choices(recorded.choices.made).play()
            #expect(again.events == report.events)
            #expect(again.crashes == report.crashes)
        }
    }

    @Test func `a list that ends early is played calmly to its end`() throws {
        let report = try Schedule.choices([]).play()
        #expect(report.crashes == 0)
        #expect(report.reached.contains(.endedCompleted))
    }

    @Test func `a schedule that breaks nothing is not shrunk`() {
        #expect(Shrinker.shrink(.seed(1)) == nil)
    }

    @Test func `all interleavings of small scopes keep the rules`() throws {
        let found = try Exhaustive.search(depth: 5, wishes: 2) { _ in }
        #expect(found.states > 10_000)
    }

    @Test func `a corpus is read line by line, and what nobody can play is refused with its line`() throws {
        let schedules = try Schedule.corpus("# once lost a result\n--seed 12\n\n--choices 1,0,3\n")
        #expect(schedules.map(\.description) == ["--seed 12", "--choices 1,0,3"])
        #expect(throws: Violation.self) { try Schedule.corpus("--seed 12\n--seed x\n") }
    }
}

extension World {
    fileprivate func playedToEnd() throws -> Report {
        var world = self
        return try world.play()
    }
}
