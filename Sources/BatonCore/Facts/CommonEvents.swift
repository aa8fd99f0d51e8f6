/// Reads the events that a run is mostly made of straight from bytes, as our own writer put them.
///
/// Without a tree of nodes a journal of a million events is read several times faster. What is not exactly in the
/// written form is left to ``EventCodec/readLine(_:from:plan:)``, which alone says what is wrong with a line; what is
/// read here would have been read there to the same event.
package struct CommonEvents {
    private let bytes: [UInt8]
    private var index = 0

    package init(_ lines: [UInt8]) { self.bytes = lines }

    /// Whether there is nothing more to read.
    package var isAtEnd: Bool { self.index >= self.bytes.count }

    /// The next line with its end: an event at the position, and the one behind it if the line holds two; nil if it has to
    /// be read in full, and then nothing has been consumed.
    package mutating func next(position: Position) -> (first: Recorded, second: Recorded?)? {
        let start = self.index
        if let (at, first, second) = self.line() {
            return (
                Recorded(position: position, at: at, by: .engine, event: first),
                second.map { Recorded(position: position.next, at: at, by: .engine, event: $0) }
            )
        }
        self.index = start
        return nil
    }

    /// The next line without its end, whatever it holds.
    package mutating func nextLine() -> [UInt8] {
        let end = self.bytes[self.index...].firstIndex(of: 0x0A) ?? self.bytes.count
        defer { self.index = end + 1 }
        return Array(self.bytes[self.index..<end])
    }

    private typealias Line = (at: Timestamp, first: Event, second: Event?)

    private mutating func line() -> Line? {
        guard self.take("{\"kind\":\"") else { return nil }
        let line: Line? =
            if self.take("attempt_started") {
                self.attemptStarted()
            } else if self.take("step_owed") {
                self.stepOwed()
            } else if self.take("step_returned") {
                self.stepReturned()
            } else if self.take("task_ended") {
                self.taskEnded()
            } else {
                nil
            }
        guard let line, self.take("}\n") else { return nil }
        return line
    }

    private mutating func attemptStarted() -> Line? {
        guard let (at, isPair) = self.begin(mayBePair: true), let task = self.small(",\"task\":"),
            let attempt = self.small(",\"attempt\":"), let lead = self.small(",\"lead\":")
        else { return nil }
        let agent = AgentIndex(Int(lead))
        let index = TaskIndex(Int(task))
        let first = Event.attemptStarted(index, attempt: attempt, Assignment(lead: agent, agents: [agent]))
        guard isPair else { return (at, first, nil) }
        guard self.take(",\"request\":\"perform\"") else { return nil }
        return (at, first, .stepOwed(StepKey(task: index, attempt: attempt, step: 1, delivery: 1), .perform))
    }

    private mutating func stepOwed() -> Line? {
        guard let (at, _) = self.begin(), let key = self.key(), self.take(",\"request\":\"perform\"") else {
            return nil
        }
        return (at, .stepOwed(key, .perform), nil)
    }

    private mutating func stepReturned() -> Line? {
        guard let (at, isPair) = self.begin(mayBePair: true), let key = self.key(),
            self.take(",\"result\":\"done\""), let value = self.value()
        else { return nil }
        var usage = Usage()
        if self.take(",\"cpu_microseconds\":") {
            guard let cpu = self.integer(), cpu >= 0 else { return nil }
            usage.cpu = .microseconds(cpu)
        }
        if self.take(",\"peak_memory_bytes\":") {
            guard let memory = self.integer(), memory >= 0 else { return nil }
            usage.peakMemory = memory
        }
        if self.take(",\"peak_memory_bound_bytes\":") {
            guard let memory = self.integer(), memory >= 0 else { return nil }
            usage.peakMemoryBound = memory
        }
        let first = Event.stepReturned(key, .done(.inline(value), usage))
        guard isPair else { return (at, first, nil) }
        guard self.take(",\"end\":\"completed\"") else { return nil }
        return (at, first, .taskEnded(key.task, .completed(.inline(value))))
    }

    private mutating func taskEnded() -> Line? {
        guard let (at, _) = self.begin(), let task = self.small(",\"task\":"), self.take(",\"end\":\"completed\""),
            let value = self.value()
        else { return nil }
        return (at, .taskEnded(TaskIndex(Int(task)), .completed(.inline(value))), nil)
    }

    // MARK: Fields

    private mutating func begin(mayBePair: Bool = false) -> (at: Timestamp, isPair: Bool)? {
        guard self.take("\",\"v\":") else { return nil }
        let isPair = mayBePair && self.take("2")
        guard isPair || self.take("1"), self.take(",\"at\":"), let moment = self.integer() else { return nil }
        return (Timestamp(microseconds: moment), isPair)
    }

    private mutating func key() -> StepKey? {
        guard let task = self.small(",\"task\":"), let attempt = self.small(",\"attempt\":"),
            let step = self.small(",\"step\":"), let delivery = self.small(",\"delivery\":")
        else { return nil }
        return StepKey(task: TaskIndex(Int(task)), attempt: attempt, step: step, delivery: delivery)
    }

    private mutating func small(_ name: StaticString) -> Int32? {
        guard self.take(name), let value = self.integer(), value >= 0 else { return nil }
        return Int32(exactly: value)
    }

    // No value, an integer, a truth value, or a text of printable ASCII without escapes.
    private mutating func value() -> JSON? {
        guard self.take(",\"value\":") else { return .null }
        if self.take("true") { return .bool(true) }
        if self.take("false") { return .bool(false) }
        guard self.take("\"") else { return self.integer().map { .integer($0) } }
        let start = self.index
        while self.index < self.bytes.count {
            switch self.bytes[self.index] {
            case UInt8(ascii: "\""):
                defer { self.index += 1 }
                return .string(String(decoding: self.bytes[start..<self.index], as: UTF8.self))
            case UInt8(ascii: "\\"), 0..<0x20, 0x7F...: return nil
            default: self.index += 1
            }
        }
        return nil
    }

    // As it is written: no sign but a minus, no leading zero, and so few digits that nothing can overflow.
    private mutating func integer() -> Int64? {
        let isNegative = self.take("-")
        let start = self.index
        var value: Int64 = 0
        while self.index < self.bytes.count, 0x30...0x39 ~= self.bytes[self.index] {
            guard self.index - start < 18 else { return nil }
            value = value * 10 + Int64(self.bytes[self.index] - 0x30)
            self.index += 1
        }
        let digits = self.index - start
        guard digits > 0, digits == 1 || self.bytes[start] != 0x30, !isNegative || value != 0 else { return nil }
        return isNegative ? -value : value
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard self.index + count <= self.bytes.count else { return false }
        for offset in 0..<count where self.bytes[self.index + offset] != text.utf8Start[offset] { return false }
        self.index += count
        return true
    }
}
