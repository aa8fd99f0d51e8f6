import BatonReports
import BatonTestKit
import Testing

@testable import BatonCore

/// What `baton why` says, in every state.
@Suite struct WhyTests {
    private static func viewer(_ now: Timestamp, width: Int = 100) -> Viewer {
        Viewer(
            width: width,
            now: now,
            timeOfDay: { CivilDate($0).time },
            command: { "baton " + $0.joined(separator: " ") }
        )
    }

    private static func task(_ scene: WhyScenes.Scene, isCarried: Bool = true, width: Int = 100) throws -> [String] {
        let inquiry = try #require(scene.inquiry)
        let explanation = try #require(TaskExplanation(inquiry))
        return TaskWhy(inquiry, explanation, isCarried: isCarried, for: Self.viewer(scene.now, width: width)).lines.map(
            \.plain
        )
    }

    private static func run(_ scene: WhyScenes.Scene, isCarried: Bool = true, width: Int = 100) throws -> [String] {
        let inquiry = try #require(Inquiry(scene.facts, about: nil))
        let viewer = Self.viewer(scene.now, width: width)
        return RunWhy(inquiry, RunExplanation(inquiry), isCarried: isCarried, for: viewer).lines.map(\.plain)
    }

    // What is said of the task of each scene, beside its state.
    private static let words: [String: [String]] = [
        "waiting": [
            "menu: waiting since", "main, which waits in its turn: soup is running for 5.0 s, by cook",
            "see the root: baton why demo-1 soup",
        ],
        "waiting for a person": [
            "taste, which waits for the answer to q1, since 08:00:00, for 1 min 0 s",
            "see the root: baton why demo-1 taste",
        ],
        "ready, all busy": [
            "somebody to be free: cook", "busy with soup since 08:00:00",
            "for the next run: raise max_concurrent_tasks",
            "the task is given to cook",
            "Who would do it now: nobody",
        ],
        "ready, no room": [
            "the task in hand to end: this plan runs one at a time, now soup",
            "for the next run: raise defaults.max_concurrent_tasks (now 1)",
        ],
        "ready, no slot": ["the engine to take it up"],
        "scheduled": ["its date, 2026-12-24T00:00:00Z in project time", "REHEARSAL|party: scheduled"],
        "running": [
            "cook, at work for 12 s", "cook    9.00 = 8.00 + 0.50 + 0.00 + 0.50 + 0.00  chosen",
            "baker   4.00 = 3.00 + 0.50 + 0.00 + 0.50 + 0.00", "taster  lacks cooking 0 of 3",
            "away    not available",
        ],
        "resting": [
            "its next try, at 08:00:02, in", "1  cook  from 08:00:00, 2.0 s  failed [exec.exit]",
            "to be tried again after 860 ms, at 08:00:02 (the retry delay, doubled by each failure, makes",
            "cook   0.83 = 0.00 + 0.50 + 0.00 + 0.33 + 0.00  would take it",
        ],
        "blocked by a person's work": [
            "an answer to q1, since 08:00:00, for 1 min 30 s: The taster, taste: make taste",
            "baton answer demo-1 q1 YOUR-ANSWER",
        ],
        "blocked by staffing": [
            "an answer to q1", "Nobody has the skills that task dance asks for", "lacks dancing 0 of 7",
            "Who would do it now: nobody",
            "baton answer demo-1 q1 cook",
        ],
        "blocked by a crash": ["was in hand when the engine ended", "baton answer demo-1 q1 again"],
        "stopping": ["it was told to stop: the run is being cancelled"],
        "completed": [
            "its work was done by cook", "used 1.5 s of processor time, a peak of 230 MiB of memory in one process",
        ],
        "failed for good": [
            "[exec.exit] the command ended with exit code 3", "caused by OvenError: cold", "| the oven is cold",
            "no further try: another try does not mend this", "mend the oven", "baton fork demo-1 --retry-all",
        ],
        "failed at the limit": [
            "tried again after", "no further try: 2 attempts are allowed",
            "raise retry.max_attempts of task soup (now 2)",
        ],
        "failed with its dependency": [
            "[task.dependency]", "soup failed [exec.exit]", "see the root: baton why demo-1 soup",
        ],
        "skipped": [
            "it needs main, which did not complete", "the way there: main, soup", "soup failed [exec.exit]",
            "see the root: baton why demo-1 soup",
        ],
        "skipped by a person": ["ada left it out"],
        "cancelled": ["ada cancelled the run"],
        "cancelled by a strict task": ["soup is strict and failed", "see the root: baton why demo-1 soup"],
        "cancelled by the time limit": ["the time of the run was over (budget.time, 10 s)", "raise budget.time"],
        "paused": ["the run, which has been paused since 08:00:00", "soup, which is ready since 08:00:00"],
        "a meeting": ["attends and leads", "attends", "not invited to the meeting"],
        "the nearest does it": ["chosen, nearest, lacks baking 6 of 9", "cook    lacks baking 2 of 9"],
        "a person has chosen": [
            "Who does it: baker, chosen for attempt 1", "cook, taster, away  the task is given to baker",
        ],
        "handed out again": ["handed out 2 times", "cook, at work for"],
        "given up by a person": ["[person.failed] no salt", "no further try: ada gave the task up"],
        "done by a person": ["ada said that it is done"],
        "nobody answered": [
            "nobody answered q1 in time, and the plan leaves the task out then", "q1  May task taste begin?",
            "nobody in time, so by the plan, at",
        ],
        "unblocked by a person": [
            "Asked and answered", "no salt in the house", "ada, at 08:00:00: again: borrow some",
        ],
        "stopped by a pause": ["stopped", "does not count: another attempt was asked for", "paused since"],
    ]

