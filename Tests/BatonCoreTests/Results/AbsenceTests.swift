import BatonTestKit
import Testing

@testable import BatonCore

/// Time in which no engine was there is nobody's work.
@Suite struct AbsenceTests {
    private static func stage(_ tasks: [TaskSpec], repeatable: Bool = true) throws -> RunStage {
        var worker = Sketch.agent("w", most: 9)
        worker.repeatable = repeatable
        var person = AgentProfile(id: "p")
        person.type = "person"
        return RunStage(Sketch.plan([worker, person], tasks))
    }

    private static func own(_ id: TaskID) -> TaskSpec {
        var task = Sketch.task(id)
        task.assignedAgent = "p"
        return task
    }

    private static func work(_ id: TaskID) -> TaskSpec {
        var task = Sketch.task(id)
        task.assignedAgent = "w"
        return task
    }

    @Test func `an attempt that a dead engine left has lasted as long as engines were there`() throws {
        var stage = try Self.stage([Self.work("a"), Self.own("mine"), Self.work("b")])
        try stage.start()
        try stage.pass(.seconds(2))
        try stage.finish("b")
        try stage.pass(.seconds(600))
        try stage.put(.recovered(engine: "later"))
        try stage.pass(.seconds(1))
        try stage.finish("a")
        try stage.put(.answer(QuestionID(1), Answer(.done)), by: .person("p"))
        let sheet = try #require(RunSheet(stage.facts))
        let now = stage.run.now
        #expect(sheet.attempts.map { $0[0].span(at: now) } == [.seconds(3), .seconds(603), .seconds(2)])
        #expect(sheet.absence == .seconds(600))
        #expect(stage.run.records[0].busyMicroseconds == 5_000_000)
        let report = try #require(RunReport(stage.facts, at: now))
        let diagnosis = RunDiagnosis(report)
        #expect(diagnosis.worked == .seconds(5))
        #expect(diagnosis.carried == .seconds(3))
        #expect(diagnosis.stretches.map { ($0.busyShare * 100).rounded() }.reduce(0, +) < 10)
        #expect(diagnosis.criticalPath.duration == .seconds(603))
        let inquiry = try #require(Inquiry(stage.facts, about: "a"))
        #expect(inquiry.busyMicroseconds == [5_000_000, 603_000_000])
    }

    @Test func `what was in hand at a fork counts where it is done`() throws {
        var stage = try Self.stage([Self.work("a"), Self.work("b")])
        try stage.start()
        try stage.pass(.seconds(2))
        try stage.finish("b")
        try stage.pass(.seconds(60))
        let seed = RunSeed(run: "fork", plan: stage.run.plan, stored: .zero, seed: 1, mode: .real, engine: "t")
        try stage.put(.fork(seed, isCarried: false))
        let left = try #require(RunSheet(stage.facts))
        #expect(left.attempts.map { $0[0].isShared } == [true, true])
        try stage.pass(.seconds(5))
        try stage.put(.recovered(engine: "later"))
        try stage.pass(.seconds(1))
        try stage.finish("a")
        let sheet = try #require(RunSheet(stage.facts))
        #expect(sheet.attempts.map { $0[0].isShared } == [false, true])
        #expect(sheet.attempts[0][0].span(at: stage.run.now) == .seconds(1))
        #expect(stage.run.records[0].busyMicroseconds == 3_000_000)
    }

    @Test func `a task that is another one in the fork leaves no attempt behind that goes on`() throws {
        var stage = try Self.stage([Self.work("a")])
        try stage.start()
        try stage.pass(.seconds(2))
        var plan = stage.run.plan
        plan.tasks[0].description = "otherwise"
        let seed = RunSeed(run: "fork", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "t")
        try stage.put(.fork(seed))
        try stage.start()
        try stage.pass(.seconds(9))
        try stage.finish("a")
        let sheet = try #require(RunSheet(stage.facts))
        #expect(sheet.attempts[0].map(\.result) == ["unknown", "completed"])
        #expect(sheet.attempts[0].map(\.isShared) == [true, false])
        #expect(sheet.attempts[0][0].endedAt != nil)
        #expect(sheet.attempts[0][1].span(at: stage.run.now) == .seconds(9))
    }
}
