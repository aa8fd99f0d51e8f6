import BatonCore
import BatonEngine
import Synchronization

/// How many events or figures have been encoded; for tests, which tell by it that readers share them.
final class EncodingCount: Sendable {
    private let count = Mutex(0)

    var value: Int { self.count.withLock { $0 } }

    func add(_ more: Int) { self.count.withLock { $0 += more } }
}

/// The broadcasts of an engine, each for as long as somebody reads.
final class EventBroadcasts: Sendable {
    private struct Key: Hashable {
        let run: RunID
        let form: EventStream.Form
    }

    private let open = Mutex<[Key: (broadcast: EventBroadcast, readers: Int)]>([:])
    let encoded = EncodingCount()
    let figured = EncodingCount()

    /// How many readers there are.
    var count: Int { self.open.withLock { $0.values.reduce(0) { $0 + $1.readers } } }

    /// Makes a reader of a run's events, for whom ``leave(_:_:)`` is called at its end.
    ///
    /// - Parameter figuresFrom: how far the run is, if figures are to come with its events.
    func enter(
        _ engine: Engine,
        _ run: RunID,
        _ form: EventStream.Form,
        after: Int64,
        figuresFrom: Position? = nil
    ) -> EventReader {
        let key = Key(run: run, form: form)
        let broadcast = self.open.withLock { open in
            let broadcast =
                open[key]?.broadcast
                ?? EventBroadcast(
                    engine.pacedFacts(of: run),
                    form,
                    after: after,
                    figuresFrom: figuresFrom,
                    clock: engine.clock,
                    count: self.encoded,
                    figured: self.figured
                )
            open[key] = (broadcast, (open[key]?.readers ?? 0) + 1)
            return broadcast
        }
        return EventReader(broadcast, JournalReader(engine.journal), form, after: after, count: self.encoded)
    }

    func leave(_ run: RunID, _ form: EventStream.Form) {
        let key = Key(run: run, form: form)
        let last = self.open.withLock { open -> EventBroadcast? in
            open[key]?.readers -= 1
            return open[key]?.readers == 0 ? open.removeValue(forKey: key)?.broadcast : nil
        }
        last?.stop()
    }
}
