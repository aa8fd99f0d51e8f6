package import BatonCore

/// Which runs of a journal go, and which stay although they were meant.
package struct Retention: Sendable {
    /// What is asked for.
    package enum Wish: Hashable, Sendable {
        /// Ended runs that have not changed for so long, without the newest ones; nil sets no bound.
        case old(Duration?, keeping: Int?)
        /// These.
        case named([RunID])
    }

    /// A run that stays, for another one begins with its events.
    package struct Held: Hashable, Sendable {
        package let run: RunID
        package let fork: RunID
    }

    package let going: [RunHead]
    package let held: [Held]
    /// All that stay.
    package let staying: [RunHead]

    /// - Throws: ``BatonError`` if a run that was named is not there, has not ended, or is needed by one that stays.
    package init(_ wish: Wish, of heads: [RunHead], now: Timestamp) throws(BatonError) {
        let meant = try Self.meant(wish, heads, now)
        let origins = Dictionary(heads.map { ($0.run, $0.origin?.run) }, uniquingKeysWith: { first, _ in first })
        var forks: [RunID: RunID] = [:]
        for head in heads where !meant.contains(head.run) {
            var place = head.origin?.run
            // A chain that runs in a circle ends where it was before.
            while let run = place, forks.updateValue(head.run, forKey: run) != head.run { place = origins[run] ?? nil }
        }
        if case .named(let runs) = wish, let run = runs.first(where: { forks[$0] != nil }), let fork = forks[run] {
            throw BatonError(
                .needed,
                "run \(fork) begins with the events of run \(run)",
                remedy: "prune both, or keep a copy of both: baton export-run \(fork)"
            )
        }
        self.going = heads.filter { meant.contains($0.run) && forks[$0.run] == nil }
        self.held = heads.compactMap { head in
            guard meant.contains(head.run), let fork = forks[head.run] else { return nil }
            return Held(run: head.run, fork: fork)
        }
        let gone = Set(self.going.map(\.run))
        self.staying = heads.filter { !gone.contains($0.run) }
    }

    private static func meant(_ wish: Wish, _ heads: [RunHead], _ now: Timestamp) throws(BatonError) -> Set<RunID> {
        switch wish {
        case .old(let age, let count):
            let ended = heads.filter(\.isEnded).sorted { ($0.createdAt, $0.run) > ($1.createdAt, $1.run) }
            return Set(
                ended.dropFirst(count ?? 0).filter { head in age.map { now - head.updatedAt >= $0 } ?? true }.map(\.run)
            )
        case .named(let runs):
            for run in runs {
                guard let head = heads.first(where: { $0.run == run }) else { throw Engine.unknown(run) }
                guard head.isEnded else {
                    throw BatonError(
                        .open,
                        "run \(run) has not ended: \(head.state)",
                        remedy: "`baton resume \(run)`, or `baton cancel \(run)` while an engine carries it"
                    )
                }
            }
            return Set(runs)
        }
    }
}

extension Retention {
    /// The runs that would go, and those that stay though they were meant.
    package var json: JSON {
        [
            "runs": .array(self.going.map { .string($0.run.text) }),
            "held": .array(self.held.map { ["run": .string($0.run.text), "fork": .string($0.fork.text)] }),
        ]
    }
}

extension BatonError.Code {
    /// A run that is to go has not ended.
    static let open = BatonError.Code("prune.open")
    /// A run that is to go is the beginning of one that stays.
    static let needed = BatonError.Code("prune.needed")
}
