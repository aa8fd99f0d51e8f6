@testable import BatonCore

/// One of each event, with every optional field there and not there.
enum Specimens {
    static let plan = Sketch.plan(
        [Sketch.agent("w"), Sketch.agent("p", type: "person")],
        [Sketch.task("a"), Sketch.task("b", after: ["a"])]
    )

    static let key = StepKey(task: TaskIndex(1), attempt: 2, step: 3, delivery: 4)
    static let bare = Failure(.transient, "test.fault", "it failed", remedy: "none")
    static let full = Failure(
        .timedOut,
        "exec.exit",
        "ended with 1\u{1B}[31m",
        remedy: "look",
        causes: ["inner", "innermost"],
        stderrTail: "last\nlines",
        retryAfter: .milliseconds(1500)
    )
    static let stored = Content.stored(Digest(a: 1, b: 2, c: 3, d: .max), bytes: 4096)

    private static let seeds = [RunMode.real, .rehearsal].map {
        RunSeed(
            run: RunID("r-1"),
            plan: Self.plan,
            stored: .zero,
            seed: .max,
            mode: $0,
            engine: "0.1",
            prices: $0 == .real
                ? PriceTable(stored: ["lab/m": [1, 2, 3, 4], "lab/n": [1, 2, 3, 4, 5]]) ?? .none : .none
        )
    }

    private static let usage: Usage = {
        var usage = Usage()
        usage.money = Money(microUSD: 12)
        usage.tokens = 34
        return usage
    }()

