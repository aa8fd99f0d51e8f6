import BatonEngine
import BatonSQLite
import Foundation
import Synchronization

/// W6 and recovery: this program is started again as a child, killed with `kill -9`, and a second child resumes its runs.
struct Crash {
    let work: Layers
    let folder: String
    /// How many runs go on at once; a plan may have 100,000 tasks at most.
    let runs: Int

    private var data: String { "\(self.folder)/data" }
    private var names: [RunID] { (0..<self.runs).map { RunID("w1-\($0)") } }
    private func log(_ part: Int) -> String { "\(self.folder)/executed-\(part)" }

    // MARK: The children

    /// Plays W1 and logs each task that it executes.
    func play() async throws {
        let log = try Log(self.log(1))
        try await self.play { work in log.append(self.work.number(of: work.task.id)) }
    }

    /// Plays W1 and kills itself when every run has come to its last layer.
    func playToLastLayer() async throws {
        let (arrived, last) = (Arrivals(), self.work.count - self.work.width)
        try await self.play { work in
            guard self.work.number(of: work.task.id) >= last else { return }
            if arrived.note(work.run) == self.runs { kill(getpid(), SIGKILL) }
            try await Task.sleep(for: .seconds(3600))
        }
    }

    private func play(_ executed: @escaping @Sendable (Work) async throws -> Void) async throws {
        let agent = self.work.witness(executed)
        let (engine, plan) = (try Engine(dataFolder: self.data, agents: [agent]), self.work.plan(for: agent))
        try await engine.running { engine in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in self.names {
                    var options = Engine.StartOptions()
                    options.id = name
                    let run = try await engine.start(plan, options: options)
                    group.addTask { _ = try await run.outcome() }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Resumes the runs one after the other and prints how long it took from opening the folder until each has executed a
    /// task, and to the end.
    func resume() async throws {
        let (log, start, arrived) = (try Log(self.log(2)), ContinuousClock.now, Arrivals())
        let agent = self.work.witness { work in
            arrived.note(work.run)
            log.append(self.work.number(of: work.task.id))
        }
        let engine = try Engine(dataFolder: self.data, agents: [agent])
        let outcomes = try await engine.running { engine in
            var handles: [RunHandle] = []
            for name in self.names { handles.append(try await engine.resume(name)) }
            var outcomes: [RunOutcome] = []
            for handle in handles { outcomes.append(try await handle.outcome()) }
            return outcomes
        }
        let end = ContinuousClock.now
        for outcome in outcomes { try self.work.check(outcome) }
        let figures = Measured.usageFigures
        print(Self.seconds(arrived.last - start), Self.seconds(end - start), figures.cpu, figures.peak)
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

    // MARK: The parent

    /// W6: kills the first child when half of the tasks have been executed.
    func measure() async throws {
        try self.prepare()
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        let first = try Child("w6play", folder: self.folder)
        while first.isRunning, Log.lines(self.log(1)) < self.work.count / 2 { usleep(1000) }
        first.kill()
        let before = Log.numbers(self.log(1))
        let recorded = try await self.recorded().completed
        let start = ContinuousClock.now
        let second = try Child("w6resume", folder: self.folder)
        while second.isRunning, Log.lines(self.log(2)) == 0 { usleep(500) }
        let seen = ContinuousClock.now
        let said = try second.wait()
        let after = Log.numbers(self.log(2))
        Measured.emit(
            "w6",
            self.work.count,
            [
                ("executed_before_kill", Double(before.count)), ("recorded_at_kill", Double(recorded.count)),
                ("restart_to_first_new_task_s", Self.seconds(seen - start)),
                ("restart_to_done_s", Self.seconds(ContinuousClock.now - start)),
                ("open_to_first_new_task_s", said[0]), ("executed_after", Double(after.count)),
                ("executed_twice", Double(Set(before).intersection(after).count)),
                ("recorded_executed_twice", Double(recorded.intersection(after).count)),
                ("executed_in_all", Double(Set(before).union(after).count)),
            ]
        )
    }

    /// Recovery: the first child dies before its last layer, so that the second one reads nearly all events.
    func measureRecovery() async throws {
        try self.prepare()
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        _ = try? Child("recoveryplay", folder: self.folder).wait()
        let events = Double(try await self.recorded().events)
        let said = try Child("recoveryresume", folder: self.folder).wait()
        Measured.emit(
            "recovery",
            self.runs * self.work.count,
            [
                ("runs", Double(self.runs)), ("events", events), ("open_to_first_new_task_s", said[0]),
                ("events_per_s", events / said[0]), ("cpu_s", said[2]), ("peak_rss_mb", said[3]),
            ]
        )
    }

    private func prepare() throws {
        try? FileManager.default.removeItem(atPath: self.folder)
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    }

    // A copy is looked at, so that looking does not tidy what the second child has to open. A task that is done has four
    // events (attempt_started, step_owed, step_returned, task_ended), one that runs has two, a run has one.
    private func recorded() async throws -> (completed: Set<Int>, events: Int) {
        let copy = "\(self.folder)/copy"
        try FileManager.default.copyItem(atPath: self.data, toPath: copy)
        let engine = try Engine(dataFolder: copy)
        var (completed, events): (Set<Int>, Int) = ([], 0)
        for name in self.names {
            events += 1
            for task in try await engine.outcome(of: name).tasks {
                switch task.state {
                case "completed":
                    completed.insert(self.work.number(of: task.task))
                    events += 4
                case "running": events += 2
                default: break
                }
            }
        }
        return (completed, events)
    }
}

/// Which runs have come somewhere, and when the last of them did.
private final class Arrivals: Sendable {
    private let state = Mutex<(runs: Set<RunID>, last: ContinuousClock.Instant)>(([], .now))

    /// How many have come, this one among them.
    @discardableResult
    func note(_ run: RunID) -> Int {
        self.state.withLock { state in
            if state.runs.insert(run).inserted { state.last = .now }
            return state.runs.count
        }
    }

    var last: ContinuousClock.Instant { self.state.withLock { $0.last } }
}
