import BatonTestKit
import Testing

@testable import BatonCore

/// A yes before a task begins, blockers, and questions that nobody answers in time.
@Suite struct ApprovalTests {
    private static func scene(_ change: (inout TaskSpec) -> Void = { _ in }) throws -> RunScene {
        try RunScene(
            Sketch.plan(
                [Sketch.agent("w", most: 9)],
                [
                    Sketch.task("a") {
                        $0.needsApproval = true
                        change(&$0)
                    }, Sketch.task("b", after: ["a"]), Sketch.task("slow"),
                ]
            )
        )
    }

    private static let blocked = StepResult.failed(
        Failure(.blocked, "agent.blocked", "the key is missing", remedy: "answer"),
        .none
    )

    // MARK: Approval

    @Test func `a task that needs a yes asks when it is ready, whatever is free, and holds nobody`() throws {
        var scene = try Self.scene()
        #expect(try scene.when(.slots(0)) == ["asked q1 approval a"])
        #expect(scene.state("a") == "blocked")
        #expect(try scene.when(.slots(1)) == ["attempt slow#1 by w", "owed slow#1.1/1"])
        #expect(try scene.when(.slots(9)) == [])
    }

    @Test func `with the yes it begins, and is not asked about again for its next attempt`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        #expect(try scene.when(.answer(QuestionID(1), Answer(.approve)), by: .person("ada")) == ["answered q1 approve"])
        #expect(try scene.when(.slots(9)) == ["attempt a#1 by w", "owed a#1.1/1"])
        try scene.when(.returned(scene.key("a"), .fault(.transient)))
        scene.pass(.seconds(60))
        try scene.when(.tick)
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `a change of the task takes the question back and asks anew`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        var spec = scene.run.spec(scene.task("a"))
        spec.description = "something else"
        try scene.when(.edit(scene.task("a"), spec), by: .person("ada"))
        #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.approve))) == "question.closed")
        #expect(try scene.when(.slots(9)) == ["asked q2 approval a"])
    }

    @Test func `what was approved and is changed before it begins is asked about again`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(1))
        try scene.when(.answer(QuestionID(1), Answer(.approve)))
        var spec = scene.run.spec(scene.task("a"))
        spec.description = "something else"
        try scene.when(.edit(scene.task("a"), spec))
        #expect(try scene.when(.slots(9)) == ["asked q2 approval a"])
    }

    @Test func `a task that begins anew needs a new yes`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        try scene.when(.answer(QuestionID(1), Answer(.approve)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.retry(scene.task("a")))
        #expect(try scene.when(.slots(9)) == ["asked q2 approval a"])
    }

    @Test func `no is a skip or a failure, and nothing else is an answer`() throws {
        for choice in [Answer.Choice.done, .again, .assign(AgentIndex(0))] {
            var scene = try Self.scene()
            try scene.when(.slots(9))
            #expect(scene.refusal(of: .answer(QuestionID(1), Answer(choice))) == "question.answer")
        }
        var scene = try Self.scene()
        try scene.when(.slots(9))
        try scene.when(.answer(QuestionID(1), Answer(.skip)))
        #expect(scene.state("a") == "skipped")
        #expect(scene.state("b") == "skipped")
    }

    @Test func `a paused run asks nobody, and asks when it goes on`() throws {
        var scene = try Self.scene()
        try scene.when(.pause(now: false))
        #expect(try scene.when(.slots(9)) == [])
        try scene.when(.resume)
        #expect(try scene.when(.slots(0)) == ["asked q1 approval a"])
    }

    @Test func `skipping what waits for a yes closes the question`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        try scene.when(.skip(scene.task("a")))
        #expect(scene.run.openQuestions.isEmpty)
        #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.approve))) == "question.closed")
    }

    // MARK: Blockers

    @Test func `a blocked attempt asks, holds nobody, and goes on with what a person says`() throws {
        var scene = try Self.scene { $0.needsApproval = false }
        try scene.when(.slots(9))
        #expect(
            try scene.when(.returned(scene.key("a"), Self.blocked)) == [
                "returned a#1.1/1 failed", "asked q1 blocker a",
            ]
        )
        #expect(scene.run.records[0].inHand == 1)
        let answer = try scene.run.answer(
            .words("take the other key", .inline("take the other key")),
            to: QuestionID(1)
        )
        #expect(try scene.when(.answer(QuestionID(1), answer), by: .person("ada")) == ["answered q1 again"])
        #expect(scene.run.directives.map(\.text) == [.inline("take the other key")])
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `a blocked attempt does not count toward the limit once it is answered`() throws {
        var scene = try Self.scene {
            $0.needsApproval = false
            $0.maxAttempts = 1
        }
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.blocked))
        try scene.when(.answer(QuestionID(1), Answer(.again, content: .inline("so"))))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        #expect(scene.state("a") == "completed")
    }

    @Test func `a run that has been given all its directives says so instead of losing the word`() throws {
        var scene = try Self.scene { $0.needsApproval = false }
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.blocked))
        for _ in 0..<Run.mostDirectives { try scene.when(.steer(.everyone, .inline("hear"))) }
        #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.again, content: .inline("so")))) == "run.state")
        #expect(scene.run.openQuestions.map(\.id) == [QuestionID(1)])
    }

    @Test func `again without a word how does not resolve a blocker`() throws {
        var scene = try Self.scene { $0.needsApproval = false }
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.blocked))
        #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.again))) == "question.answer")
    }

    @Test func `what is blocked while the run stops fails with the blocker`() throws {
        var scene = try Self.scene { $0.needsApproval = false }
        try scene.when(.slots(9))
        try scene.when(.pause(now: true))
        try scene.when(.cancel)
        try scene.when(.returned(scene.key("a"), Self.blocked))
        #expect(scene.run.openQuestions.isEmpty)
        #expect(scene.state("a") == "cancelled")
    }

    // MARK: Deadlines

    @Test func `a question that nobody answers in time is answered as the plan says`() throws {
        for (rule, state) in [(TaskSpec.UnansweredRule.skip, "skipped"), (.fail, "failed")] {
            var scene = try Self.scene {
                $0.answerWithin = .seconds(30)
                $0.ifUnanswered = rule
            }
            try scene.when(.slots(9))
            scene.pass(.seconds(29))
            #expect(try scene.when(.tick) == [])
            scene.pass(.seconds(1))
            try scene.when(.tick)
            #expect(scene.state("a") == state)
            #expect(scene.run.askedAt.isEmpty)
            #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.approve))) == "question.closed")
        }
    }

    @Test func `the plan's patience counts for every kind of question, and a task's own goes before it`() throws {
        var plan = Sketch.plan(
            [Sketch.agent("w", most: 9)],
            [
                Sketch.task("a") { $0.needsApproval = true },
                Sketch.task("b") {
                    $0.needsApproval = true
                    $0.answerWithin = .seconds(5)
                },
            ]
        )
        plan.defaults.answerWithin = .seconds(50)
        plan.defaults.ifUnanswered = .skip
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let deadlines = scene.run.openQuestions.map { $0.deadline.map { $0 - scene.now } }
        #expect(deadlines == [.seconds(50), .seconds(5)])
        #expect(scene.run.openQuestions.map(\.fallback) == [.skip, .skip])
    }

    @Test func `how much a question holds up is counted through all that follows`() throws {
        var scene = try RunScene(
            Sketch.plan(
                [Sketch.agent("w", most: 9)],
                [
                    Sketch.task("a") { $0.needsApproval = true }, Sketch.task("b", after: ["a"]),
                    Sketch.task("c", after: ["a", "b"]), Sketch.task("apart"),
                ]
            )
        )
        try scene.when(.slots(9))
        #expect(scene.run.held(by: scene.task("a")) == 2)
        #expect(scene.run.held(by: scene.task("c")) == 0)
    }
}
