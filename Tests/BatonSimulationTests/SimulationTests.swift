import BatonCore
import BatonTestKit
import Testing

@Suite struct SimulationTests {
    /// Seeds are cut into shares, so that both cores have work.
    @Test(arguments: 0..<10)
    func `the invariants hold over seeds with crashes, late results and people`(share: Int) throws {
        for seed in (share * 500)..<(share * 500 + 500) { _ = try Simulation.play(seed: UInt64(seed)) }
    }

    @Test func `a crash before and after every append of a run is survived`() throws {
        for seed: UInt64 in 0..<40 {
            let calm = try Simulation.play(seed: seed, crashAtAppend: 0)
            for append in 2..<(2 * calm.events + 2) { _ = try Simulation.play(seed: seed, crashAtAppend: append) }
        }
    }

    @Test func `the same seed gives the same history`() throws {
        for seed: UInt64 in 0..<50 {
            #expect(try Simulation.play(seed: seed) == Simulation.play(seed: seed))
        }
    }

    @Test func `rare situations are reached`() throws {
        var saw: Set<String> = []
        var crashes = 0
        var stale = 0
        var ends: Set<RunEnd> = []
        for seed: UInt64 in 0..<600 {
            let report = try Simulation.play(seed: seed)
            saw.formUnion(report.saw)
            crashes += report.crashes
            stale += report.stale
            if let end = report.end { ends.insert(end) }
        }
        #expect(crashes > 100)
        #expect(stale > 20)
        #expect(ends == Set(RunEnd.allCases))
        let wanted: Set<String> = [
            "late result", "answered work", "answered staffing", "answered unknown_outcome", "paused", "cancelled",
            "skipped",
        ]
        #expect(saw.isSuperset(of: wanted))
    }
}
