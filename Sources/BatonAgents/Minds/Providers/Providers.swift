package import BatonCore
package import BatonEngine
import Synchronization

/// The providers of an engine: whoever is asked by several runs has one line.
package final class Providers: Sendable {
    let keys: KeyRing
    /// What nobody may repeat.
    package var secrets: Secrets { self.keys.secrets }
    private let prices: PriceTable
    let clock: any EngineClock
    private let watchman: Watchman
    private let limits: [String: ProviderPace.Limits]
    private let book: PaceBook?
    private let lines = Mutex<[String: ProviderLine]>([:])

    /// - Parameters:
    ///   - limits: by the names of providers.
    ///   - book: keeps over restarts who is left alone; nil keeps it in mind only.
    package init(
        keys: KeyRing,
        prices: PriceTable = .known,
        clock: any EngineClock,
        patience: Patience = Patience(),
        limits: [String: ProviderPace.Limits] = [:],
        book: PaceBook? = nil
    ) {
        self.keys = keys
        self.prices = prices
        self.clock = clock
        self.watchman = Watchman(patience, clock)
        self.limits = limits
        self.book = book
    }

    /// Who answers for a model; nil if its provider is not known.
    package func mind(of name: ModelName) -> (any Mind)? {
        guard let provider = ModelProvider.named(name.provider) else { return nil }
        do throws(Failure) {
            return HTTPMind(
                name,
                self.line(to: provider),
                try self.keys.access(to: provider),
                self.prices.price(of: name),
                self.clock
            )
        } catch {
            return AbsentMind(failure: error)
        }
    }

    /// Who stands for a model of nobody.
    func rehearsal(of name: ModelName) -> any Mind { RehearsalMind(name, self.prices, self.clock) }

    /// What has to be there before the agents of a plan can be asked.
    ///
    /// - Throws: ``BatonError``: `provider.key` or `provider.address`, with the agents that need it.
    package func requireAccess(for plan: Plan) throws {
        var missing: [(failure: Failure, agents: [AgentID])] = []
        let common = Set(plan.taskModels.compactMap { ModelName($0)?.provider })
        for agent in plan.agents where agent.kind == .model {
            for name in common.union(agent.models.compactMap { ModelName($0)?.provider }).sorted() {
                guard let failure = ModelProvider.named(name).flatMap(self.fault) else { continue }
                if let known = missing.firstIndex(where: { $0.failure == failure }) {
                    missing[known].agents.append(agent.id)
                } else {
                    missing.append((failure, [agent.id]))
                }
            }
        }
        guard let first = missing.first else { return }
        let words = missing.map { failure, agents in
            let names = agents.prefix(10).map(\.text).joined(separator: ", ")
            return "\(failure.message), and \(names) \(agents.count == 1 ? "needs" : "need") it"
        }
        var remedies: [String] = []
        for (failure, _) in missing where !remedies.contains(failure.remedy) { remedies.append(failure.remedy) }
        throw BatonError(
            BatonError.Code(first.failure.code),
            words.joined(separator: "; "),
            remedy: remedies.joined(separator: "; ")
        )
    }

    private func fault(of provider: ModelProvider) -> Failure? {
        do throws(Failure) {
            _ = try self.keys.access(to: provider)
            return nil
        } catch {
            return error
        }
    }

    private func line(to provider: ModelProvider) -> ProviderLine {
        self.lines.withLock { lines in
            if let line = lines[provider.name] { return line }
            let line = ProviderLine(
                provider,
                self.limits[provider.name] ?? ProviderPace.Limits(),
                self.watchman,
                self.clock,
                self.book
            )
            lines[provider.name] = line
            return line
        }
    }
}

/// Stands where something is missing that has to be there before anybody can be asked.
private struct AbsentMind: Mind {
    let failure: Failure

    func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        .failed(self.failure, .none)
    }
}
