import BatonCore
import Testing

@Suite struct CommonEventsTests {
    private static let key = StepKey(task: TaskIndex(3), attempt: 1, step: 1, delivery: 2)

    private static func inFull(_ line: some Sequence<UInt8>) -> [Recorded]? {
        try? EventCodec.readLine(Array(line), from: Position(7)) { (_) throws(EventCodec.Fault) in Specimens.plan }
    }

    private static func fast(_ line: [UInt8]) -> [Recorded]? {
        var events = CommonEvents(line)
        return events.next(position: Position(7)).map { line in [line.first] + (line.second.map { [$0] } ?? []) }
    }

    /// One line without its end, of one event or of two.
    private static func line(_ events: [Event]) -> [UInt8] {
        var writer = JSONWriter()
        EventCodec.write(Self.facts(events), to: &writer)
        return Array(writer.bytes.dropLast())
    }

    private static func facts(_ events: [Event]) -> [Recorded] {
        events.enumerated().map { offset, event in
            let fact = Specimens.fact(event, by: .engine)
            return Recorded(position: Position(Int64(7 + offset)), at: fact.at, by: fact.by, event: event)
        }
    }

    private static func used(cpu: Int64? = nil, memory: Int64? = nil, bound: Int64? = nil) -> Usage {
        var usage = Usage()
        usage.cpu = cpu.map { .microseconds($0) }
        usage.peakMemory = memory
        usage.peakMemoryBound = bound
        return usage
    }

    private static let common: [Event] =
        [
            .attemptStarted(TaskIndex(0), attempt: 1, Assignment(lead: AgentIndex(2), agents: [AgentIndex(2)])),
            .stepOwed(Self.key, .perform),
        ]
        + [
            Self.used(cpu: 0), Self.used(cpu: 12, memory: 0), Self.used(memory: 4096), Self.used(cpu: 1, memory: 2),
            Self.used(cpu: 3, bound: 7), Self.used(bound: 0),
        ].map { Event.stepReturned(Self.key, .done(.inline("x"), $0)) }
        + [JSON.null, true, false, 0, 7, -12, 123_456_789_012_345_678, "", "a b", "{}"].flatMap { value in
            [
                Event.stepReturned(Self.key, .done(.inline(value), .none)),
                Event.taskEnded(TaskIndex(9), .completed(.inline(value))),
            ]
        }

    /// What one line holds.
    private static let lines: [[Event]] =
        Self.common.map { [$0] }
        + [
            [
                .attemptStarted(TaskIndex(4), attempt: 3, Assignment(lead: AgentIndex(1), agents: [AgentIndex(1)])),
                .stepOwed(StepKey(task: TaskIndex(4), attempt: 3, step: 1, delivery: 1), .perform),
            ],
            [
                .stepReturned(Self.key, .done(.inline(.null), .none)),
                .taskEnded(Self.key.task, .completed(.inline(.null))),
            ],
            [
                .stepReturned(Self.key, .done(.inline("x"), Self.used(cpu: 3, memory: 9))),
                .taskEnded(Self.key.task, .completed(.inline("x"))),
            ],
        ]

    @Test func `common events are read without a tree, to what the full reader makes of them`() {
        for events in Self.lines {
            let line = Self.line(events)
            #expect(!line.contains(0x0A))
            #expect(Self.fast(line + [0x0A]) == Self.facts(events))
            #expect(Self.inFull(line) == Self.facts(events))
        }
    }

    @Test func `any event is read as the full reader reads it, or left to that`() {
        for event in Specimens.events + Self.common {
            for by in [Origin.engine, .person("ann")] {
                let line = Specimens.line(Specimens.fact(event, by: by))
                if let fact = Self.fast(line + [0x0A]) { #expect(fact == Self.inFull(line)) }
            }
        }
    }

    @Test func `a line that was changed anywhere is read as the full reader reads it, or left to that`() {
        let marks = Array("\"\\{}:,-+.0129e \n\u{7F}é".utf8)
        for events in Self.lines {
            let line = Self.line(events)
            for place in line.indices {
                for mark in marks {
                    var changed = line
                    changed[place] = mark
                    if let fact = Self.fast(changed + [0x0A]) { #expect(fact == Self.inFull(changed)) }
                }
                #expect(Self.fast(Array(line[..<place]) + [0x0A]) == nil)
                #expect(Self.fast(Array(line[..<place])) == nil)
            }
        }
    }

    @Test func `a line that is left to the full reader is still there`() {
        let lines = [Event.paused, Self.common[1]].map { Specimens.line(Specimens.fact($0, by: .engine)) }
        var events = CommonEvents(lines[0] + [0x0A] + lines[1] + [0x0A])
        #expect(events.next(position: Position(7)) == nil)
        #expect(events.nextLine() == lines[0])
        #expect((events.next(position: Position(7))?.first).map { [$0] } == Self.inFull(lines[1]))
        #expect(events.isAtEnd)
    }

    @Test(arguments: [
        "999999999999999999", "1000000000000000000", "9223372036854775807", "9223372036854775808", "-0", "00",
    ])
    func `numbers at the ends of the range are read as the full reader reads them`(number: String) {
        let line = Array(
            "{\"kind\":\"task_ended\",\"v\":1,\"at\":0,\"task\":1,\"end\":\"completed\",\"value\":\(number)}".utf8
        )
        if let fact = Self.fast(line + [0x0A]) { #expect(fact == Self.inFull(line)) }
        for field in ["at", "task"] {
            let line = Array(
                "{\"kind\":\"task_ended\",\"v\":1,\"at\":\(field == "at" ? number : "0"),\"task\":\(field == "task" ? number : "1"),\"end\":\"completed\"}"
                    .utf8
            )
            if let fact = Self.fast(line + [0x0A]) { #expect(fact == Self.inFull(line)) }
        }
    }
}
