import BatonTestKit
import Testing

@testable import BatonCore

@Suite struct RunDiffTests {
    private static func stage(_ output: JSON, more: Bool = false) throws -> RunStage {
        var tasks = [TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"])]
        if more { tasks.append(TaskSpec(id: "c")) }
        var stage = RunStage(Plan(id: "p", agents: [AgentProfile(id: "w")], tasks: tasks))
        try stage.start()
        try stage.pass(.seconds(1))
        try stage.finish("a", output)
        return stage
    }

    @Test func `runs that say the same are the same, whatever the clock said`() throws {
        var later = try Self.stage("x")
        try later.pass(.seconds(7))
        try later.start()
        var sooner = try Self.stage("x")
        try sooner.start()
        let diff = try #require(RunDiff(sooner.facts, later.facts))
        #expect(diff.isEmpty)
        #expect(diff.shared == sooner.facts.count)
    }

    @Test func `the first divergence is named, with what followed`() throws {
        var left = try Self.stage("x")
        let right = try Self.stage("y", more: true)
        try left.start()
        let diff = try #require(RunDiff(left.facts, right.facts))
        #expect(diff.shared == 0)
        #expect(diff.tasks.map(\.task) == ["a", "b", "c"])
        #expect(diff.tasks[0].hasOtherOutput)
        #expect(diff.tasks[2].left == nil)
        let other = try #require(RunDiff(try Self.stage("x").facts, try Self.stage("y").facts))
        #expect(other.left.first?.kind == "step_returned")
        #expect(other.json["tasks"]?[0]?["other_output"] == true)
    }

    @Test func `what does not begin is compared with nothing`() throws {
        #expect(RunDiff([], try Self.stage("x").facts) == nil)
    }
}
