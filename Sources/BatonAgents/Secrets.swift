import BatonCore
package import BatonEngine
import Foundation

/// Values that may stand nowhere: where others repeat them, their names take their place.
package struct Secrets: Sendable {
    private let keys: [APIKey]

    package static let none = Secrets([])

    init(_ keys: [APIKey]) {
        var known: Set<String> = []
        // Of two that begin alike the longer one goes first, or its end would be left.
        self.keys = keys.filter { known.insert($0.header).inserted }.sorted { $0.header.count > $1.header.count }
    }

    /// Values of variables.
    init(_ names: some Sequence<String>, of environment: [String: String]) {
        self.init(
            names.compactMap { name in
                let value = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
                return value.isEmpty ? nil : APIKey(name: name, secret: value)
            }
        )
    }

    /// The same, told by the name of a key where several variables hold it.
    func before(_ key: APIKey?) -> Secrets { key.map { Secrets([$0] + self.keys) } ?? self }

    package var isEmpty: Bool { self.keys.isEmpty }

    func redacting(_ text: String) -> String { self.keys.reduce(text) { $1.redacting($0) } }

    func redacting(_ value: JSON) -> JSON { self.keys.reduce(value) { $1.redacting($0) } }

    func redacting(_ reply: Transcript.Reply) -> Transcript.Reply {
        guard !self.isEmpty else { return reply }
        var clean = reply
        clean.text = self.redacting(reply.text)
        clean.calls = reply.calls.map { call in
            Transcript.Call(
                id: self.redacting(call.id),
                tool: self.redacting(call.tool),
                input: self.redacting(call.input),
                fault: call.fault.map(self.redacting)
            )
        }
        return clean
    }

    func redacting(_ failure: Failure) -> Failure {
        Failure(
            failure.kind,
            failure.code,
            self.redacting(failure.message),
            remedy: self.redacting(failure.remedy),
            causes: failure.causes.map { self.redacting($0) },
            stderrTail: failure.stderrTail.map { self.redacting($0) },
            retryAfter: failure.retryAfter
        )
    }

    func redacting(_ result: WorkResult) -> WorkResult {
        switch result {
        case .done(let value, let usage): .done(self.redacting(value), usage)
        case .failed(let failure, let usage): .failed(self.redacting(failure), usage)
        case .stopped: result
        }
    }

    /// Has something done, and takes them out of what is said meanwhile and of what comes of it.
    func keeping(_ work: Work, _ perform: (Work) async -> WorkResult) async -> WorkResult {
        guard !self.isEmpty else { return await perform(work) }
        let live = LiveSink { line in work.live.line(self.redacting(line)) }
        return self.redacting(await perform(work.saying(to: live)))
    }
}

/// Performs by another one, and lets none of its words out that may stand nowhere.
package struct DiscreetPerformer: Performer {
    private let performer: any Performer
    private let secrets: Secrets

    package init(_ performer: any Performer, keeping secrets: Secrets) {
        self.performer = performer
        self.secrets = secrets
    }

    package func perform(_ work: Work) async -> WorkResult {
        await self.secrets.keeping(work) { await self.performer.perform($0) }
    }
}
