import AsyncHTTPClient
import BatonCore
import BatonEngine
import NIOCore
import NIOHTTP1
import Synchronization

/// One question on the wire: takes what comes where it comes, without waking anybody before the answer is whole.
final class AnswerCall: Sendable {
    /// It was heard and not answered.
    struct Refused: Error {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]
    }

    /// The question was on its way, or had been heard, when the line broke.
    struct Lost: Error {
        let cause: any Error
    }

    private struct State {
        var wasSent = false
        var reader: AnswerReader
        var head: HTTPResponseHead?
        var bytes: [UInt8] = []
        var size = 0
        var lines: LiveLines
        var task: HTTPClient.Task<Void>?
        var isCancelled = false
        /// What is told instead of what the wire says.
        var outcome: Result<ModelAnswer, any Error>?
        var waiter: CheckedContinuation<ModelAnswer, any Error>?

        var isStream: Bool {
            self.head?.headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") ?? false
        }
    }

    private static let largestAnswer = 32 << 20
    private static let largestRefusal = 64 << 10

    private let form: ModelProvider.Form
    private let watchman: Watchman
    private let state: Mutex<State>

    init(_ form: ModelProvider.Form, _ watchman: Watchman, _ lines: LiveLines) {
        self.form = form
        self.watchman = watchman
        self.state = Mutex(State(reader: AnswerReader(form), lines: lines))
    }

    /// Asks, and returns when the answer is whole, or when nothing of the question goes on any more.
    func answer(to request: HTTPClient.Request, by client: HTTPClient) async throws -> ModelAnswer {
        let watched = self.watchman.begin { self.fail($0) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                self.state.withLock { $0.waiter = waiter }
                let task = client.execute(request: request, delegate: Listener(self, watched))
                // It may have been cancelled, or have failed, before it could be told to stop.
                let isVain = self.state.withLock { state in
                    state.task = task
                    if case .failure? = state.outcome { return true }
                    return state.isCancelled
                }
                if isVain { task.cancel() }
                task.futureResult.whenComplete { result in
                    self.watchman.end(watched)
                    self.end(result)
                }
            }
        } onCancel: {
            self.state.withLock { state in
                state.isCancelled = true
                return state.task
            }?.cancel()
        }
    }

    // The first reason counts.
    private func fail(_ error: any Error) {
        self.state.withLock { state in
            if state.outcome == nil { state.outcome = .failure(error) }
            return state.task
        }?.cancel()
    }

    private func end(_ result: Result<Void, any Error>) {
        let (waiter, outcome) = self.state.withLock { state -> (CheckedContinuation<ModelAnswer, any Error>?, _) in
            defer { state.waiter = nil }
            state.lines.end()
            return (
                state.waiter,
                state.outcome ?? result.flatMapError { Self.broken($0, state) }.flatMap { self.whole(state) }
            )
        }
        waiter?.resume(with: outcome)
    }

    // Once it has begun, what ends it is no matter of the way there; of a refusal what has come is enough.
    private static func broken(_ error: any Error, _ state: State) -> Result<Void, any Error> {
        guard let head = state.head else { return .failure(state.wasSent ? Lost(cause: error) : error) }
        return .failure(head.status.code == 200 ? WireFault.truncated : Self.refused(state))
    }

    // MARK: What comes

    private func sent() { self.state.withLock { $0.wasSent = true } }

    private func took(_ head: HTTPResponseHead) { self.state.withLock { $0.head = head } }

    private func took(_ part: ByteBuffer) {
        let (waiter, outcome, task) = self.state.withLock {
            state -> (
                CheckedContinuation<ModelAnswer, any Error>?, Result<ModelAnswer, any Error>?, HTTPClient.Task<Void>?
            ) in
            guard state.outcome == nil else {
                state.size += part.readableBytes
                return (nil, nil, state.size > Self.largestAnswer ? state.task : nil)
            }
            self.add(part, &state)
            guard case .success? = state.outcome else { return (nil, nil, state.outcome == nil ? nil : state.task) }
            // It is whole; what may still come is read, so that the connection can be used again.
            defer { state.waiter = nil }
            return (state.waiter, state.outcome, nil)
        }
        task?.cancel()
        if let outcome { waiter?.resume(with: outcome) }
    }

    private func add(_ part: ByteBuffer, _ state: inout State) {
        state.size += part.readableBytes
        guard state.head?.status.code == 200 else {
            state.bytes += part.readableBytesView.prefix(Self.largestRefusal - state.bytes.count)
            if state.bytes.count >= Self.largestRefusal { state.outcome = .failure(Self.refused(state)) }
            return
        }
        guard state.size <= Self.largestAnswer else {
            state.outcome = .failure(WireFault.tooLong)
            return
        }
        guard state.isStream else {
            state.bytes += part.readableBytesView
            return
        }
        do throws(WireFault) {
            state.lines.add(try state.reader.take(part.readableBytesView))
            guard state.reader.isOver else { return }
            state.lines.end()
            state.outcome = .success(try state.reader.answer())
        } catch {
            state.outcome = .failure(error)
        }
    }

    // All has come.
    private func whole(_ state: State) -> Result<ModelAnswer, any Error> {
        guard state.head?.status.code == 200 else { return .failure(Self.refused(state)) }
        return Result {
            if state.isStream { return try state.reader.answer() }
            return try AnswerReader.answer(try Self.json(state.bytes), self.form)
        }
    }

    private static func json(_ bytes: [UInt8]) throws(WireFault) -> JSON {
        do throws(JSON.Fault) {
            return try JSON(parsing: bytes)
        } catch {
            throw .malformed("it is no JSON: \(error)")
        }
    }

    private static func refused(_ state: State) -> Refused {
        Refused(
            status: Int(state.head?.status.code ?? 0),
            headers: state.head?.headers ?? [:],
            body: state.bytes
        )
    }

    /// Hears of what comes, on the thread of the connection.
    private final class Listener: HTTPClientResponseDelegate {
        private let call: AnswerCall
        private let watched: Watchman.Watched

        init(_ call: AnswerCall, _ watched: Watchman.Watched) {
            self.call = call
            self.watched = watched
        }

        func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) { self.call.sent() }

        func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
            self.call.watchman.heard(self.watched)
            self.call.took(head)
            return task.eventLoop.makeSucceededVoidFuture()
        }

        func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
            self.call.watchman.heard(self.watched)
            self.call.took(part)
            return task.eventLoop.makeSucceededVoidFuture()
        }

        func didFinishRequest(task: HTTPClient.Task<Void>) throws {}
    }
}

