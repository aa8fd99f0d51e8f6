import BatonCore
import BatonReports
import BatonTestKit
import Testing

/// What the live screen shows.
@Suite struct LiveScreenTests {
    private static func lines(
        _ stage: RunStage,
        width: Int = 80,
        height: Int = 23,
        glyphs: Glyphs = .unicode,
        tick: Int = 0,
        said: @escaping (TaskID, Int) -> String? = { _, _ in nil }
    ) throws -> [String] {
        try Self.screen(stage, width: width, height: height, glyphs: glyphs, tick: tick, said: said).map(\.plain)
    }

    private static func screen(
        _ stage: RunStage,
        width: Int,
        height: Int,
        glyphs: Glyphs,
        tick: Int,
        said: @escaping (TaskID, Int) -> String?
    ) throws -> [StyledText] {
        var board = try #require(LiveBoard(stage.facts[0]))
        for fact in stage.facts.dropFirst() { board.take(fact) }
        board.estimate()
        let size = LiveScreen.Size(width: width, height: height)
        return LiveScreen(board, size: size, now: stage.now, glyphs: glyphs, tick: tick, said: said).lines
    }

    private static func team() -> Plan {
        var surveyor = AgentProfile(id: "surveyor")
        surveyor.command = ["true"]
        var inspector = AgentProfile(id: "inspector")
        inspector.command = ["true"]
        var person = AgentProfile(id: "you", name: "You")
        person.type = "person"
        func task(_ id: TaskID, _ agent: AgentID, _ needs: [TaskID] = []) -> TaskSpec {
            var task = TaskSpec(id: id, description: "do \(id)", dependencies: needs)
            task.assignedAgent = agent
            return task
        }
        return Plan(
            id: "demo",
            title: "A team at work",
            agents: [surveyor, inspector, person],
            tasks: [
                task("size", "surveyor"), task("links", "inspector"), task("judge", "you"),
                task("report", "surveyor", ["size", "judge"]),
            ]
        )
    }

    private static let exit = Failure(.permanent, "exec.exit", "the command ended with exit code 3", remedy: "look")

