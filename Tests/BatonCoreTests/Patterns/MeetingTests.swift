import BatonCore
import Testing

/// What a meeting is, read from what was said in it.
@Suite struct MeetingTests {
    private static func meeting(_ change: (inout TaskSpec) -> Void = { _ in }) -> Meeting {
        var task = TaskSpec(id: "m")
        change(&task)
        return Meeting(of: task)
    }

    private static func round(_ texts: String?...) -> [Meeting.Utterance] {
        zip(["ann", "bob", "cyd"], texts).map { Meeting.Utterance(agent: AgentID($0), text: $1) }
    }

    @Test func `rounds go to the items of an agenda by their minutes, each gets one`() {
        let meeting = Self.meeting {
            $0.rounds = 6
            $0.agenda = [AgendaItem("a", minutes: 10), AgendaItem("b", minutes: 40), AgendaItem("c")]
        }
        #expect(meeting.agenda.map(\.rounds) == [1, 3, 2])
        #expect(Self.meeting { $0.agenda = (0..<6).map { AgendaItem("\($0)") } }.rounds == 6)
        #expect(Self.meeting().rounds == Meeting.usualRounds)
        for rounds in 1...20 {
            let shares = Self.meeting {
                $0.rounds = rounds
                $0.agenda = [AgendaItem("a", minutes: 1), AgendaItem("b", minutes: 9999), AgendaItem("c", minutes: 7)]
            }
            #expect(shares.agenda.reduce(0) { $0 + $1.rounds } == shares.rounds)
            #expect(shares.agenda.allSatisfy { $0.rounds > 0 })
        }
    }

    @Test func `without an agenda it ends when nobody has anything new, or with its last round`() {
        let meeting = Self.meeting { $0.rounds = 3 }
        #expect(meeting.standing(after: []) == .init(item: nil, end: nil))
        #expect(meeting.standing(after: [Self.round("a", "PASS")]).end == nil)
        #expect(meeting.standing(after: [Self.round("a", "b"), Self.round("PASS", "pass.")]).end == .silence)
        #expect(meeting.standing(after: [Self.round("a"), Self.round("b"), Self.round("c")]).end == .rounds)
        // Whoever failed has nothing to say.
        #expect(meeting.standing(after: [Self.round(nil, "PASS")]).end == .silence)
    }

    @Test func `an item ends with its rounds, by silence, or by whoever leads the meeting`() {
        let meeting = Self.meeting {
            $0.rounds = 4
            $0.agenda = [AgendaItem("a"), AgendaItem("b")]
            $0.facilitator = "bob"
        }
        let talk = Self.round("x", "y")
        #expect(meeting.standing(after: [talk]).item == 0)
        #expect(meeting.standing(after: [talk, talk]).item == 1)
        #expect(meeting.standing(after: [Self.round("PASS", "PASS")]).item == 1)
        #expect(meeting.standing(after: [Self.round("x", "That is it.\nNEXT")]).item == 1)
        // Nobody else may do that.
        #expect(meeting.standing(after: [Self.round("NEXT", "y")]).item == 0)
        #expect(meeting.standing(after: [Self.round("x", "Next we look at b.")]).item == 0)
        let early = [Self.round("x", "NEXT"), Self.round("x", "y\n- NEXT")]
        #expect(meeting.standing(after: early) == .init(item: nil, end: .agenda))
        #expect(meeting.standing(after: [talk, talk, talk, talk]).end == .rounds)
        #expect(meeting.standing(after: [talk, talk, talk, Self.round("PASS", "PASS")]).end == .silence)
    }

    @Test(arguments: [
        ("PASS", true), ("pass", true), (" \"Pass.\" ", true), ("", true), ("…", true), ("I pass", false),
        ("PASS the salt", false), ("passport", false),
    ])
    func `whoever has nothing to say says so with one word`(text: String, isPass: Bool) {
        #expect(Meeting.isPass(text) == isPass)
    }

    @Test func `whom a text speaks to stands in it by the identifier`() {
        let all: [AgentID] = ["ann", "bob", "bob.b"]
        #expect(Meeting.addressed(by: "@bob, and @ann.", among: all) == ["ann", "bob"])
        #expect(Meeting.addressed(by: "mail me at x@bob", among: all) == [])
        #expect(Meeting.addressed(by: "(@bob.b)", among: all) == ["bob.b"])
    }

    // MARK: As tasks

    private static func plan(_ change: (inout TaskSpec) -> Void = { _ in }) -> Plan {
        var task = TaskSpec(id: "m", description: "Which way?", dependencies: ["before"])
        (task.isMeeting, task.attendees, task.rounds) = (true, ["ann", "Bob B."], 2)
        task.requiredSkills = ["law": 5]
        change(&task)
        let bob = AgentProfile(id: "bob", name: "Bob B.")
        return Plan(
            id: "p",
            agents: [AgentProfile(id: "ann"), bob, AgentProfile(id: "cyd")],
            tasks: [TaskSpec(id: "before"), task]
        )
    }

    @Test func `it is opened when all are there, all speak in each round, and then it has its result`() {
        let tasks = Self.plan().unfolded.tasks
        #expect(tasks.map(\.id.text) == ["before", "m", "m.open", "m.ann.r1", "m.bob.r1", "m.ann.r2", "m.bob.r2"])
        let opening = tasks[2]
        #expect(opening.meetsAtOnce && opening.isOpening && opening.dependencies == ["before"])
        #expect(opening.requiredSkills == ["law": 5])
        #expect(tasks[4].dependencies == ["m.open", "before"] && tasks[4].assignedAgent == "bob")
        #expect(tasks[6].dependencies == ["m.open", "m.ann.r1", "m.bob.r1", "before"])
        #expect(tasks[1].isConducted && tasks[1].dependencies == ["before"] + tasks[2...].map(\.id))
        #expect(Self.plan().unfolded.unfolded == Self.plan().unfolded)
    }

    @Test func `a model among those who attend writes the minutes, whoever leads it first`() {
        let unfolded = { (change: (inout Plan) -> Void) -> TaskSpec in
            var plan = Self.plan()
            change(&plan)
            return plan.unfolded.tasks[1]
        }
        #expect(unfolded { $0.agents[1].model = "ollama/m" }.assignedAgent == "bob")
        let led = unfolded {
            for offset in 0..<2 { $0.agents[offset].model = "ollama/m" }
            $0.tasks[1].facilitator = "bob"
        }
        #expect(led.assignedAgent == "bob" && led.produces?["required"]?.elements?.contains("decisions") == true)
        #expect(unfolded { $0.agents[0].model = ModelName.rehearsal }.isConducted)
        let asked = unfolded {
            $0.agents[2].model = "ollama/m"
            $0.tasks[1].minutesBy = "cyd"
        }
        #expect(asked.assignedAgent == "cyd" && !asked.isConducted)
    }
}