extension AnswerCall {
    /// Passes text on line by line.
    struct LiveLines {
        private static let longest = 4000
        private static let longestKey = 512
        private static let mostAtOnce = 200
        private let sink: LiveSink
        private let secrets: Secrets
        private var rest = ""
        private var hasPassed = false

        init(_ sink: LiveSink, without secrets: Secrets) {
            self.sink = sink
            self.secrets = secrets
        }

        mutating func add(_ text: String) {
            guard !text.isEmpty else { return }
            // Only what is new is looked through: it comes word by word.
            let parts = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            self.rest += parts[0]
            if parts.count > 1 {
                self.pass(self.rest)
                // Lossy: whoever watches cannot read more at once.
                for line in parts.dropFirst().dropLast().suffix(Self.mostAtOnce) { self.pass(String(line)) }
                self.rest = String(parts[parts.count - 1])
            }
            guard self.rest.utf8.count >= Self.longest else { return }
            // The end stays: the beginning of a key would not be known as one.
            let clean = self.secrets.redacting(self.rest)
            self.pass(String(clean.dropLast(Self.longestKey)))
            self.rest = String(clean.suffix(Self.longestKey))
        }

        /// Passes the last line on, if there were others: one that comes with the answer itself tells nobody anything.
        mutating func end() {
            if self.hasPassed, !self.rest.isEmpty { self.pass(self.rest) }
            self.rest = ""
        }

        private mutating func pass(_ line: String) {
            self.hasPassed = true
            self.sink.line(self.secrets.redacting(line))
        }
    }
}
