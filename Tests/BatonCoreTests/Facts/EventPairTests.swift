import Testing

@testable import BatonCore

/// Lines that hold two events.
@Suite struct EventPairTests {
    private static let first = StepKey(task: TaskIndex(3), attempt: 2, step: 1, delivery: 1)
    private static let alone = Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)])
    private static let chosen = Assignment(
        lead: AgentIndex(1),
        agents: [AgentIndex(1)],
        candidates: [Assignment.Candidate(agent: AgentIndex(1), score: 5)]
    )
    private static let stored = Content.stored(.zero, bytes: 90_000)

    private static func facts(_ events: [Event], by: Origin = .engine) -> [Recorded] {
        events.enumerated().map { offset, event in
            Recorded(
                position: Position(Int64(5 + offset)),
                at: Timestamp(microseconds: 1_700_000_000_000_000),
                by: by,
                event: event
            )
        }
    }

    private static func lines(_ facts: [Recorded]) -> [[UInt8]] {
        var writer = JSONWriter()
        EventCodec.write(facts, to: &writer)
        return writer.bytes.split(separator: 0x0A).map { Array($0) }
    }

    private static func read(_ lines: [[UInt8]]) throws -> [Recorded] {
        var facts: [Recorded] = []
        for line in lines {
            facts += try EventCodec.readLine(line, from: facts.last?.position.next ?? Position(5)) {
                (_) throws(EventCodec.Fault) in Specimens.plan
            }
        }
        return facts
    }

    private static let pairs: [[Event]] = [
        [.attemptStarted(TaskIndex(3), attempt: 2, Self.alone), .stepOwed(Self.first, .perform)],
        [.attemptStarted(TaskIndex(3), attempt: 2, Self.chosen), .stepOwed(Self.first, .perform)],
        [.stepReturned(Self.first, .done(.inline(7), .none)), .taskEnded(TaskIndex(3), .completed(.inline(7)))],
        [.stepReturned(Self.first, .done(Self.stored, .none)), .taskEnded(TaskIndex(3), .completed(Self.stored))],
        [
            .stepReturned(Self.first.redelivered, .done(.inline(["a": [1, nil]]), .none)),
            .taskEnded(TaskIndex(3), .completed(.inline(["a": [1, nil]]))),
        ],
    ]

    @Test(arguments: Self.pairs)
    func `two events that belong together are one line and come back as two`(events: [Event]) throws {
        for by in [Origin.engine, .person("ann")] {
            let facts = Self.facts(events, by: by)
            let lines = Self.lines(facts)
            #expect(lines.count == 1)
            #expect(try Self.read(lines) == facts)
        }
    }

    private static let strangers: [[Event]] = [
        // Another task, another attempt, a later step, handed out again.
        [.attemptStarted(TaskIndex(2), attempt: 2, Self.alone), .stepOwed(Self.first, .perform)],
        [.attemptStarted(TaskIndex(3), attempt: 1, Self.alone), .stepOwed(Self.first, .perform)],
        [.attemptStarted(TaskIndex(3), attempt: 2, Self.alone), .stepOwed(Self.first.redelivered, .perform)],
        // Another task, another value, another end.
        [.stepReturned(Self.first, .done(.inline(7), .none)), .taskEnded(TaskIndex(2), .completed(.inline(7)))],
        [.stepReturned(Self.first, .done(.inline(7), .none)), .taskEnded(TaskIndex(3), .completed(.inline(8)))],
        [.stepReturned(Self.first, .done(.inline(7), .none)), .taskEnded(TaskIndex(3), .cancelled(.person))],
        [.stepReturned(Self.first, .stopped(.none)), .taskEnded(TaskIndex(3), .completed(.inline(nil)))],
        [.stepOwed(Self.first, .perform), .attemptStarted(TaskIndex(3), attempt: 2, Self.alone)],
    ]

    @Test(arguments: Self.strangers)
    func `events that only look alike are two lines`(events: [Event]) throws {
        let lines = Self.lines(Self.facts(events))
        #expect(lines.count == 2)
        #expect(try Self.read(lines) == Self.facts(events))
    }

    @Test func `events of two moments, or of two causes, are two lines`() throws {
        let pair = Self.facts(Self.pairs[0])
        let later = Recorded(
            position: pair[1].position,
            at: pair[1].at + .microseconds(1),
            by: .engine,
            event: pair[1].event
        )
        let other = Recorded(position: pair[1].position, at: pair[1].at, by: .person("ann"), event: pair[1].event)
        for second in [later, other] {
            #expect(Self.lines([pair[0], second]).count == 2)
            #expect(try Self.read(Self.lines([pair[0], second])) == [pair[0], second])
        }
    }

    @Test func `all events of a run in a row come back as they were`() throws {
        let facts = Self.facts(Specimens.events + Self.pairs.flatMap { $0 } + Self.strangers.flatMap { $0 })
        let lines = Self.lines(facts)
        #expect(lines.count == Specimens.events.count + Self.pairs.count + 2 * Self.strangers.count)
        #expect(try Self.read(lines) == facts)
    }

    @Test(arguments: [
        (#"{"kind":"attempt_started","v":2,"at":0,"task":1,"attempt":1,"lead":0}"#, "request"),
        (#"{"kind":"attempt_started","v":2,"at":0,"task":1,"attempt":1,"lead":0,"request":"dance"}"#, "request"),
        (#"{"kind":"step_returned","v":2,"at":0,"task":1,"attempt":1,"step":1,"delivery":1,"result":"done"}"#, "end"),
        (
            #"{"kind":"step_returned","v":2,"at":0,"task":1,"attempt":1,"step":1,"delivery":1,"result":"done","end":"failed"}"#,
            "end"
        ),
        (
            #"{"kind":"step_returned","v":2,"at":0,"task":1,"attempt":1,"step":1,"delivery":1,"result":"stopped","end":"completed"}"#,
            "result"
        ),
    ])
    func `a pair of which one half is wrong is a fault that names it`(line: String, name: String) {
        #expect {
            _ = try Self.read([Array(line.utf8)])
        } throws: { error in
            guard case .field(_, name)? = error as? EventCodec.Fault else { return false }
            return true
        }
    }

    @Test func `whoever expects one event is not given half of two`() {
        let line = Self.lines(Self.facts(Self.pairs[0]))[0]
        #expect(throws: EventCodec.Fault.field(kind: "attempt_started", name: "v")) {
            try EventCodec.read(line, position: Position(1)) { (_) throws(EventCodec.Fault) in Specimens.plan }
        }
    }

    @Test func `a version of a pair that is newer is refused by name`() {
        let line = #"{"kind":"step_returned","v":3,"at":0}"#
        #expect(throws: EventCodec.Fault.unknownVersion(kind: "step_returned", version: 3)) {
            try Self.read([Array(line.utf8)])
        }
        #expect(EventCodec.Fault.unknownVersion(kind: "step_returned", version: 3).message.contains("up to 2"))
    }
}