    @Test func `every state of a task is explained`() throws {
        let scenes = try WhyScenes.all()
        #expect(Set(scenes.map(\.name)) == Set(Self.words.keys))
        for scene in scenes {
            let lines = try Self.task(scene)
            let state = try #require(scene.inquiry.flatMap { TaskExplanation($0) }).state.word
            #expect(lines[0].hasPrefix("\(scene.task): \(state) since"))
            for words in Self.words[scene.name] ?? [] {
                let wanted = words.split(separator: "|").last.map(String.init) ?? ""
                #expect(
                    lines.contains { $0.contains(wanted) },
                    "\(scene.name): \(wanted)\n\(lines.joined(separator: "\n"))"
                )
            }
        }
        let states = Set(scenes.compactMap { $0.inquiry.flatMap { TaskExplanation($0) }?.state.word })
        #expect(
            states == [
                "waiting", "scheduled", "ready", "running", "stopping", "resting", "blocked", "completed", "failed",
                "skipped", "cancelled",
            ]
        )
    }

    @Test func `every state of a run is explained`() throws {
        let words: [String: [String]] = [
            "running": ["1 at work: soup (cook, 12 s)"],
            "blocked by a person's work": [
                "running, waiting only for people", "The taster can help (head of the house)",
            ],
            "paused": ["paused since 08:00:00"],
            "stopping": ["stopping since 08:00:00: ada cancelled the run"],
            "completed": ["completed", "cook: 1 done, 4.0 s at work", "nothing is open"],
            "failed for good": ["partial", "soup, by cook: [exec.exit]", "see the root: baton why demo-1 soup"],
            "skipped": ["2 tasks were not done because of it"],
            "cancelled": ["cancelled at"],
            "cancelled by the time limit": [
                "2 tasks were cancelled: the time of the run was over",
                "baton fork demo-1 --retry-all --set budget.time=...",
            ],
            "cancelled by a strict task": ["failed after", "soup, by cook: [exec.exit]"],
            "resting": ["1 failed and tried again, next soup at 08:00:02"],
            "ready, all busy": ["1 ready for cook, busy now: salad"],
            "ready, no room": ["1 ready; the plan lets 1 be in hand at once"],
            "ready, no slot": ["1 ready, for a slot of the engine"],
            "failed at the limit": ["failed after", "soup, by cook: [exec.exit] it broke"],
            "scheduled": ["1 scheduled, next party on 2026-12-24T00:00:00Z", "REHEARSAL"],
        ]
        var phases: Set<String> = []
        for scene in try WhyScenes.all() {
            let lines = try Self.run(scene)
            phases.insert(try #require(scene.inquiry).sheet.stateWord)
            #expect(lines.count <= 45)
            for wanted in words[scene.name] ?? [] {
                #expect(
                    lines.contains { $0.contains(wanted) },
                    "\(scene.name): \(wanted)\n\(lines.joined(separator: "\n"))"
                )
            }
        }
        #expect(phases == ["running", "paused", "stopping", "completed", "partial", "failed", "cancelled"])
    }

    @Test func `a run that nothing carries says so and how it goes on`() throws {
        let scenes = try WhyScenes.all()
        let running = try #require(scenes.first { $0.name == "running" })
        for lines in [try Self.task(running, isCarried: false), try Self.run(running, isCarried: false)] {
            #expect(lines.contains { $0.hasPrefix("nothing carries the run since") })
            #expect(lines.contains("  baton resume demo-1"))
        }
        #expect(try !Self.task(running).contains { $0.contains("resume") })
        #expect(try Self.task(running).contains("  see it go on: baton watch demo-1"))
        // What no engine carries is not going on, and is not said to.
        let gone = try Self.task(running, isCarried: false)
        #expect(!gone.contains { $0.contains("at work") || $0.hasSuffix("  running") })
        #expect(gone.contains { $0.hasSuffix("in hand when the engine ended") })
        #expect(
            try Self.run(running, isCarried: false).contains("  1 in hand when the engine ended: soup (cook, 12 s)")
        )
        let ended = try #require(scenes.first { $0.name == "completed" })
        #expect(try !Self.run(ended, isCarried: false).contains { $0.contains("nothing carries") })
    }

    @Test func `the terms of a score are shown with two decimals, and their sum is the score`() throws {
        let row = /([0-9]+\.[0-9]{2}) = ([0-9.]+(?: \+ [0-9.]+)+)/
        var rows = 0
        for scene in try WhyScenes.all() {
            let inquiry = try #require(scene.inquiry)
            for choice in try #require(TaskExplanation(inquiry)).choices {
                #expect(choice.isAsRecorded)
                #expect(choice.verdicts.map(\.agent) == inquiry.run.plan.agents.indices.map { AgentIndex($0) })
            }
            for line in try Self.task(scene) {
                guard let match = line.firstMatch(of: row) else { continue }
                rows += 1
                let terms = match.2.split(separator: " + ")
                #expect(terms.allSatisfy { $0.wholeMatch(of: /[0-9]+\.[0-9]{2}/) != nil }, "\(line)")
                let sum = terms.compactMap { Double($0) }.reduce(0, +)
                // Each of the terms was rounded by itself.
                #expect(abs(sum - (Double(match.1) ?? .nan)) < 0.005 * Double(terms.count + 1), "\(line)")
            }
        }
        #expect(rows >= 5)
    }

    @Test func `a run of ten thousand tasks is explained in a page`() throws {
        var tasks = [WhyScenes.task("root") { $0.assignedAgent = "cook" }]
        for offset in 0..<10_000 {
            tasks.append(WhyScenes.task(TaskID("t\(offset)"), needs: [offset == 0 ? "root" : TaskID("t\(offset - 1)")]))
        }
        var stage = RunStage(WhyScenes.team(tasks))
        try stage.start()
        try stage.fail("root", WhyScenes.exit)
        let scene = WhyScenes.Scene(name: "big", facts: stage.facts, task: "t9999", now: stage.now)
        #expect(try Self.run(scene).contains("    10000 tasks were not done because of it"))
        let lines = try Self.task(scene)
        #expect(
            lines.contains("  the way there: t9998, t9997, t9996, t9995, t9994, … (9993 more), t0, root"),
            "\(lines.prefix(9))"
        )
        #expect(lines.contains("  see the root: baton why demo-1 root"))
    }

    @Test func `text of plans, failures and people steers nothing`() throws {
        let evil = "\u{1B}]0;x\u{7}\u{9B}2J\r\nboo\u{202E}"
        var plan = WhyScenes.team([
            WhyScenes.task("soup") { $0.description = evil }, WhyScenes.task("taste") { $0.assignedAgent = "taster" },
        ])
        plan.title = evil
        plan.agents[2].name = evil
        plan.agents[2].occupation = evil
        var stage = RunStage(plan)
        try stage.start()
        try stage.fail("soup", Failure(.permanent, "exec.exit", evil, remedy: evil, causes: [evil], stderrTail: evil))
        for task: TaskID in ["soup", "taste"] {
            let scene = WhyScenes.Scene(name: "evil", facts: stage.facts, task: task, now: stage.now)
            for line in try Self.task(scene) + Self.run(scene) {
                #expect(
                    !line.unicodeScalars.contains {
                        $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}"
                    }
                )
            }
        }
    }

    @Test func `a choice that the rules of this version would not make is said to be such`() throws {
        func told(_ change: (Assignment) -> Assignment) throws -> [String] {
            let scene = try #require(try WhyScenes.all().first { $0.name == "running" })
            let facts = scene.facts.map { fact -> Recorded in
                guard case .attemptStarted(let task, let attempt, let assignment) = fact.event else { return fact }
                let event = Event.attemptStarted(task, attempt: attempt, change(assignment))
                return Recorded(position: fact.position, at: fact.at, by: fact.by, event: event)
            }
            return try Self.task(WhyScenes.Scene(name: "old", facts: facts, task: scene.task, now: scene.now))
        }
        let baker = AgentIndex(1)
        let other = try told { Assignment(lead: baker, agents: [baker], candidates: $0.candidates) }
        #expect(other.contains { $0.contains("would have chosen cook; the run was made by Baton test") })
        let scored = try told {
            Assignment(lead: $0.lead, agents: Array($0.agents), candidates: [.init(agent: $0.lead, score: 1)])
        }
        #expect(scored.contains { $0.contains("would have reckoned with other scores") })
        #expect(try !told { $0 }.contains { $0.contains("The rules of this version") })
    }

    // MARK: The page

    /// A run in which there is more of everything than a page holds.
    private static func crowded(ends: Bool) throws -> WhyScenes.Scene {
        let long = String(repeating: "very long words ", count: 30)
        var tasks: [TaskSpec] = []
        for number in 0..<40 {
            tasks.append(WhyScenes.task(TaskID("fails\(number)")) { $0.assignedAgent = "cook" })
            tasks.append(WhyScenes.task(TaskID("skipped\(number)"), needs: [TaskID("fails\(number)")]))
            tasks.append(WhyScenes.task(TaskID("asks\(number)")) { $0.assignedAgent = "taster" })
            tasks.append(WhyScenes.task(TaskID("bread\(number)")) { $0.agentType = "bake" })
            tasks.append(WhyScenes.task(TaskID("later\(number)"), needs: [TaskID("bread\(number)")]))
        }
        var plan = WhyScenes.team(tasks)
        plan.title = long
        plan.agents[0].maxConcurrentTasks = 40
        plan.agents[1].maxConcurrentTasks = 9
        plan.agents[2].maxConcurrentTasks = 40
        plan.agents[2].name = long
        var stage = RunStage(plan)
        try stage.start()
        for number in 0..<40 {
            let failure = Failure(.permanent, "exec.exit", long, remedy: long, stderrTail: long)
            try stage.fail(TaskID("fails\(number)"), number == 7 ? WhyScenes.flaky : failure)
        }
        if ends {
            try stage.put(.cancel, by: .person("ada"))
            for number in 0..<9 { try stage.halt(TaskID("bread\(number)")) }
        }
        return WhyScenes.Scene(name: "crowded", facts: stage.facts, task: "later0", now: stage.now)
    }

    @Test(arguments: [false, true], [80, 100, 200])
    func `a crowded run stays about a page, and no line but a command is wider than the paper`(
        ends: Bool,
        width: Int
    ) throws {
        let scene = try Self.crowded(ends: ends)
        let lines = try Self.run(scene, width: width)
        #expect(lines.count <= 44, "\(lines.joined(separator: "\n"))")
        #expect(lines.contains { $0.contains("more tasks: 3") })
        let commands = lines.firstIndex(of: "What to do next") ?? lines.count
        for line in lines[..<commands] { #expect(TextWidth.of(line) <= width, "\(line)") }
    }

    @Test func `a task is told in 80 columns`() throws {
        for scene in try WhyScenes.all() {
            let lines = try Self.task(scene, width: 80)
            for line in lines.prefix(while: { $0 != "What to do next" }) {
                #expect(TextWidth.of(line) <= 80, "\(scene.name): \(line)")
            }
        }
    }
}
