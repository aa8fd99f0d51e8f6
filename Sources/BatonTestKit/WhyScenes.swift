package import BatonCore

/// Runs at moments that together show every state that `baton why` explains.
package enum WhyScenes {
    /// A run at a moment, and the task that is asked about.
    package struct Scene: Sendable {
        package let name: String
        package let facts: [Recorded]
        package let task: TaskID
        package let now: Timestamp

        package init(name: String, facts: [Recorded], task: TaskID, now: Timestamp) {
            self.name = name
            self.facts = facts
            self.task = task
            self.now = now
        }

        package var inquiry: Inquiry? { Inquiry(self.facts, about: self.task) }
    }

    package static let exit = Failure(
        .permanent,
        "exec.exit",
        "the command ended with exit code 3",
        remedy: "mend the oven",
        causes: ["OvenError: cold"],
        stderrTail: "warming\nthe oven is cold\n"
    )
    package static let flaky = Failure(.transient, "exec.exit", "it broke", remedy: "look")

    package static func all() throws -> [Scene] {
        try [
            self.waiting(), self.waitingForPerson(), self.busy(), self.room(), self.unstarted(), self.scheduled(),
            self.running(), self.resting(), self.blocked(), self.unstaffed(), self.unknown(), self.stopping(),
            self.completed(), self.failed(), self.worn(), self.failedWithDependency(), self.skipped(),
            self.leftOut(), self.cancelled(), self.strict(), self.late(), self.paused(), self.meeting(),
            self.nearest(), self.chosen(), self.repeated(), self.givenUp(), self.byHand(), self.halted(),
            self.unanswered(), self.unblocked(),
        ]
    }

    // MARK: The team

    /// A cook, a baker of another type, a taster who is a person, and somebody who is away.
    package static func team(_ tasks: [TaskSpec]) -> Plan {
        var cook = AgentProfile(id: "cook")
        cook.command = ["true"]
        cook.skillLevels = ["cooking": 8, "baking": 2]
        var baker = AgentProfile(id: "baker")
        baker.command = ["true"]
        baker.type = "command"
        baker.capabilities = ["bake"]
        baker.skillLevels = ["cooking": 3, "baking": 6]
        var taster = AgentProfile(id: "taster", name: "The taster")
        taster.type = "person"
        taster.occupation = "head of the house"
        var away = AgentProfile(id: "away")
        away.command = ["true"]
        away.available = false
        return Plan(id: "dinner", title: "A dinner", agents: [cook, baker, taster, away], tasks: tasks)
    }

    package static func task(
        _ id: TaskID,
        needs: [TaskID] = [],
        _ change: (inout TaskSpec) -> Void = { _ in }
    ) -> TaskSpec {
        var task = TaskSpec(id: id, description: "make \(id)", dependencies: needs)
        change(&task)
        return task
    }

    private static func scene(_ name: String, _ stage: RunStage, _ task: TaskID) -> Scene {
        Scene(name: name, facts: stage.facts, task: task, now: stage.now)
    }

    private static func ofCook(_ id: TaskID, needs: [TaskID] = []) -> TaskSpec {
        self.task(id, needs: needs) { $0.assignedAgent = "cook" }
    }

    // MARK: Not begun

    private static func waiting() throws -> Scene {
        var stage = RunStage(
            self.team([self.ofCook("soup"), self.ofCook("main", needs: ["soup"]), self.ofCook("menu", needs: ["main"])])
        )
        try stage.start()
        try stage.pass(.seconds(5))
        return self.scene("waiting", stage, "menu")
    }

    private static func waitingForPerson() throws -> Scene {
        let tasks = [
            self.task("taste") { $0.assignedAgent = "taster" }, self.task("serve", needs: ["taste"]) { _ in },
        ]
        var stage = RunStage(self.team(tasks))
        try stage.start()
        try stage.pass(.seconds(60))
        return self.scene("waiting for a person", stage, "serve")
    }

    private static func busy() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup"), self.ofCook("salad")]))
        try stage.start()
        try stage.pass(.seconds(7))
        return self.scene("ready, all busy", stage, "salad")
    }

    private static func room() throws -> Scene {
        var plan = self.team([self.ofCook("soup"), self.task("bread") { $0.agentType = "bake" }])
        plan.defaults.maxConcurrentTasks = 1
        var stage = RunStage(plan)
        try stage.start()
        return self.scene("ready, no room", stage, "bread")
    }

    private static func unstarted() throws -> Scene {
        self.scene("ready, no slot", RunStage(self.team([self.ofCook("soup")])), "soup")
    }

    private static func scheduled() throws -> Scene {
        let later = self.task("party") { $0.scheduledDate = Plan.PlannedDate("2026-12-24") }
        return self.scene("scheduled", RunStage(self.team([later]), mode: .rehearsal, at: .zero), "party")
    }

    // MARK: In hand

    private static func running() throws -> Scene {
        let soup = self.task("soup") { $0.requiredSkills = ["cooking": 3] }
        var stage = RunStage(self.team([soup]))
        try stage.start()
        try stage.pass(.seconds(12))
        return self.scene("running", stage, "soup")
    }

    private static func resting() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.pass(.seconds(2))
        try stage.fail("soup", self.flaky)
        return self.scene("resting", stage, "soup")
    }

    private static func blocked() throws -> Scene {
        var stage = RunStage(self.team([self.task("taste") { $0.assignedAgent = "taster" }]))
        try stage.start()
        try stage.pass(.seconds(90))
        return self.scene("blocked by a person's work", stage, "taste")
    }

    private static func unstaffed() throws -> Scene {
        var plan = self.team([self.task("dance") { $0.requiredSkills = ["dancing": 7] }])
        plan.staffing = .strict
        var stage = RunStage(plan)
        try stage.start()
        return self.scene("blocked by staffing", stage, "dance")
    }

    private static func unknown() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.pass(.seconds(3))
        try stage.put(.recovered(engine: "later"))
        return self.scene("blocked by a crash", stage, "soup")
    }

    private static func stopping() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.put(.cancel, by: .person("ada"))
        return self.scene("stopping", stage, "soup")
    }

    // MARK: Ended

    private static func completed() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.pass(.seconds(4))
        var usage = Usage()
        usage.cpu = .milliseconds(1500)
        usage.peakMemory = 230 << 20
        try stage.finish("soup", "done", usage)
        return self.scene("completed", stage, "soup")
    }

    private static func failed() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup"), self.ofCook("salad")]))
        try stage.start()
        try stage.fail("soup", self.exit)
        try stage.start()
        try stage.finish("salad")
        return self.scene("failed for good", stage, "soup")
    }

    private static func worn() throws -> Scene {
        var soup = self.ofCook("soup")
        soup.maxAttempts = 2
        var stage = RunStage(self.team([soup]))
        try stage.start()
        try stage.fail("soup", self.flaky)
        try stage.pass(.seconds(5))
        try stage.start()
        try stage.fail("soup", self.flaky)
        return self.scene("failed at the limit", stage, "soup")
    }

    private static func failedWithDependency() throws -> Scene {
        var main = self.ofCook("main", needs: ["soup"])
        main.onDependencyFailure = .fail
        var stage = RunStage(self.team([self.ofCook("soup"), main]))
        try stage.start()
        try stage.fail("soup", self.exit)
        return self.scene("failed with its dependency", stage, "main")
    }

    private static func skipped() throws -> Scene {
        let tasks = [
            self.ofCook("soup"), self.ofCook("main", needs: ["soup"]), self.ofCook("menu", needs: ["main"]),
            self.ofCook("salad"),
        ]
        var stage = RunStage(self.team(tasks))
        try stage.start()
        try stage.fail("soup", self.exit)
        try stage.start()
        try stage.finish("salad")
        return self.scene("skipped", stage, "menu")
    }

    private static func leftOut() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup"), self.ofCook("salad")]))
        try stage.put(.skip(TaskIndex(1)), by: .person("ada"))
        return self.scene("skipped by a person", stage, "salad")
    }

    private static func cancelled() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup"), self.ofCook("salad")]))
        try stage.start()
        try stage.put(.cancel, by: .person("ada"))
        try stage.halt("soup")
        return self.scene("cancelled", stage, "salad")
    }

    private static func strict() throws -> Scene {
        var soup = self.ofCook("soup")
        soup.strict = true
        var stage = RunStage(self.team([soup, self.ofCook("salad")]))
        try stage.start()
        try stage.fail("soup", self.exit)
        return self.scene("cancelled by a strict task", stage, "salad")
    }

    private static func late() throws -> Scene {
        var plan = self.team([self.ofCook("soup"), self.ofCook("salad")])
        plan.budget.time = .seconds(10)
        var stage = RunStage(plan)
        try stage.start()
        try stage.pass(.seconds(11))
        try stage.halt("soup")
        return self.scene("cancelled by the time limit", stage, "salad")
    }

    // MARK: Others

    private static func paused() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup"), self.ofCook("main", needs: ["soup"])]))
        try stage.put(.pause(now: false), by: .person("ada"))
        try stage.pass(.seconds(30))
        return self.scene("paused", stage, "main")
    }

    private static func meeting() throws -> Scene {
        let talk = self.task("talk") {
            $0.isMeeting = true
            $0.attendees = ["cook", "baker"]
        }
        var stage = RunStage(self.team([talk]))
        try stage.start()
        return self.scene("a meeting", stage, "talk")
    }

    private static func nearest() throws -> Scene {
        var plan = self.team([self.task("cake") { $0.requiredSkills = ["baking": 9] }])
        plan.staffing = .bestAvailable
        var stage = RunStage(plan)
        try stage.start()
        return self.scene("the nearest does it", stage, "cake")
    }

    private static func chosen() throws -> Scene {
        var plan = self.team([self.task("dance") { $0.requiredSkills = ["dancing": 7] }])
        plan.staffing = .strict
        var stage = RunStage(plan)
        try stage.start()
        try stage.put(.answer(QuestionID(1), Answer(.assign(AgentIndex(1)))), by: .person("ada"))
        try stage.start()
        return self.scene("a person has chosen", stage, "dance")
    }

    // MARK: Crashes and people

    private static func repeated() throws -> Scene {
        var soup = self.ofCook("soup")
        soup.repeatable = true
        var stage = RunStage(self.team([soup]))
        try stage.start()
        try stage.put(.recovered(engine: "later"))
        return self.scene("handed out again", stage, "soup")
    }

    private static func givenUp() throws -> Scene {
        var stage = RunStage(self.team([self.task("taste") { $0.assignedAgent = "taster" }]))
        try stage.start()
        try stage.put(.answer(QuestionID(1), Answer(.fail, note: "no salt")), by: .person("ada"))
        return self.scene("given up by a person", stage, "taste")
    }

    private static func unanswered() throws -> Scene {
        let taste = self.task("taste") {
            $0.assignedAgent = "cook"
            $0.needsApproval = true
            $0.answerWithin = .seconds(60)
            $0.ifUnanswered = .skip
        }
        var stage = RunStage(self.team([taste, self.ofCook("menu", needs: ["taste"])]))
        try stage.start()
        try stage.pass(.seconds(60))
        return self.scene("nobody answered", stage, "taste")
    }

    private static func unblocked() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.fail("soup", Failure(.blocked, "agent.blocked", "no salt in the house", remedy: "answer"))
        try stage.put(.answer(QuestionID(1), Answer(.again, content: .inline("borrow some"))), by: .person("ada"))
        try stage.start()
        return self.scene("unblocked by a person", stage, "soup")
    }

    private static func byHand() throws -> Scene {
        var stage = RunStage(self.team([self.task("taste") { $0.assignedAgent = "taster" }]))
        try stage.start()
        try stage.put(.answer(QuestionID(1), Answer(.done, content: .inline("good"))), by: .person("ada"))
        return self.scene("done by a person", stage, "taste")
    }

    private static func halted() throws -> Scene {
        var stage = RunStage(self.team([self.ofCook("soup")]))
        try stage.start()
        try stage.put(.pause(now: true), by: .person("ada"))
        try stage.halt("soup")
        return self.scene("stopped by a pause", stage, "soup")
    }
}
