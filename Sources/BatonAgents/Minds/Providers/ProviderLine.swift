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
    let watchman: Watchman
    private let clock: any EngineClock
    private let book: PaceBook?
    private let pace: Mutex<ProviderPace>

    init(
        _ provider: ModelProvider,
        _ limits: ProviderPace.Limits,
        _ watchman: Watchman,
        _ clock: any EngineClock,
        _ book: PaceBook?
    ) {
        self.provider = provider
        self.watchman = watchman
        self.clock = clock
        self.book = book
        var pace = ProviderPace(limits)
        if let memory = book?.memory(of: provider.name) { pace.recall(memory, clock.now()) }
        self.pace = Mutex(pace)
    }

    /// Waits until the provider may be asked.
    ///
    /// - Parameter say: told of a wait that people may wonder about.
    /// - Returns: false if it rests and is not waited for.
    /// - Throws: when cancelled.
    func enter(tokens: Int, waitsForRest: Bool, _ say: (String) -> Void = { _ in }) async throws -> Bool {
        while true {
            let now = self.clock.now()
            switch self.pace.withLock({ $0.ask(tokens: tokens, now) }) {
            case .rests where !waitsForRest: return false
            case .rests(let until):
                Self.tell(say, "\(self.provider.name) has failed often and is left alone", until - now)
                try await self.clock.sleep(until: until)
            case .go(let start):
                do {
                    if start > now {
                        Self.tell(say, "\(self.provider.name) is asked no more often than it allows", start - now)
                        try await self.clock.sleep(until: start)
                    }
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

    private static func tell(_ say: (String) -> Void, _ why: String, _ wait: Duration) {
        guard wait >= .seconds(1) else { return }
        say("waits \(Int(wait.inSeconds.rounded(.up))) s: \(why)")
    }

    func leave(_ outcome: ProviderPace.Outcome) {
        let changed = self.pace.withLock { pace -> ProviderPace.Memory? in
            let before = pace.memory
            pace.ended(outcome, self.clock.now())
            return pace.memory == before ? nil : pace.memory
        }
        if let changed { self.book?.keep(changed, of: self.provider.name) }
    }
}