    private static let assignments = [
        Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)]),
        Assignment(
            lead: AgentIndex(1),
            agents: [AgentIndex(0), AgentIndex(1)],
            candidates: [
                Assignment.Candidate(agent: AgentIndex(1), score: 76_000),
                Assignment.Candidate(agent: AgentIndex(0), score: -5),
            ],
            gaps: [Eligibility.Gap(skill: "law", has: 0, needs: 250)]
        ),
        Assignment(
            lead: AgentIndex(0),
            agents: [AgentIndex(0)],
            models: [
                ModelChoice.Candidate(
                    model: "lab/m",
                    cost: Money(microUSD: 7),
                    record: ModelChoice.Record(good: 1, attempts: 2)
                ), ModelChoice.Candidate(model: "lab/n", cost: nil, record: ModelChoice.Record()),
            ]
        ),
    ]

    private static let questions = [
        Question(
            id: QuestionID(1),
            kind: .work,
            task: TaskIndex(0),
            agent: AgentIndex(1),
            text: "do it",
            options: [],
            deadline: Timestamp(microseconds: 5)
        ),
        Question(
            id: QuestionID(2),
            kind: .staffing,
            task: TaskIndex(1),
            agent: nil,
            text: "who?",
            options: ["w", "skip"],
            deadline: nil
        ),
        Question(
            id: QuestionID(3),
            kind: .unknownOutcome,
            task: TaskIndex(1),
            agent: nil,
            text: "",
            options: ["again"],
            deadline: nil
        ),
        Question(
            id: QuestionID(4),
            kind: .approval,
            task: TaskIndex(1),
            agent: nil,
            text: "may it?",
            options: ["approve"],
            deadline: Timestamp(microseconds: 9),
            fallback: .skip
        ),
        Question(
            id: QuestionID(5),
            kind: .blocker,
            task: TaskIndex(1),
            agent: nil,
            text: "how?",
            options: [],
            deadline: Timestamp(microseconds: 9),
            fallback: .fail
        ),
        Self.budgetQuestion(6, of: .run, .money),
        Self.budgetQuestion(7, of: .agent(AgentIndex(1)), .tokens),
        Self.budgetQuestion(8, of: .task(TaskIndex(1)), .calls),
        // Of a task that has handed on the one that asks.
        Self.budgetQuestion(9, of: .task(TaskIndex(0)), .money),
    ]

    private static func budgetQuestion(_ id: Int, of scope: BudgetScope, _ measure: Spend.Measure) -> Question {
        Question(
            id: QuestionID(id),
            kind: .budget,
            task: TaskIndex(1),
            agent: nil,
            text: "more?",
            options: [],
            deadline: nil,
            budget: Question.Budget(scope: scope, measure: measure)
        )
    }

    private static let answers = [
        Answer(.done, content: .inline(["n": 1.5])), Answer(.done, content: Self.stored, note: "by hand"),
        Answer(.fail, note: "no"), Answer(.skip), Answer(.again), Answer(.approve), Answer(.assign(AgentIndex(1))),
        Answer(.raise(1_500_000), content: .inline(1.5)),
    ]

    private static let ends: [TaskEnd] = [
        .completed(.inline(nil)), .completed(.inline(["a": [1, nil, true, "é\u{0}"]])), .completed(Self.stored),
        .failed(Self.bare), .failed(Self.full), .skipped(.person(note: "")), .skipped(.person(note: "not now")),
        .skipped(.dependency(TaskIndex(0))), .skipped(.unanswered(QuestionID(7))), .skipped(.unneeded(TaskIndex(0))),
        .skipped(.decided),
        .cancelled(.person), .cancelled(.strict(TaskIndex(0))), .cancelled(.timeLimit),
    ]

    private static let requests: [StepRequest] = [
        .catalogue,
        .model(ModelCall(choice: 0, told: 0)), .model(ModelCall(choice: 2, told: 5)),
        .model(ModelCall(choice: 0, told: 0, again: 3)), .model(ModelCall(choice: 0, told: 0, cleared: 4)),
        .model(ModelCall(choice: 0, told: 0, reserved: Spend(money: Money(microUSD: 5), tokens: 7, calls: 1))),
        .tool(0), .tool(3),
    ]

    private static let results: [StepResult] = [
        .done(.inline("text"), .none), .done(Self.stored, Self.usage), .failed(Self.bare, .none),
        .failed(Self.full, Self.usage), .stopped(.none), .stopped(Self.usage), .done(.inline(1), Self.counted),
        .done(.inline(2), Self.bounded), .stopped(Self.bounded), .stopped(Self.tokens(isEstimated: true)),
        .done(.inline(3), Self.tokens(isEstimated: false)),
        .replied(Reply(model: "lab/m", text: .inline("hi"), stop: .end), .none),
        .replied(Reply(model: "lab/m", text: .inline("hi"), stop: .end, sharers: 3, answerer: "m-2026"), .none),
        .replied(
            Reply(
                model: "lab/m",
                text: Self.stored,
                output: .inline(["n": 1]),
                faults: ["$.n is no text"],
                calls: [
                    ToolCall(id: "c1", tool: "read", input: .inline(["file": "a"])),
                    ToolCall(id: "c2", tool: "read", input: Self.stored),
                    ToolCall(id: "c3", tool: "read", input: .inline("{"), fault: "they are no JSON"),
                ],
                stop: .tools
            ),
            Self.usage
        ),
        .offered(Catalogue(tools: [], content: .inline([]))),
        .offered(
            Catalogue(
                tools: [
                    Catalogue.Tool(name: "docs__look", source: "docs/look", isRepeatable: true),
                    Catalogue.Tool(name: "docs__act", source: "docs/act", isRepeatable: false),
                ],
                content: Self.stored
            )
        ),
    ]

    private static func tokens(isEstimated: Bool) -> Usage {
        var kinds = Usage.TokenKinds()
        (kinds.input, kinds.cacheRead, kinds.cacheWrite, kinds.output) = (1, 2, 3, 4)
        kinds.isEstimated = isEstimated
        var usage = Usage()
        (usage.tokens, usage.tokenKinds) = (10, kinds)
        (usage.saved, usage.isUnpriced) = (Money(microUSD: 7), isEstimated)
        return usage
    }

    private static let counted: Usage = {
        var usage = Usage()
        usage.cpu = .microseconds(1_234_567)
        usage.peakMemory = 64 << 20
        return usage
    }()

    private static let bounded: Usage = {
        var usage = Usage()
        usage.cpu = .zero
        usage.peakMemoryBound = 32 << 20
        return usage
    }()

    static let events: [Event] =
        Self.seeds.map { .created($0) } + [.recovered(engine: "0.2")]
        + Self.assignments.map { .attemptStarted(TaskIndex(1), attempt: 2, $0) } + [.stepOwed(Self.key, .perform)]
        + [StopReason.timedOut, .cancelled, .skipped(note: ""), .skipped(note: "why"), .paused, .decided].map {
            .stopRequested(Self.key, $0)
        }
        + Self.results.map { .stepReturned(Self.key, $0) } + [.stepLost(Self.key), .staleResult(Self.key)]
        + Self.requests.map { .stepOwed(Self.key, $0) } + [.attemptHeld(TaskIndex(1))]
        + [Self.bare, Self.full].map { .taskRested(TaskIndex(1), until: Timestamp(microseconds: 77), $0) }
        + [Self.bare, Self.full].map { .taskFellBack(TaskIndex(1), $0) }
        + [.taskReady(TaskIndex(0))] + Self.ends.map { .taskEnded(TaskIndex(1), $0) }
        + Self.questions.map { .asked($0) } + Self.answers.map { .answered(QuestionID(2), $0) } + [.paused, .resumed]
        + [StopCause.person, .strict(TaskIndex(1)), .timeLimit].map { .stopping($0) }
        + [
            .tasksAdded(Self.added), .tasksAdded([Self.check], made: [AgentProfile(id: "a.check-1")]),
            .taskEdited(TaskIndex(1), TaskSpec(id: "b", description: "else")),
        ]
        + Self.delegations.map { .delegated($0) }
        + [.taskReprioritized(TaskIndex(0), priority: 5), .tasksReset([TaskIndex(0), TaskIndex(2)])]
        + Self.seeds.map { .forked($0, from: RunID("r"), at: Position(6)) } + Self.directives.map { .steered($0) }
        + RunEnd.allCases.map { .ended($0) }

    private static let delegations: [Delegation] = {
        var made = AgentProfile(id: "a.1", name: "a reader")
        made.madeBy = "a"
        made.tools = ["read_file"]
        var spec = TaskSpec(id: "a.1", description: "Read it.")
        spec.delegatedBy = "a"
        let known = Delegation.Candidate(
            agent: AgentIndex(1),
            cost: Money(microUSD: 7),
            time: .seconds(3),
            isMeasured: true,
            isBusy: true
        )
        let unknown = Delegation.Candidate(agent: AgentIndex(0), cost: nil, time: nil, isMeasured: false, isBusy: false)
        let verdicts: [Delegation.Verdict] = [
            .refused("nobody is there"), .granted(spec, made: made, weighed: []),
            .granted(spec, made: nil, weighed: [known, unknown]),
        ]
        return verdicts.map { Delegation(task: TaskIndex(1), place: 2, verdict: $0) }
    }()

    private static let check: TaskSpec = {
        var spec = TaskSpec(id: "a.check-1", description: "See.")
        spec.delegatedBy = "a"
        spec.proves = .command(["swift", "test"], within: .seconds(60))
        return spec
    }()

    private static let added: [TaskSpec] = {
        var full = TaskSpec(id: "later", description: "More: {{tasks.a.output}}", dependencies: ["a"])
        full.type = "write"
        full.input = ["n": 1, "x": [nil, 1.5]]
        full.priority = 4
        full.requiredSkills = ["writing": 7.5]
        full.maxAttempts = 2
        full.timeout = .milliseconds(1500)
        full.onDependencyFailure = .run
        full.repeatable = true
        return [full, TaskSpec(id: "bare")]
    }()

    private static let directives = [
        Directive(number: 1, audience: .everyone, text: .inline("shorter")),
        Directive(number: 2, audience: .agent(AgentIndex(1)), text: Self.stored),
        Directive(number: 3, audience: .task(TaskIndex(0)), text: .inline("in German")),
        Directive(number: 4, audience: .task(TaskIndex(0)), text: .inline("no"), sender: .check),
        Directive(number: 5, audience: .task(TaskIndex(0)), text: .inline("no"), sender: .reviewer("b")),
        Directive(number: 6, audience: .task(TaskIndex(0)), text: .inline("no"), sender: .signer),
        Directive(number: 6, audience: .task(TaskIndex(0)), text: .inline("so"), sender: .manager("b")),
    ]

    static func line(_ fact: Recorded) -> [UInt8] {
        var writer = JSONWriter()
        EventCodec.write(fact, to: &writer)
        return Array(writer.bytes.dropLast())
    }

    static func fact(_ event: Event, by: Origin = .engine) -> Recorded {
        Recorded(position: Position(7), at: Timestamp(microseconds: 1_800_000_000_000_001), by: by, event: event)
    }
}
