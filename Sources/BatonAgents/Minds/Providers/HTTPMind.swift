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
    private let clock: any EngineClock
    private let patience: Patience

    private static let largestAnswer = 32 << 20
    private static let largestRefusal = 64 << 10

    init(
        _ name: ModelName,
        _ line: ProviderLine,
        _ access: KeyRing.Access,
        _ clock: any EngineClock,
        _ patience: Patience
    ) {
        self.name = name
        self.line = line
        self.access = access
        self.clock = clock
        self.patience = patience
    }

    // Never ended: what belongs to the process goes with it. A redirect would take the key to another host.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        // Whoever asks again is the conversation.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        let agent = work.agent
        let question = ModelQuestion(
            model: self.name.model,
            prompt: prompt,
            mostTokens: agent.maxTokens ?? ModelQuestion.usualTokens,
            temperature: agent.temperature,
            streams: agent.streams
        )
        let body = self.line.provider.body(of: question).bytes
        let isLast = transcript.choice >= agent.fallbackModels.count
        let size = Self.tokens(inBytes: body.count)
        do {
            try await self.pause(before: transcript.again)
            guard try await self.line.enter(tokens: size, waitsForRest: isLast) else {
                return .failed(ProviderFailure.resting(self.name), .none)
            }
        } catch {
            return .stopped(.none)
        }
        return await self.thought(Exchange(body: body, streams: question.streams, watch: self.watch, live: work.live))
    }

    private var watch: AnswerWatch { AnswerWatch(self.patience, self.clock) }

    // Longer each time; a provider that says for how long is obeyed by its line.
    private func pause(before again: Int) async throws {
        guard again > 0 else { return }
        let wait = Duration.seconds(1) * (1 << min(again - 1, 5))
        try await self.clock.sleep(until: self.clock.now() + wait)
    }

    /// One question on its way.
    private struct Exchange {
        let body: [UInt8]
        let streams: Bool
        let watch: AnswerWatch
        let live: LiveSink
    }

    private func thought(_ exchange: Exchange) async -> Thought {
        do {
            let answer = try await self.race(exchange)
            self.line.leave(.answered)
            return .replied(self.reply(answer), self.usage(answer.tokens, exchange, answer))
        } catch let failure as Refused {
            self.line.leave(failure.outcome)
            return .failed(failure.failure.redacting(self.access.key), .none)
        } catch is CancellationError {
            self.line.leave(.other)
            return .stopped(self.usage(nil, exchange, nil))
        } catch {
            let (failure, wasSent) = self.failure(of: error)
            if Task.isCancelled {
                self.line.leave(.other)
                return .stopped(self.usage(nil, exchange, nil))
            }
            self.line.leave(failure.kind == .transient ? .failed : .other)
            return .failed(failure.redacting(self.access.key), wasSent ? self.usage(nil, exchange, nil) : .none)
        }
    }

    // The answer, or whoever finds it late.
    private func race(_ exchange: Exchange) async throws -> ModelAnswer {
        try await withThrowingTaskGroup(of: ModelAnswer.self) { group in
            group.addTask { try await self.exchange(exchange) }
            group.addTask { try await exchange.watch.run() }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    // MARK: The wire

    /// It was heard and not answered.
    private struct Refused: Error {
        let failure: Failure
        let outcome: ProviderPace.Outcome
    }

    private func exchange(_ exchange: Exchange) async throws -> ModelAnswer {
        let response = try await Self.client.execute(self.request(exchange.body), deadline: .distantFuture)
        exchange.watch.heard()
        guard response.status.code == 200 else { throw try await self.refused(response) }
        let type = response.headers.first(name: "content-type") ?? ""
        if type.lowercased().hasPrefix("text/event-stream") { return try await self.stream(response, exchange) }
        var bytes: [UInt8] = []
        for try await part in response.body {
            exchange.watch.heard()
            guard bytes.count + part.readableBytes <= Self.largestAnswer else { throw WireFault.tooLong }
            bytes += part.readableBytesView
        }
        let whole: JSON
        do throws(JSON.Fault) {
            whole = try JSON(parsing: bytes)
        } catch {
            throw WireFault.malformed("it is no JSON: \(error)")
        }
        return try AnswerReader.answer(whole, self.line.provider.form)
    }

    private func stream(_ response: HTTPClientResponse, _ exchange: Exchange) async throws -> ModelAnswer {
        var reader = AnswerReader(self.line.provider.form)
        var lines = LiveLines(exchange.live, without: self.access.key)
        var size = 0
        for try await part in response.body {
            exchange.watch.heard()
            size += part.readableBytes
            guard size <= Self.largestAnswer else { throw WireFault.tooLong }
            lines.add(try reader.take(part.readableBytesView))
            // Nothing is to come but the end.
            if reader.isOver { break }
        }
        lines.end()
        return try reader.answer()
    }

    private func request(_ body: [UInt8]) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: self.access.address.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "baton/\(Baton.version)")
        if let key = self.access.key {
            switch self.line.provider.form {
            case .messages: request.headers.add(name: "x-api-key", value: key.header)
            case .chat, .responses: request.headers.add(name: "authorization", value: "Bearer \(key.header)")
            }
        }
        if self.line.provider.form == .messages {
            request.headers.add(name: "anthropic-version", value: "2023-06-01")
        }
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    private func refused(_ response: HTTPClientResponse) async throws -> Refused {
        let status = Int(response.status.code)
        let wait = RetryAfter.read(
            seconds: response.headers.first(name: "retry-after"),
            milliseconds: response.headers.first(name: "retry-after-ms"),
            now: self.clock.now()
        )
        var bytes: [UInt8] = []
        // What cannot be read any more is not needed.
        do {
            for try await part in response.body {
                bytes += part.readableBytesView.prefix(Self.largestRefusal - bytes.count)
                if bytes.count >= Self.largestRefusal { break }
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {}
        let failure = ProviderFailure.of(status: status, bytes, retryAfter: wait, self.name)
        let outcome: ProviderPace.Outcome =
            switch failure.code {
            case "provider.limit": .limited(retryAfter: wait)
            case "provider.overloaded" where wait != nil: .limited(retryAfter: wait)
            default: failure.kind == .transient ? .failed : .other
            }
        return Refused(failure: failure, outcome: outcome)
    }

    private func failure(of error: any Error) -> (Failure, wasSent: Bool) {
        switch error {
        case let late as AnswerWatch.Late: return (ProviderFailure.late(self.name, late.wait, late.duration), true)
        case let fault as WireFault: return (ProviderFailure.of(fault, self.name), true)
        default: break
        }
        let words = PlainText.line(String(describing: error), limit: 200)
        // Its module is not one of ours to import.
        let type = String(reflecting: Swift.type(of: error))
        if type.hasPrefix("NIOSSL") || words.contains("CERTIFICATE") {
            return (ProviderFailure.untrusted(self.name, words), false)
        }
        if error as? HTTPClientError == .remoteConnectionClosed || error as? HTTPParserError == .invalidEOFState {
            return (ProviderFailure.of(.truncated, self.name), true)
        }
        return (ProviderFailure.unreachable(self.name, words), false)
    }

    // MARK: What came of it

    private func reply(_ answer: ModelAnswer) -> Transcript.Reply {
        let clean = { (text: String) in self.access.key?.redacting(text) ?? text }
        return Transcript.Reply(
            model: self.name.description,
            text: clean(answer.text),
            calls: answer.calls.map { call in
                Transcript.Call(
                    id: clean(call.id),
                    tool: clean(call.tool),
                    input: self.access.key?.redacting(call.input) ?? call.input,
                    fault: call.fault.map(clean)
                )
            },
            stop: answer.stop
        )
    }

    private func usage(_ tokens: Usage.TokenKinds?, _ exchange: Exchange, _ answer: ModelAnswer?) -> Usage {
        var kinds = tokens ?? Usage.TokenKinds()
        if tokens == nil {
            kinds.input = Int64(Self.tokens(inBytes: exchange.body.count))
            kinds.output = Int64(Self.tokens(inBytes: answer?.text.utf8.count ?? 0))
            kinds.isEstimated = true
        }
        var usage = Usage()
        usage.tokens = kinds.total
        usage.tokenKinds = kinds
        return usage
    }

    // A token is about four bytes.
    private static func tokens(inBytes count: Int) -> Int { (count + 3) / 4 }
}

/// Passes text on line by line.
private struct LiveLines {
    private static let longest = 4000
    private let sink: LiveSink
    private let key: APIKey?
    private var rest = ""

    init(_ sink: LiveSink, without key: APIKey?) {
        self.sink = sink
        self.key = key
    }

    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        self.rest += text
        while let end = self.rest.firstIndex(where: \.isNewline) {
            self.pass(String(self.rest[..<end]))
            self.rest = String(self.rest[self.rest.index(after: end)...])
        }
        if self.rest.utf8.count >= Self.longest { self.end() }
    }

    mutating func end() {
        if !self.rest.isEmpty { self.pass(self.rest) }
        self.rest = ""
    }

    private func pass(_ line: String) { self.sink.line(self.key?.redacting(line) ?? line) }
}
