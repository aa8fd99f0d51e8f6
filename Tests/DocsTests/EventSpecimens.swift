@testable import BatonCore

/// Events of every kind, with each optional field there at least once.
enum EventSpecimens {
    static let plan: Plan = {
        var person = AgentProfile(id: "p")
        person.type = "person"
        return Plan(
            id: "doc",
            agents: [AgentProfile(id: "w"), person],
            tasks: [TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"])]
        )
    }()

    static let failures = [
        Failure(.transient, "exec.exit", "it failed", remedy: "look"),
        Failure(.permanent, "exec.exit", "it failed", remedy: "look", causes: ["inner"], stderrTail: "no"),
    ]

    static let assignments = [
        Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)]),
        Assignment(
            lead: AgentIndex(0),
            agents: [AgentIndex(0), AgentIndex(1)],
            candidates: [Assignment.Candidate(agent: AgentIndex(0), score: 12_345)],
            gaps: [Eligibility.Gap(skill: "law", has: 0, needs: 250)],
            models: [
                ModelChoice.Candidate(
                    model: "lab/m",
                    cost: Money(microUSD: 1234),
                    record: ModelChoice.Record(good: 1, attempts: 2)
                ), ModelChoice.Candidate(model: "lab/n", cost: nil, record: ModelChoice.Record()),
            ]
        ),
    ]

    static let questions = [
        Question(
            id: QuestionID(1),
            kind: .work,
            task: TaskIndex(1),
            agent: AgentIndex(1),
            text: "do it",
            options: [],
            deadline: .zero
        ),
        Question(
            id: QuestionID(2),
            kind: .staffing,
            task: TaskIndex(1),
            agent: nil,
            text: "who?",
            options: ["w", "skip"],
            deadline: .zero,
            fallback: .skip
        ),
        Question(
            id: QuestionID(3),
            kind: .budget,
            task: TaskIndex(1),
            agent: nil,
            text: "more?",
            options: [],
            deadline: nil,
            budget: Question.Budget(scope: .run, measure: .money)
        ),
    ]

    private static let key = StepKey(task: TaskIndex(1), attempt: 1, step: 1, delivery: 1)
    private static let stored = Content.stored(.zero, bytes: 4096)
    private static let task = TaskIndex(1)

    private static let seed = RunSeed(
        run: RunID("doc-1"),
        plan: Self.plan,
        stored: .zero,
        seed: 7,
        mode: .real,
        engine: "0"
    )

    /// One question to a model, answered.
    static let conversation: [Recorded] = {
        let key = StepKey(task: TaskIndex(0), attempt: 1, step: 1, delivery: 1)
        let reply = Reply(model: "lab/m", text: .inline("x"), stop: .end)
        let events: [Event] = [
            .created(Self.seed),
            .attemptStarted(TaskIndex(0), attempt: 1, Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)])),
            .stepOwed(key, .model(ModelCall(choice: 0, told: 0))), .stepReturned(key, .replied(reply, Self.tokens)),
        ]
        return events.enumerated().map { place, event in
            Recorded(position: Position(Int64(place) + 1), at: .zero, by: .engine, event: event)
        }
    }()

    private static let results: [StepResult] = [
        .done(.inline("x"), .none), .done(Self.stored, .none), .stopped(.none), .failed(Self.failures[0], .none),
        .failed(Self.failures[1], .none), .done(.inline("x"), Self.counted), .done(.inline("x"), Self.bounded),
        .replied(
            Reply(
                model: "lab/m",
                text: .inline("x"),
                calls: [
                    ToolCall(id: "c", tool: "read", input: .inline([:])),
                    ToolCall(id: "d", tool: "read", input: Self.stored),
                ],
                stop: .tools,
                sharers: 2,
                answerer: "m-2026"
            ),
            Self.tokens
        ),
        .offered(
            Catalogue(
                tools: [Catalogue.Tool(name: "docs__look", source: "docs/look", isRepeatable: true)],
                content: .inline([])
            )
        ),
    ]

    private static let tokens: Usage = {
        var usage = Usage()
        usage.tokenKinds = Usage.TokenKinds()
        usage.tokenKinds?.isEstimated = true
        return usage
    }()

    private static let counted: Usage = {
        var usage = Usage()
        usage.cpu = .seconds(1)
        usage.peakMemory = 1 << 20
        return usage
    }()

    private static let bounded: Usage = {
        var usage = Usage()
        usage.peakMemoryBound = 1 << 20
        return usage
    }()

    private static let ends: [TaskEnd] = [
        .completed(.inline("x")), .completed(Self.stored), .skipped(.person(note: "not now")),
        .skipped(.dependency(TaskIndex(0))), .skipped(.unanswered(QuestionID(1))), .skipped(.unneeded(TaskIndex(0))),
        .skipped(.decided),
        .cancelled(.person), .cancelled(.strict(TaskIndex(0))), .failed(Self.failures[0]), .failed(Self.failures[1]),
    ]

    private static let answers = [
        Answer(.done, content: .inline("x"), note: "by hand"), Answer(.done, content: Self.stored), Answer(.skip),
        Answer(.assign(AgentIndex(0))), Answer(.raise(9)),
    ]

    static let events: [Event] = {
        var events: [Event] = [.created(Self.seed), .recovered(engine: "0")]
        for assignment in Self.assignments { events.append(.attemptStarted(Self.task, attempt: 1, assignment)) }
        events += [.stepOwed(Self.key, .perform), .stopRequested(Self.key, .timedOut), .stepLost(Self.key)]
        events += [
            .stepOwed(Self.key, .tool(0)), .stepOwed(Self.key, .tool(1)),
            .stepOwed(
                Self.key,
                .model(
                    ModelCall(
                        choice: 1,
                        told: 0,
                        again: 1,
                        cleared: 2,
                        reserved: Spend(money: Money(microUSD: 7), tokens: 3, calls: 1)
                    )
                )
            ),
            .attemptHeld(Self.task),
        ]
        events += [.staleResult(Self.key), .taskReady(Self.task), .paused, .resumed]
        for result in Self.results { events.append(.stepReturned(Self.key, result)) }
        for failure in Self.failures {
            events += [.taskRested(Self.task, until: .zero, failure), .taskFellBack(Self.task, failure)]
        }
        for question in Self.questions { events.append(.asked(question)) }
        for answer in Self.answers { events.append(.answered(QuestionID(1), answer)) }
        events += [.stopping(.timeLimit), .stopping(.strict(TaskIndex(0)))]
        for end in Self.ends { events.append(.taskEnded(Self.task, end)) }
        let made = [AgentProfile(id: "later")]
        events += [.tasksAdded([TaskSpec(id: "later", description: "More")], made: made), .tasksReset([Self.task])]
        let candidate = Delegation.Candidate(
            agent: AgentIndex(0),
            cost: Money(microUSD: 7),
            time: .seconds(3),
            isMeasured: true,
            isBusy: false
        )
        let granted = Delegation.Verdict.granted(
            TaskSpec(id: "t.1"),
            made: AgentProfile(id: "t.1"),
            weighed: [candidate]
        )
        for verdict in [granted, .refused("nobody is there")] {
            events.append(.delegated(Delegation(task: Self.task, place: 0, verdict: verdict)))
        }
        events += [.taskEdited(Self.task, TaskSpec(id: "t")), .taskReprioritized(Self.task, priority: 5)]
        events += [.stopRequested(Self.key, .skipped(note: "why")), .stopRequested(Self.key, .decided)]
        events.append(.steered(Directive(number: 1, audience: .everyone, text: .inline("shorter"))))
        for sender in [Directive.Sender.check, .signer, .reviewer("a"), .manager("a")] {
            events.append(.steered(Directive(number: 1, audience: .everyone, text: .inline("no"), sender: sender)))
        }
        events.append(.steered(Directive(number: 2, audience: .task(Self.task), text: Self.stored)))
        events.append(.forked(Self.seed, from: RunID("doc-0"), at: Position(6)))
        events.append(.ended(.completed))
        return events
    }()

    /// What is printed of each, with and without an attempt in hand before it, and with calls that a model wants.
    static func printed() -> [(kind: String, json: JSON)] {
        let start = Event.attemptStarted(Self.task, attempt: 1, Self.assignments[0])
        let wanted = Event.stepReturned(Self.key, Self.results[7])
        return Self.events.flatMap { event in
            [[event], [start, event], [start, wanted, event]].map { events in
                var view = EventView(plan: Self.plan)
                var json = JSON.null
                for (offset, event) in events.enumerated() {
                    let fact = Recorded(
                        position: Position(Int64(offset) + 1),
                        at: .zero,
                        by: offset == 0 ? .engine : .person("ada"),
                        event: event
                    )
                    json = view.view(fact).json
                }
                return (EventCodec.kind(of: event), json)
            }
        }
    }
}
