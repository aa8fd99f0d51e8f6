import BatonCore
import Testing

/// What a pattern comes to when its parts have ended.
@Suite struct JoiningTests {
    private func task(_ pattern: TeamPattern, _ aggregation: Aggregation? = nil) -> TaskSpec {
        var task = TaskSpec(id: "whole", description: "Build it.")
        task.pattern = pattern
        task.aggregation = aggregation
        return task
    }

    private func done(_ name: TaskID, _ output: JSON) -> PartResult { PartResult(task: name, output: output) }

    private func failed(_ name: TaskID, strict: Bool = false) -> PartResult {
        PartResult(task: name, shortfall: "failed: no luck", isStrict: strict)
    }

    @Test(arguments: [TeamPattern.sequential, .parallel])
    func `results stand in the order of the list, each with how its part ended`(_ pattern: TeamPattern) throws {
        let told = try Joining.result(of: self.task(pattern), parts: [self.done("b", 1), self.failed("a")]).get()
        #expect(
            told == [
                ["task_id": "b", "status": "completed", "output": 1],
                ["task_id": "a", "status": "failed", "error": "failed: no luck"],
            ]
        )
    }

    @Test(arguments: TeamPattern.allCases)
    func `a strict part that fails fails its pattern, by name`(_ pattern: TeamPattern) {
        let parts = [self.done("a", 1), self.failed("b", strict: true)]
        let failure = #expect(throws: Failure.self) { try Joining.result(of: self.task(pattern), parts: parts).get() }
        #expect(failure?.code == "part.failed")
        #expect(failure?.message.contains("part b of task whole is strict and failed: no luck") == true)
    }

    @Test(arguments: [TeamPattern.sequential, .parallel, .hierarchical])
    func `a pattern none of whose parts completed fails`(_ pattern: TeamPattern) {
        let failure = #expect(throws: Failure.self) {
            try Joining.result(of: self.task(pattern), parts: [self.failed("a"), self.failed("b")]).get()
        }
        #expect(failure?.message.contains("none of the 2 parts of task whole completed; a failed: no luck") == true)
    }

    @Test func `concat keeps all in order with their origin, and counts`() throws {
        let parts = [self.done("a", "x"), self.failed("b"), self.done("c", ["k": 1])]
        let told = try Joining.result(of: self.task(.hierarchical), parts: parts).get()
        #expect(told["aggregation"] == "concat")
        #expect(told["main_task"] == "Build it.")
        #expect(told["subtasks_count"] == 3 && told["successful"] == 2 && told["failed"] == 1)
        #expect(told["results"] == [["task_id": "a", "output": "x"], ["task_id": "c", "output": ["k": 1]]])
        #expect(told["subtask_details"]?[1]?["status"] == "failed")
    }

    @Test func `merge unites keys, keeps the later value where two differ, and lists every conflict`() throws {
        let parts = [
            self.done("a", ["name": "x", "port": 1]), self.done("b", ["port": 2, "tls": true]),
            self.done("c", ["tls": true]), self.done("d", "words"),
        ]
        let told = try Joining.result(of: self.task(.hierarchical, .merge), parts: parts).get()
        #expect(told["results"] == ["name": "x", "port": 2, "tls": true])
        #expect(
            told["conflicts"] == [
                [
                    "key": "port", "kept": "b",
                    "values": [["task_id": "a", "value": 1], ["task_id": "b", "value": 2]],
                ]
            ]
        )
        #expect(told["not_merged"] == ["d"])
    }

    @Test func `vote takes what most say, and a tie nothing`() throws {
        let parts = [self.done("a", "red"), self.done("b", "Red"), self.done("c", "blue")]
        let told = try Joining.result(of: self.task(.hierarchical, .vote), parts: parts).get()
        #expect(told["results"] == "red")
        #expect(told["vote"]?["agreement"] == 0.6667)
        let tied = try Joining.result(of: self.task(.hierarchical, .vote), parts: Array(parts.dropFirst())).get()
        #expect(tied["results"] == .null)
        #expect(tied["vote"]?["reason"] == "tie: 2 answers have as many votes")
    }
}
