// Nearly all events come in twos: an attempt starts and owes its first step, a step returns and its task is completed. The
// second version of `attempt_started` and `step_returned` tells of both, in half the bytes to hash, to store and to read back.
extension EventCodec {
    /// Up to which version a kind is known.
    package static func newestVersion(of kind: String) -> Int64 {
        kind == "attempt_started" || kind == "step_returned" ? 2 : 1
    }

    /// Appends facts that follow each other as lines with their ends: two that belong together as one line.
    package static func write(_ facts: [Recorded], to writer: inout JSONWriter) {
        var index = facts.startIndex
        while index < facts.endIndex {
            let next = index + 1
            if next < facts.endIndex, Self.writePair(facts[index], facts[next], to: &writer) {
                index += 2
            } else {
                Self.write(facts[index], to: &writer)
                index += 1
            }
        }
    }

    /// Appends both as one line, if they belong together.
    private static func writePair(_ first: Recorded, _ second: Recorded, to writer: inout JSONWriter) -> Bool {
        guard first.at == second.at, first.by == second.by else { return false }
        switch (first.event, second.event) {
        case (.attemptStarted(let task, let attempt, _), .stepOwed(let key, let request)):
            guard request == .perform, key == StepKey(task: task, attempt: attempt, step: 1, delivery: 1) else {
                return false
            }
            Self.write(first, version: 2, to: &writer) { $0.request(request) }
        case (.stepReturned(let key, .done(let content, _)), .taskEnded(let task, .completed(let output))):
            guard key.task == task, content == output else { return false }
            Self.write(first, version: 2, to: &writer) { $0.text("end", "completed") }
        default: return false
        }
        return true
    }

    /// The event that a line of the second version tells of beside its first.
    static func second(behind first: Event, _ fields: EventFields) throws(Fault) -> Event {
        switch first {
        case .attemptStarted(let task, let attempt, _):
            let key = StepKey(task: task, attempt: attempt, step: 1, delivery: 1)
            return .stepOwed(key, try fields.request())
        case .stepReturned(let key, .done(let content, _)):
            guard try fields.text("end") == "completed" else { throw .field(kind: fields.kind, name: "end") }
            return .taskEnded(key.task, .completed(content))
        default: throw .field(kind: fields.kind, name: "result")
        }
    }
}
