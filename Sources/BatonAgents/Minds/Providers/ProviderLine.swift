import BatonCore
import BatonEngine
import Synchronization

/// How long a provider may take.
package struct Patience: Hashable, Sendable {
    /// From the question to the first byte of the answer.
    package var firstByte = Duration.seconds(300)
    /// From one byte to the next.
    package var silence = Duration.seconds(120)
    /// For all of it.
    package var whole = Duration.seconds(1200)

    package init() {}

    package enum Wait: Hashable, Sendable {
        case firstByte
        case silence
        case whole
    }
}

/// The way to one provider, which all runs of an engine share.
final class ProviderLine: Sendable {
    let provider: ModelProvider
    private let clock: any EngineClock
    private let pace: Mutex<ProviderPace>

    init(_ provider: ModelProvider, _ limits: ProviderPace.Limits, _ clock: any EngineClock) {
        self.provider = provider
        self.clock = clock
        self.pace = Mutex(ProviderPace(limits))
    }

    /// Waits until the provider may be asked.
    ///
    /// - Returns: false if it rests and is not waited for.
    /// - Throws: when cancelled.
    func enter(tokens: Int, waitsForRest: Bool) async throws -> Bool {
        while true {
            let now = self.clock.now()
            switch self.pace.withLock({ $0.ask(tokens: tokens, now) }) {
            case .rests where !waitsForRest: return false
            case .rests(let until): try await self.clock.sleep(until: until)
            case .go(let start):
                do {
                    if start > now { try await self.clock.sleep(until: start) }
                    while let later = self.pace.withLock({ $0.mayGo(self.clock.now()) }) {
                        try await self.clock.sleep(until: later)
                    }
                } catch {
                    self.leave(.other)
                    throw error
                }
                return true
            }
        }
    }

    func leave(_ outcome: ProviderPace.Outcome) { self.pace.withLock { $0.ended(outcome, self.clock.now()) } }
}

/// Looks how long an answer takes.
final class AnswerWatch: Sendable {
    struct Late: Error {
        let wait: Patience.Wait
        let duration: Duration
    }

    private let patience: Patience
    private let clock: any EngineClock
    private let start: Timestamp
    private let last = Mutex<Timestamp?>(nil)

    init(_ patience: Patience, _ clock: any EngineClock) {
        self.patience = patience
        self.clock = clock
        self.start = clock.now()
    }

    func heard() { self.last.withLock { $0 = self.clock.now() } }

    /// Goes on until the answer is late.
    ///
    /// - Throws: ``Late``, or when cancelled.
    func run() async throws -> Never {
        while true {
            let (deadline, wait, duration) = self.next
            if self.clock.now() >= deadline { throw Late(wait: wait, duration: duration) }
            try await self.clock.sleep(until: deadline)
        }
    }

    private var next: (Timestamp, Patience.Wait, Duration) {
        let whole = self.start + self.patience.whole
        let last = self.last.withLock { $0 }
        let next = last.map { $0 + self.patience.silence } ?? self.start + self.patience.firstByte
        if whole <= next { return (whole, .whole, self.patience.whole) }
        return last == nil
            ? (next, .firstByte, self.patience.firstByte) : (next, .silence, self.patience.silence)
    }
}
