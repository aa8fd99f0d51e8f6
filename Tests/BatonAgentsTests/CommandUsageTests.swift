import BatonCore
import BatonEngine
import Testing

@testable import BatonAgents

/// What the processes of an attempt have used, as the kernel counts it.
@Suite(.timeLimit(.minutes(30)))
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

    @Test func `the peak of memory is that of the largest process, also below what the engine has`()
        async throws
    {
        try await CommandRig.lend { rig in
            let large = await rig.shell("dd if=/dev/zero of=/dev/null bs=600M count=1 2>/dev/null; echo 1")
            let peak = large.usage.peakMemory ?? 0
            #expect(peak < 700 << 20, "\(peak)")
            // All tests are one process: it may be so large itself that only looks tell, and these do not see the end.
            #expect(peak >= 600 << 20 || LeaderUsage.enginePeak > 500 << 20, "\(peak)")
            // Too short to be looked at, as a rule.
            let small = await rig.shell("echo 1")
            #expect(small.usage.peakMemory ?? 0 < 32 << 20)
            // Something is told of every command: what it had, or what it cannot have had more of.
            #expect((small.usage.peakMemory == nil) != (small.usage.peakMemoryBound == nil))
            #expect(small.usage.peakMemoryBound ?? 0 <= LeaderUsage.enginePeak * 8 / 7)
            #expect(small.usage.cpu != nil)
        }
    }

    @Test func `small commands are told from a large engine`() async throws {
        // Not more: all tests are one process, and others look at what it needs.
        let size = 96 << 20
        let ballast = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        defer { ballast.deallocate() }
        // Only what has been written to is in memory.
        ballast.initializeMemory(as: UInt8.self, repeating: 1, count: size)
        #expect(LeaderUsage.enginePeak > 96 << 20)
        try await CommandRig.lend { rig in
            let nothing = await rig.perform(rig.work(["true"]))
            #expect(nothing.usage.peakMemory ?? 0 < 32 << 20, "unknown, or small")
            #expect(nothing.usage.peakMemory != nil || nothing.usage.peakMemoryBound ?? 0 >= 96 << 20)
            let brief = await rig.perform(rig.work(["sleep", "0"]))
            #expect(brief.usage.peakMemory ?? 0 < 32 << 20, "unknown, or small")
            // Looked at however busy the machine is with other tests.
            async let long = rig.perform(rig.work(["sleep", "5"]))
            // A child of the command has its buffer as long as nobody reads from it.
            async let large = rig.shell("dd if=/dev/zero bs=48M count=1 2>/dev/null | { sleep 5; wc -c; }")
            let small = try #require(await long.usage.peakMemory)
            #expect(small > 0 && small < 32 << 20, "\(small)")
            let peak = try #require(await large.usage.peakMemory)
            #expect(peak >= 48 << 20 && peak < 80 << 20, "\(peak)")
        }
        withExtendedLifetime(ballast) {}
    }

    @Test func `what has left its session counts, also if nobody has waited for it`() async throws {
        try await CommandRig.lend { rig in
            // The shell stays itself: in the moment of an exec nobody can read whose it is.
            let script =
                "mkfifo up; (setsid sh -c '\(Self.burn); times > told; echo > up; sleep 60; :' &); read x < up; cat told"
            let result = await rig.shell(script)
            let told = try #require(result.value?.string.flatMap(Self.seconds))
            #expect(told > .milliseconds(10))
            let cpu = try #require(result.usage.cpu)
            #expect(cpu >= told - .milliseconds(20) && cpu <= told + .milliseconds(500), "\(cpu), told \(told)")
        }
    }

    @Test func `an attempt is alone only if no other has worked since it began`() {
        let attempts = LiveAttempts()
        attempts.begin("a", at: 1)
        #expect(attempts.isAlone("a"))
        attempts.begin("b", at: 2)
        #expect(!attempts.isAlone("a") && !attempts.isAlone("b"))
        attempts.end("b")
        #expect(!attempts.isAlone("a"))
        attempts.end("a")
        attempts.begin("c", at: 3)
        #expect(attempts.isAlone("c"))
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
