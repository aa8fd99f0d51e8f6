package import BatonCore

/// A run folded again from its events, and compared with what is stored of it.
package struct RunReplay: Sendable {
    package let run: Run
    package let events: Int
    /// What differs; empty for a run that is what it was.
    package let differences: [String]

    /// Folds twice, writes every event again, and compares: states with each other and with the list of runs, bytes with
    /// those that were stored.
    ///
    /// - Throws: ``BatonError`` where the run cannot be read.
    package static func play(_ id: RunID, of journal: any Journal) async throws -> RunReplay {
        let facts = try await JournalReader(journal).all(of: id)
        guard let sheet = RunSheet(facts), let again = RunSheet(facts), let head = try await journal.head(of: id) else {
            throw Engine.unknown(id)
        }
        var differences: [String] = []
        if Self.essence(sheet.run) != Self.essence(again.run) { differences.append("two folds give two states") }
        if let damage = sheet.run.damage { differences.append("event \(damage.value) does not fit") }
        if head.position == sheet.run.head, head.state != sheet.run.phase.word {
            differences.append("the list of runs says \(head.state), the events say \(sheet.run.phase.word)")
        }
        differences += try await Self.rewritten(facts, id, journal)
        return RunReplay(run: sheet.run, events: facts.count, differences: differences)
    }

    private static func essence(_ run: Run) -> [String] {
        run.tasks.map { "\($0.state)" } + [run.phase.word, "\(run.counts)", "\(run.head.value)"]
    }

    // The hash of a chunk made of events that were written again is the stored one, or a byte differs.
    private static func rewritten(_ facts: [Recorded], _ id: RunID, _ journal: any Journal) async throws -> [String] {
        var differences: [String] = []
        var position = Position.start
        while true {
            let chunks = try await journal.chunks(of: id, after: position, limit: 64)
            guard let last = chunks.last else { return differences }
            for chunk in chunks where !Self.isWrittenAgain(chunk, facts) {
                differences.append("events \(chunk.first.value) to \(chunk.last.value) are not written as they were")
            }
            position = last.last
        }
    }

    // As it is written today, or as it was when each event had a line of its own.
    private static func isWrittenAgain(_ chunk: Chunk, _ facts: [Recorded]) -> Bool {
        let first = Int(chunk.first.value) - 1
        let own = Array(facts.dropFirst(first).prefix(chunk.count))
        var (pairs, singles) = (JSONWriter(), JSONWriter())
        EventCodec.write(own, to: &pairs)
        guard pairs.bytes != chunk.lines else { return true }
        for fact in own { EventCodec.write(fact, to: &singles) }
        return singles.bytes == chunk.lines
    }
}

extension RunReplay {
    /// As `baton replay --json` prints it.
    package var json: JSON {
        [
            "run": .string(self.run.id.text), "events": .integer(Int64(self.events)),
            "state": .string(self.run.phase.word), "differences": .array(self.differences.map { .string($0) }),
        ]
    }
}
