import BatonAgents
import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// Progress by callback.
@Suite(.timeLimit(.minutes(30))) struct ProgressReportTests {
    private static func waiting(for gate: Gate, _ clock: ManualClock) -> Engine {
        Engine(journal: MemoryJournal(), clock: clock) { _ in
            FunctionPerformer { _ in
                await gate.wait()
                return "done"
            }
        }
    }

    @Test(arguments: [nil, Duration.seconds(3)])
    func `while nothing changes a callback comes once an interval, by the plan or by the call`(
        interval: Duration?
    ) async throws {
        let (clock, gate) = (ManualClock(), Gate())
        let engine = Self.waiting(for: gate, clock)
        var plan = functionPlan([TaskSpec(id: "a")])
        plan.defaults.progressUpdateInterval = .seconds(7)
        try await engine.running { [plan] engine in
            let run = try await engine.start(plan)
            let (calls, call) = AsyncStream.makeStream(of: Progress.self)
            async let reports: Void = run.onProgress(every: interval) { call.yield($0) }
            var heard = calls.makeAsyncIterator()
            while let progress = await heard.next(), progress.runningTasks == 0 {}
            for _ in 0..<3 {
                clock.advance(by: interval ?? .seconds(7))
                #expect(await heard.next()?.runningTasks == 1)
            }
            gate.open()
            while let progress = await heard.next(), progress.percentage < 100 {}
            try await reports
        }
    }

    @Test func `a callback that takes long delays nobody, and gets the newest when it is ready`() async throws {
        let (clock, gate) = (ManualClock(), Gate())
        let engine = Engine(journal: MemoryJournal(), clock: clock) { _ in FunctionPerformer { _ in "done" } }
        let plan = functionPlan((0..<200).map { TaskSpec(id: TaskID("t\($0)")) })
        let percents = try await engine.running { engine in
            let run = try await engine.start(plan)
            let (calls, call) = AsyncStream.makeStream(of: Double.self)
            async let reports: Void = run.onProgress { progress in
                call.yield(progress.percentage)
                await gate.wait()
            }
            var heard = calls.makeAsyncIterator()
            var percents = [await heard.next()]
            // The run ends while the first call is still at work.
            #expect(try await run.outcome().end == .completed)
            gate.open()
            try await reports
            call.finish()
            while let percent = await heard.next() { percents.append(percent) }
            return percents
        }
        #expect(percents.last == 100)
        #expect(percents.count < 20, "\(percents)")
    }
}
