import BatonCore
import BatonTestKit
import Synchronization
import Testing

@testable import BatonAgents

/// Lines that are kept for whoever uses them next.
@Suite(.timeLimit(.minutes(2))) struct LinePoolTests {
    private final class Line: PooledLine {
        let closed = Mutex(false)

        var isBroken: Bool { false }

        func close() async { self.closed.withLock { $0 = true } }
    }

    private struct Fault: Error {}

    private static func use(_ pool: LinePool<String, Line, Fault>, _ line: Line) async throws {
        try await pool.with("a", open: { .success(line) }, { _ throws(Fault) in }).get()
    }

    @Test(arguments: [(true, 60), (false, 300)])
    func `one that nobody uses is closed in time, and soon where somebody waits for it`(
        isWanted: Bool,
        seconds: Int
    ) async throws {
        let (clock, line) = (ManualClock(), Line())
        let pool = LinePool<String, Line, Fault>(idle: .seconds(300), clock: clock) { isWanted }
        let start = clock.now()
        try await Self.use(pool, line)
        for _ in 0..<(isWanted ? 1 : 5) { await clock.advanceToNextSleeper() }
        while !line.closed.withLock({ $0 }) { await Task.yield() }
        #expect(clock.now() - start == .seconds(seconds))
    }
}