    @Test func `a running team is seen at a glance`() throws {
        var stage = RunStage(Self.team())
        try stage.start()
        try stage.pass(.milliseconds(2500))
        try stage.finish("links")
        let lines = try Self.lines(stage) { task, attempt in task == "size" ? "counted \(attempt) file" : nil }
        #expect(
            lines == [
                "A team at work  demo-1  running  2.5 s",
                "━━━━━─────────────── 25%  1 of 4 ended, 2 in hand",
                "24.0 tasks a minute, 100% of those tried completed", "",
                "? q1  You, judge: do judge", "",
                "⠋ size    surveyor   2.5 s      counted 1 file", "✓ links   inspector  2.5 s",
                "? judge   you        waits for a person", "· report             waiting", "",
                "  AGENT      DONE  FAILED  WAITING  IN HAND", "  surveyor   0     0       1        size",
                "  inspector  1     0       0        idle", "  you        0     0       0        judge",
            ]
        )
    }

    @Test func `the head tells how fast, how well and for how much`() throws {
        var plan = Self.team()
        plan.tasks.removeLast(2)
        plan.tasks.append(TaskSpec(id: "last", dependencies: ["links"]))
        plan.tasks[2].assignedAgent = "inspector"
        var stage = RunStage(plan)
        #expect(try Self.lines(stage)[1].hasSuffix("0 of 3 ended, 2 h 0 min by the plan, 0 in hand"))
        try stage.start()
        try stage.pass(.seconds(30))
        var usage = Usage()
        usage.money = Money(microUSD: 2_000_000)
        let key = try #require(stage.run.owed.keys.first { $0.task == TaskIndex(1) })
        try stage.put(.returned(key, .done(.inline("ok"), usage)))
        try stage.fail("size", Self.exit)
        // An hour of the inspector took half a minute, and so will the one that is left.
        let lines = try Self.lines(stage)
        #expect(lines[1].hasSuffix("66%  2 of 3 ended, about 30 s left, 0 in hand, 1 failed"))
        #expect(lines[2] == "2.0 tasks a minute, 50% of those tried completed, \(usage.money) spent")
        #expect(try !Self.lines(stage, height: 11).contains { $0.contains("a minute") })
    }

    @Test func `questions come first, then failures, then what is tried again`() throws {
        var plan = Self.team()
        plan.tasks[0].maxAttempts = 2
        var stage = RunStage(plan)
        try stage.start()
        try stage.fail("links", Self.exit)
        try stage.fail("size", Failure(.transient, "exec.exit", "it broke", remedy: "look"))
        let lines = try Self.lines(stage)
        #expect(
            Array(lines[4...6]) == [
                "? q1  You, judge: do judge",
                "✗ links   inspector  failed [exec.exit]: the command ended with exit code 3",
                "↻ size    surveyor   next try in 860 ms: it broke",
            ]
        )
        #expect(lines[0].contains("waiting for people"))
        #expect(lines[1].contains("1 failed"))
    }

    @Test func `a run waits for people only where nobody else works`() throws {
        var plan = Self.team()
        plan.tasks[1].needsApproval = true
        var stage = RunStage(plan)
        try stage.start()
        #expect(stage.run.openQuestions.count == 2)
        #expect(try !Self.lines(stage)[0].contains("waiting for people"))
        try stage.finish("size")
        #expect(try Self.lines(stage)[0].contains("waiting for people"))
    }

    @Test func `a question goes when its time is over and the person is asked again later`() throws {
        var plan = Self.team()
        plan.tasks[2].timeout = .seconds(60)
        plan.tasks[2].maxAttempts = 2
        var stage = RunStage(plan)
        try stage.start()
        #expect(try Self.lines(stage).contains { $0.hasPrefix("? q1") })
        try stage.pass(.seconds(60))
        #expect(try !Self.lines(stage).contains { $0.hasPrefix("? q") })
        #expect(try Self.lines(stage).contains { $0.hasPrefix("↻ judge") })
        try stage.pass(.seconds(10))
        try stage.start()
        #expect(try Self.lines(stage).contains { $0.hasPrefix("? q2") })
    }

    @Test func `the question at the prompt needs no row above, and of many there is room for each part`() throws {
        var stage = RunStage(Self.team())
        try stage.start()
        var board = try #require(LiveBoard(stage.facts[0]))
        for fact in stage.facts.dropFirst() { board.take(fact) }
        let question = try #require(board.openQuestions.first)
        let size = LiveScreen.Size(width: 80, height: 23)
        for (asked, isShown) in [(nil, true), (question.id, false)] {
            let lines = LiveScreen(board, size: size, now: stage.now, glyphs: .unicode, tick: 0, asked: asked) { _, _ in
                nil
            }
            .lines
            #expect(lines.contains { $0.plain.hasPrefix("? q1") } == isShown)
        }
        let seen = stage.facts.count
        try stage.put(.steer(.agent(AgentIndex(2)), .inline("be quick")), by: .person("ada"))
        try stage.put(.steer(.task(TaskIndex(0)), .inline("not for You")), by: .person("ada"))
        for fact in stage.facts[seen...] { board.take(fact) }
        let prompt = QuestionLines.prompt(
            question,
            in: stage.run.plan,
            told: board.directives(for: question),
            refusal: nil,
            columns: 39,
            rows: 8
        )
        #expect(prompt.map(\.plain).prefix(2) == ["q1  You, judge: do judge", "told: be quick"])
        let long = Question(
            id: QuestionID(1),
            kind: .staffing,
            task: TaskIndex(0),
            agent: nil,
            text: String(repeating: "Who does it? ", count: 40),
            options: (0..<20).map { "somebody-\($0)" } + ["skip", "fail"],
            deadline: nil,
            fallback: nil
        )
        for rows in 1...11 {
            let lines = QuestionLines.prompt(
                long,
                in: stage.run.plan,
                refusal: String(repeating: "that is nobody ", count: 40),
                columns: 39,
                rows: rows
            )
            #expect(lines.count <= rows)
            #expect(lines.allSatisfy { $0.width <= 39 })
            guard rows >= 3 else { continue }
            #expect(lines.contains { $0.plain.hasPrefix("q1  size: Who does it?") })
            #expect(lines.contains { $0.plain.hasPrefix("Type one of somebody-0") })
            #expect(lines.contains { $0.plain.hasPrefix("that is nobody") })
        }
    }

    @Test func `long names that differ at their ends are told apart`() throws {
        var agent = AgentProfile(id: "the-only-worker-of-this-plan-1")
        agent.command = ["true"]
        let tasks = (1...3).map { TaskSpec(id: TaskID("translate-the-introduction-part-\($0)")) }
        var stage = RunStage(Plan(id: "long", agents: [agent], tasks: tasks))
        try stage.start()
        let rows = try Self.lines(stage).filter { $0.contains("translate") }
        #expect(rows[0].contains("translate-…on-part-1  the-on…plan-1"), "\(rows)")
        #expect(rows[2].contains("translate-…on-part-3"), "\(rows)")
    }

    @Test func `a terminal of ASCII gets ASCII, and the state is told without colour`() throws {
        var stage = RunStage(Self.team())
        try stage.start()
        try stage.fail("links", Self.exit)
        let lines = try Self.lines(stage, glyphs: .ascii)
        #expect(lines.allSatisfy { line in line.utf8.allSatisfy { $0 < 0x80 } })
        #expect(lines.contains("x links   inspector  failed"))
        #expect(lines.contains(". report             waiting"))
    }

    @Test(arguments: [20, 40, 60, 80, 120, 200])
    func `whatever the size, no line is too wide and no line is too many`(width: Int) throws {
        for count in [1, 4, 30, 400] {
            var stage = try Self.crowd(count)
            for height in [1, 3, 5, 11, 12, 23, 60] {
                let lines = try Self.screen(stage, width: width, height: height, glyphs: .unicode, tick: 3) { task, _ in
                    "a long line 日本語 " + String(repeating: "x", count: 200)
                }
                #expect(lines.count <= height)
                #expect(lines.allSatisfy { $0.width < width })
            }
            try stage.pass(.seconds(1))
        }
    }

    // Every agent has a task in hand, some have failed, one waits for a person.
    private static func crowd(_ count: Int) throws -> RunStage {
        var person = AgentProfile(id: "you")
        person.type = "person"
        let agents = (0..<count).map { offset in
            var agent = AgentProfile(id: AgentID("agent-\(offset)"))
            agent.command = ["true"]
            return agent
        }
        let tasks = (0..<(count * 3)).map { offset in
            var task = TaskSpec(id: TaskID("task-\(offset)"))
            task.assignedAgent = offset == 0 ? "you" : agents[offset % count].id
            return task
        }
        var stage = RunStage(Plan(id: "crowd", agents: agents + [person], tasks: tasks))
        try stage.start()
        try stage.pass(.seconds(3))
        for offset in 1..<(count * 3) where offset % 7 == 1 && offset < count {
            try stage.fail(tasks[offset].id, Self.exit)
        }
        try stage.start()
        return stage
    }

    @Test func `of ten thousand tasks the screen shows what matters and counts the rest`() throws {
        let tasks = (0..<10_000).map { TaskSpec(id: TaskID("t\($0)")) }
        var agent = AgentProfile(id: "w")
        agent.command = ["true"]
        agent.maxConcurrentTasks = 100
        var stage = RunStage(Plan(id: "big", agents: [agent], tasks: tasks))
        try stage.start()
        try stage.pass(.seconds(3))
        try stage.fail("t7", Self.exit)
        for offset in 10..<40 { try stage.finish(TaskID("t\(offset)")) }
        let lines = try Self.lines(stage)
        #expect(lines.count <= 23)
        #expect(lines[4] == "✗ t7     w      failed [exec.exit]: the command ended with exit code 3")
        #expect(lines[6].hasPrefix("⠋ t0     w      3.0 s"))
        #expect(lines.last == "… 53 more in hand, 9900 waiting, 31 ended")
    }

    @Test func `more trouble than fits is counted`() throws {
        var stage = try Self.crowd(300)
        try stage.pass(.seconds(1))
        let lines = try Self.lines(stage)
        #expect(lines[4].hasPrefix("? q1"))
        #expect(lines.contains { $0.hasPrefix("… ") && $0.hasSuffix("more failed; see: baton why demo-1") })
    }

    @Test func `many questions do not hide failures, nor many failures questions`() throws {
        for (people, broken) in [(30, 30), (30, 2), (2, 30)] {
            var person = AgentProfile(id: "you")
            person.type = "person"
            person.maxConcurrentTasks = 100
            var worker = AgentProfile(id: "w")
            worker.command = ["true"]
            worker.maxConcurrentTasks = 100
            let tasks = (0..<(people + broken)).map { offset in
                var task = TaskSpec(id: TaskID("t\(offset)"))
                task.assignedAgent = offset < people ? "you" : "w"
                return task
            }
            var stage = RunStage(Plan(id: "p", agents: [person, worker], tasks: tasks))
            try stage.start()
            for task in tasks.suffix(broken) { try stage.fail(task.id, Self.exit) }
            let alerts = try Self.lines(stage)[4...].prefix { !$0.isEmpty }
            #expect(alerts.filter { $0.hasPrefix("?") }.count >= 2)
            #expect(alerts.filter { $0.hasPrefix("✗") }.count >= 2)
            #expect(alerts.last?.contains("more") == true)
        }
    }

    @Test func `the state and the time stay whole however long title and identifier are`() throws {
        var plan = Self.team()
        plan.title = String(repeating: "A very long title ", count: 20)
        var stage = RunStage(plan)
        try stage.start()
        try stage.pass(.seconds(90))
        for width in [30, 50, 80] { #expect(try Self.lines(stage, width: width)[0].hasSuffix("  running  1 min 30 s")) }
    }

    @Test func `a failure is told by its line about an error, without colours and without the stack`() throws {
        var stage = RunStage(Self.team())
        try stage.start()
        let tail = "\u{1B}[31mError: cannot open the oven\u{1B}[0m\n    at bake.js:3\n    at main.js:9\n"
        try stage.fail("links", Failure(.permanent, "exec.exit", "exit code 1", remedy: "look", stderrTail: tail))
        let lines = try Self.lines(stage) { _, _ in "\u{1B}[32mPASS\u{1B}[0m one" }
        #expect(lines.contains("✗ links   inspector  failed [exec.exit]: Error: cannot open the oven"))
        #expect(lines.contains { $0.hasSuffix("  PASS one") })
    }

    @Test func `text of plans, agents and failures steers nothing`() throws {
        let evil = "\u{1B}]0;owned\u{7}\u{1B}[2J\r\n\u{9B}31m\u{202E}x"
        var plan = Self.team()
        plan.title = evil
        plan.tasks[2].description = evil
        plan.agents[2].name = evil
        var stage = RunStage(plan)
        try stage.start()
        try stage.fail("links", Failure(.permanent, "exec.exit", evil, remedy: evil))
        for line in try Self.lines(stage, said: { _, _ in evil }) {
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
            #expect(!line.unicodeScalars.contains("\u{202E}"))
        }
    }

    @Test func `the end is shown with its word`() throws {
        var stage = RunStage(Self.team())
        try stage.start()
        try stage.put(.cancel, by: .person("ada"))
        try stage.halt("size")
        #expect(try Self.lines(stage)[0].contains("stopping"))
        try stage.halt("links")
        #expect(try Self.lines(stage)[0].contains("cancelled"))
        #expect(try Self.lines(stage)[1].contains("100%"))
    }
}
