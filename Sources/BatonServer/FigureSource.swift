import BatonCore
import BatonEngine
import NIOCore
import Synchronization

/// The figures of one run, folded once for all who follow it.
final class FigureSource: Sendable {
    /// Figures as they are sent, and the last event that they count.
    struct Sheet: Sendable {
        let position: Position
        let bytes: ByteBuffer
    }

    let clock: any EngineClock
    private let run: RunID
    private let from: Position?
    private let count: EncodingCount
    private let figures = Mutex<LiveFigures?>(nil)

    /// - Parameters:
    ///   - from: how far the run is: there are no figures of what was before. Nil is none at all.
    ///   - clock: tells their moment.
    init(_ run: RunID, from: Position?, clock: any EngineClock, count: EncodingCount) {
        self.run = run
        self.from = from
        self.clock = clock
        self.count = count
    }

    /// The figures behind facts, which come in order; nil while they are of the past.
    func fold(_ facts: [Recorded]) -> Sheet? {
        guard let from = self.from else { return nil }
        self.figures.withLock { figures in
            for fact in facts {
                if figures == nil { figures = LiveFigures(of: self.run, fact) } else { figures?.take(fact) }
            }
        }
        guard let last = facts.last, last.position >= from else { return nil }
        return self.now()
    }

    /// The same at this moment.
    func now() -> Sheet? {
        self.figures.withLock { figures in
            guard let json = figures?.json(at: self.clock.now()), let position = figures?.position else { return nil }
            self.count.add(1)
            return Sheet(position: position, bytes: EventStreamEncoder.figures(json))
        }
    }
}
