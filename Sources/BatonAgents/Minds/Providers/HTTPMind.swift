import AsyncHTTPClient
import BatonCore
import BatonEngine
import Foundation
import NIOCore
import NIOHTTP1

/// A model of a provider, asked by HTTP.
struct HTTPMind: Mind {
    private let name: ModelName
    private let line: ProviderLine
    private let access: KeyRing.Access
    private let price: PriceTable.Price?
    private let clock: any EngineClock

    init(
        _ name: ModelName,
        _ line: ProviderLine,
        _ access: KeyRing.Access,
        _ price: PriceTable.Price?,
        _ clock: any EngineClock
    ) {
        self.name = name
        self.line = line
        self.access = access
        self.price = price
        self.clock = clock
    }

    var takesSharedQuestions: Bool { true }

    func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        let agent = work.agent
        let question = ModelQuestion(
            model: self.name.model,
            prompt: prompt,
            mostTokens: agent.answerTokens(of: self.name),
            temperature: agent.temperature,
            streams: agent.streams,
            tools: work.task.tools(of: agent).compactMap(ToolOffer.init(builtIn:)) + transcript.offers,
            form: self.line.provider.takesForm ? prompt.form.flatMap { $0["type"] == "object" ? $0 : nil } : nil
        )
        // Later ones are held against what the provider has counted.
        if let reserved = transcript.reserved, transcript.turns.isEmpty,
            prompt.text.utf8.count + question.mostTokens > reserved.tokens
        {
            return .failed(ProviderFailure.unreserved(self.name), .none)
        }
        let body = self.line.provider.body(of: question).bytes
        let isLast = transcript.choice + 1 >= work.models.count
        let size = Self.tokens(inBytes: body.count)
        do {
            try await self.pause(before: transcript.again, work)
            guard try await self.line.enter(tokens: size, waitsForRest: isLast, { work.say($0) }) else {
                return .failed(ProviderFailure.resting(self.name), .none)
            }
        } catch {
            return .stopped(.none)
        }
        return await self.thought(body, work)
    }

    // Longer each time; a provider that says for how long is obeyed by its line. Those that failed together do not ask again
    // together.
    private func pause(before again: Int, _ work: Work) async throws {
        guard again > 0 else { return }
        let subject = "\(work.run.text) \(work.task.id.text)"
        var jitter = SplitMix64(seed: SplitMix64.number(of: subject), subject: [UInt64(work.attempt), UInt64(again)])
        let wait = Duration.seconds(1) * (1 << min(again - 1, 5))
        try await self.clock.sleep(until: self.clock.now() + RetryPolicy.jittered(wait, by: jitter.next()))
    }

    private func thought(_ body: [UInt8], _ work: Work) async -> Thought {
        let price = work.price(of: self.name) ?? self.price
        let lines = AnswerCall.LiveLines(work.live, without: self.access.secrets)
        do {
            let request = try self.request(body)
            let call = AnswerCall(self.line.provider.form, self.line.watchman, lines)
            let answer = try await call.answer(to: request, by: OutboundHTTP.client)
            self.line.leave(.answered)
            return .replied(self.reply(answer), self.usage(answer.tokens, price, of: body, answer.text))
        } catch {
            guard !Task.isCancelled else {
                self.line.leave(.other)
                return .stopped(self.usage(nil, price, of: body))
            }
            let (failure, wasSent, outcome) = self.failure(of: error)
            self.line.leave(outcome)
            return .failed(failure, wasSent ? self.usage(nil, price, of: body) : .none)
        }
    }

    private func request(_ body: [UInt8]) throws -> HTTPClient.Request {
        var headers: HTTPHeaders = ["content-type": "application/json", "user-agent": "baton/\(Baton.version)"]
        for (name, value) in self.access.fields(for: self.line.provider.form) { headers.add(name: name, value: value) }
        return try HTTPClient.Request(
            url: self.access.address,
            method: .POST,
            headers: headers,
            body: .byteBuffer(ByteBuffer(bytes: body))
        )
    }

    // MARK: What came of it

    private func refused(_ refused: AnswerCall.Refused) -> (Failure, ProviderPace.Outcome) {
        let wait = RetryAfter.read(
            seconds: refused.headers.first(name: "retry-after"),
            milliseconds: refused.headers.first(name: "retry-after-ms"),
            now: self.clock.now()
        )
        let failure = ProviderFailure.of(
            status: refused.status,
            refused.body,
            retryAfter: wait,
            self.name,
            self.access.secrets
        )
        switch failure.code {
        case "provider.limit": return (failure, .limited(retryAfter: wait))
        case "provider.overloaded" where wait != nil: return (failure, .limited(retryAfter: wait))
        default: return (failure, failure.kind == .transient ? .failed : .other)
        }
    }

    private func failure(of error: any Error) -> (Failure, wasSent: Bool, ProviderPace.Outcome) {
        switch error {
        case let late as Watchman.Late:
            return (ProviderFailure.late(self.name, late.wait, late.duration), true, .failed)
        case let fault as WireFault:
            let failure = ProviderFailure.of(fault, self.name, self.access.secrets)
            return (failure, true, failure.kind == .transient ? .failed : .other)
        case let refused as AnswerCall.Refused:
            let (failure, outcome) = self.refused(refused)
            // A gateway that has waited in vain: who stands behind it may have answered, and bills that.
            return (failure, Self.mayHaveBeenHeard.contains(refused.status), outcome)
        case let lost as AnswerCall.Lost:
            // Whoever speaks no HTTP has cut nothing off.
            let isForeign = (lost.cause as? HTTPParserError).map { $0 != .invalidEOFState } ?? false
            guard isForeign else { return (ProviderFailure.of(.truncated, self.name, .none), true, .failed) }
            return (self.failure(of: lost.cause).0, true, .failed)
        default: break
        }
        let words = ProviderFailure.plain(String(describing: error), self.access.secrets)
        // Its module is not one of ours to import.
        let type = String(reflecting: Swift.type(of: error))
        if type.hasPrefix("NIOSSL") || words.contains("CERTIFICATE") {
            return (ProviderFailure.untrusted(self.name, words), false, .other)
        }
        return (ProviderFailure.unreachable(self.name, words), false, .failed)
    }

    private static let mayHaveBeenHeard: Set = [504, 524]

    private func reply(_ answer: ModelAnswer) -> Transcript.Reply {
        var reply = self.access.secrets.redacting(
            Transcript.Reply(
                model: self.name.description,
                text: answer.text,
                calls: answer.calls.map {
                    Transcript.Call(id: $0.id, tool: $0.tool, input: $0.input, fault: $0.fault)
                },
                stop: answer.stop
            )
        )
        if !answer.model.isEmpty, answer.model != self.name.model {
            reply.answerer = PlainText.line(self.access.secrets.redacting(answer.model), limit: 200)
        }
        return reply
    }

    private func usage(
        _ tokens: Usage.TokenKinds?,
        _ price: PriceTable.Price?,
        of body: [UInt8],
        _ text: String = ""
    ) -> Usage {
        // Nobody reads a text for next to nothing, nor more of it than it has bytes, nor writes for days, whatever the provider says.
        let read = tokens.map { $0.total - $0.output } ?? 0
        let isCounted =
            tokens.map {
                Int64(body.count) / 16 + 1...Int64(body.count) + 8192 ~= read
                    && (text.isEmpty ? 0 : 1)...(1 << 24) ~= $0.output
            } ?? false
        var kinds = isCounted ? tokens ?? Usage.TokenKinds() : Usage.TokenKinds()
        if !isCounted {
            kinds.input = Int64(Self.tokens(inBytes: body.count))
            kinds.output = Int64(Self.tokens(inBytes: text.utf8.count))
            kinds.isEstimated = true
        }
        var usage = Usage()
        usage.tokens = kinds.total
        usage.tokenKinds = kinds
        usage.money = price?.cost(of: kinds) ?? .zero
        usage.saved = price?.saved(by: kinds) ?? .zero
        usage.isUnpriced = price == nil
        return usage
    }

    // A token is about four bytes.
    private static func tokens(inBytes count: Int) -> Int { (count + 3) / 4 }
}
