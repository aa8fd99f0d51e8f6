import BatonEngine
import BatonSQLite
import Foundation

/// W6 and recovery: this program is started again as a child, killed with `kill -9`, and a second child resumes its run.
struct Crash {
    let work: Layers
    let folder: String

    private var data: String { "\(self.folder)/data" }
    private func log(_ part: Int) -> String { "\(self.folder)/executed-\(part)" }

    // MARK: The children

    /// Plays W1 and logs each task that it executes; kills itself before task number `last`, if there is one.
    func play(killBefore last: Int?) async throws {
        let log = try Log(self.log(1))
        var work = self.work
        work.executed = { number in
            if let last, number >= last { kill(getpid(), SIGKILL) }
            if last == nil { log.append(number) }
        }
        let (engine, plan) = (try Engine(dataFolder: self.data, agents: [work.witness]), work.plan(for: work.witness))
        _ = try await engine.running { engine in
            try await engine.start(plan, options: Self.options).outcome()
        }
    }

    private static var options: Engine.StartOptions {
        var options = Engine.StartOptions()
        options.id = "w1"
        return options
    }

    /// Resumes the run and prints how long it took from opening the folder to the first task, and to the end.
    func resume() async throws {
        let (log, start, first) = (try Log(self.log(2)), ContinuousClock.now, FirstMoment())
        var work = self.work
        work.executed = { number in
            first.note()
            log.append(number)
        }
        let engine = try Engine(dataFolder: self.data, agents: [work.witness])
        let outcome = try await engine.running { try await $0.resume("w1").outcome() }
        let end = ContinuousClock.now
        try self.work.check(outcome)
        let figures = Measured.usageFigures
        print(Self.seconds(first.moment - start), Self.seconds(end - start), figures.cpu, figures.peak)
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
        // A copy is looked at, so that looking does not tidy what the second child has to open.
        try FileManager.default.copyItem(atPath: self.data, toPath: "\(self.folder)/copy")
        let recorded = try await self.recorded(in: "\(self.folder)/copy")
        let start = ContinuousClock.now
        let second = try Child("w6resume", folder: self.folder)
        while second.isRunning, Log.lines(self.log(2)) == 0 { usleep(500) }
        let seen = ContinuousClock.now
        let said = try second.wait()
        let after = Log.numbers(self.log(2))
        let twice = Set(before).intersection(after).count
        Measured.emit(
            "w6",
            self.work.count,
            [
                ("executed_before_kill", Double(before.count)), ("recorded_at_kill", Double(recorded.count)),
                ("restart_to_first_new_task_s", Self.seconds(seen - start)),
                ("restart_to_done_s", Self.seconds(ContinuousClock.now - start)),
                ("open_to_first_new_task_s", said[0]), ("executed_after", Double(after.count)),
                ("executed_twice", Double(twice)),
                ("recorded_executed_twice", Double(recorded.intersection(after).count)),
                ("executed_in_all", Double(Set(before).union(after).count)),
            ]
        )
    }

    /// Recovery: the first child dies before the last layer, so that the second one reads nearly all events of the run.
    func measureRecovery() throws {
        try self.prepare()
        defer { try? FileManager.default.removeItem(atPath: self.folder) }
        _ = try? Child("recoveryplay", folder: self.folder).wait()
        let start = ContinuousClock.now
        let second = try Child("w6resume", folder: self.folder)
        while second.isRunning, Log.lines(self.log(2)) == 0 { usleep(500) }
        let first = Self.seconds(ContinuousClock.now - start)
        let said = try second.wait()
        // Four events a task: attempt_started, step_owed, step_returned, task_ended.
        let events = Double(4 * (self.work.count - self.work.width))
        Measured.emit(
            "recovery",
            self.work.count,
            [
                ("events", events), ("restart_to_first_new_task_s", first), ("open_to_first_new_task_s", said[0]),
                ("events_per_s", events / said[0]), ("cpu_s", said[2]), ("peak_rss_mb", said[3]),
            ]
        )
    }

    private func prepare() throws {
        try? FileManager.default.removeItem(atPath: self.folder)
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    }

    private func recorded(in folder: String) async throws -> Set<Int> {
        let outcome = try await Engine(dataFolder: folder).outcome(of: "w1")
        return Set(outcome.tasks.filter { $0.state == "completed" }.map { self.work.number(of: $0.task) })
    }
}
