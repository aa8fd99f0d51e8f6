import BatonCore
import BatonEngine
import Testing

@testable import BatonAgents

/// What the processes of an attempt have used, as the kernel counts it.
@Suite(.timeLimit(.minutes(10)))
struct CommandUsageTests {
    private static let burn = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"

    #if os(Linux)
    @Test func `the time of processors is what the command itself was told`() async throws {
        try await CommandRig.lend { rig in
            let result = await rig.shell("\(Self.burn); times")
            let told = try #require(result.value?.string.flatMap(Self.seconds))
            let cpu = try #require(result.usage.cpu)
            #expect(told > .milliseconds(10))
            // The shell tells hundredths, and ends a little later.
            #expect(cpu >= told - .milliseconds(20) && cpu <= told + .milliseconds(500), "\(cpu), told \(told)")
        }
    }

    @Test func `children that the command has waited for count`() async throws {
        try await CommandRig.lend { rig in
            let result = await rig.shell("sh -c '\(Self.burn)'; times")
            let told = try #require(result.value?.string.flatMap(Self.seconds))
            #expect(told > .milliseconds(10))
            let cpu = try #require(result.usage.cpu)
            #expect(cpu >= told - .milliseconds(20), "\(cpu), told \(told)")
        }
    }

    @Test func `the peak of memory is that of the largest process, and unknown below what came from the engine`()
        async throws
    {
        try await CommandRig.lend { rig in
            let large = await rig.shell("dd if=/dev/zero of=/dev/null bs=600M count=1 2>/dev/null; echo 1")
            if let peak = large.usage.peakMemory {
                #expect(peak >= 600 << 20 && peak < 700 << 20, "\(peak)")
            } else {
                // All tests are one process: it may be too large itself to tell.
                #expect(LeaderUsage.enginePeak > 500 << 20)
            }
            let small = await rig.shell("echo 1")
            #expect(small.usage.peakMemory == nil)
            #expect(small.usage.cpu != nil)
        }
    }

    @Test func `an attempt that fails, dies or is stopped has used something too`() async throws {
        try await CommandRig.lend { rig in
            for script in ["exit 3", "kill -9 $$", "yes"] {
                let result = await rig.shell(script) { agent, _ in agent.limits.outputBytes = 1 << 20 }
                #expect(result.failure != nil)
                let cpu = try #require(result.usage.cpu)
                #expect(cpu > .zero, "\(script)")
            }
            let (stopped, _) = await rig.cancelled("\(Self.burn); echo ready >&2; sleep 100")
            #expect(stopped.isStopped)
            let cpu = try #require(stopped.usage.cpu)
            #expect(cpu > .milliseconds(10), "\(cpu)")
        }
    }
    #endif

    @Test func `of a command that never began nothing is known`() async throws {
        try await CommandRig.lend { rig in
            #expect(await rig.perform(rig.work(["no-such-program"])).usage == .none)
        }
    }

    // The first line of `times` is the shell, the second its children: `0m0.120s 0m0.010s`.
    private static func seconds(_ told: String) -> Duration? {
        let parts = told.split(whereSeparator: \.isWhitespace)
        let spans = parts.compactMap { part -> Double? in
            let numbers = part.dropLast().split(separator: "m").compactMap { Double($0) }
            return numbers.count == 2 ? numbers[0] * 60 + numbers[1] : nil
        }
        return spans.count == 4 ? .seconds(spans.reduce(0, +)) : nil
    }
}

extension WorkResult {
    var usage: Usage {
        switch self {
        case .done(_, let usage), .failed(_, let usage), .stopped(let usage): usage
        }
    }
}
