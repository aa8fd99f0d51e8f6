import BatonCore
import BatonEngine
import Synchronization

/// A server that is a program of this machine: one message a line, over its standard streams.
final class MCPProgram: MCPLine {
    private struct State {
        var waiting: [Int64: CheckedContinuation<Result<MCPMessage, MCPFault>, Never>] = [:]
        var line: [UInt8] = []
        /// Why nothing more is heard of it.
        var end: MCPFault?
        var process: Task<Void, Never>?
        var unasked = 0
    }

    /// No server has more to say at once.
    static let longestLine = 16 << 20
    /// So many messages it may leave unread.
    private static let mostUnread = 256
    /// So much may it say that nobody has asked for.
    private static let mostUnasked = 100_000
    /// How long it has to end when its standard input is closed.
    private static let grace = Duration.seconds(2)

    private let clock: any EngineClock
    private let output: AsyncStream<[UInt8]>.Continuation
    private let state = Mutex(State())

    /// Starts the program.
    ///
    /// - Parameter work: whose agent's command it is.
    init(_ work: Work, passing: [String], by commands: CommandPerformer, _ clock: any EngineClock) {
        let (input, output) = AsyncStream.makeStream(
            of: [UInt8].self,
            bufferingPolicy: .bufferingOldest(Self.mostUnread)
        )
        self.clock = clock
        self.output = output
        // Unstructured: it lasts as long as the connection, and its end is waited for by `close`.
        let process = Task {
            let end: MCPFault
            do throws(Failure) {
                end = .ended(
                    try await commands.serve(work, passing: passing, input: input) { [weak self] in
                        self?.hear($0) ?? false
                    }
                )
            } catch {
                end = error.kind == .permanent ? .impossible(error.message) : .unreachable(error.message)
            }
            self.end(end)
        }
        self.state.withLock { $0.process = process }
    }

    var isBroken: Bool { self.state.withLock { $0.end != nil } }

    func exchange(_ request: MCPRequest, in era: MCPEra, within seconds: Double) async throws(MCPFault) -> MCPMessage {
        // Unstructured: it is ended with the answer, and nobody waits for it.
        let alarm = Task { [clock] in
            try await clock.sleep(until: clock.now() + .seconds(fraction: seconds))
            self.give(up: request, .late(seconds: seconds), "it takes too long")
        }
        defer { alarm.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let end = self.state.withLock { state -> MCPFault? in
                    if state.end == nil { state.waiting[request.id] = waiter }
                    return state.end
                }
                if let end { return waiter.resume(returning: .failure(end)) }
                self.send(request.body(in: era))
                // It may have been called off before it could be told.
                if Task.isCancelled { self.give(up: request, .cancelled, "it was called off") }
            }
        } onCancel: {
            self.give(up: request, .cancelled, "it was called off")
        }
        return try result.get()
    }

    func notify(_ method: String, in era: MCPEra) async throws(MCPFault) { self.send(MCPMessage.notification(method)) }

    func close() async {
        self.output.finish()
        guard let process = self.state.withLock(\.process) else { return }
        // Unstructured: it is ended when the program is, which is waited for below.
        let alarm = Task { [clock] in
            try await clock.sleep(until: clock.now() + Self.grace)
            process.cancel()
        }
        await process.value
        alarm.cancel()
    }

    private func send(_ message: [UInt8]) {
        if case .dropped = self.output.yield(message + [0x0A]) { self.throwOut("it does not read what it is told") }
    }

    private func throwOut(_ why: String) {
        self.end(.nonsense(why))
        self.state.withLock(\.process)?.cancel()
    }

    // The server is told, if it has not answered yet.
    private func give(up request: MCPRequest, _ fault: MCPFault, _ reason: String) {
        guard let waiter = self.state.withLock({ $0.waiting.removeValue(forKey: request.id) }) else { return }
        if request.method != "initialize", request.method != "server/discover" {
            let params: [(String, JSON)] = [("requestId", .integer(request.id)), ("reason", .string(reason))]
            self.send(MCPMessage.notification("notifications/cancelled", params))
        }
        waiter.resume(returning: .failure(fault))
    }

    // MARK: What it says

    // False ends it.
    private func hear(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else {
            self.output.finish()
            return false
        }
        let (lines, isTooLong) = self.state.withLock { state -> ([[UInt8]], Bool) in
            var pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let rest = pieces.removeLast()
            var lines: [[UInt8]] = []
            for piece in pieces {
                lines.append(state.line + piece)
                state.line = []
            }
            state.line += rest
            return (lines, state.line.count > Self.longestLine)
        }
        for line in lines where !line.isEmpty { self.take(line) }
        if isTooLong { self.end(.nonsense("a line of it is longer than \(Self.longestLine) bytes")) }
        return !isTooLong
    }

    private func take(_ line: [UInt8]) {
        guard let message = try? MCPMessage(line) else {
            // Some print other things too; what looks like a message and cannot be read was an answer to somebody.
            if line.first == UInt8(ascii: "{") { self.failWaiting(.nonsense("a message of it cannot be read")) }
            return self.countUnasked()
        }
        switch message {
        case .result(let id, _), .error(let id?, _):
            guard let waiter = self.state.withLock({ $0.waiting.removeValue(forKey: id) }) else {
                return self.countUnasked()
            }
            waiter.resume(returning: .success(message))
        case .request(let id, let method):
            self.send(MCPMessage.answer(to: id, method: method))
            self.countUnasked()
        case .error(nil, _), .notification: self.countUnasked()
        }
    }

    private func countUnasked() {
        let count = self.state.withLock { state in
            state.unasked += 1
            return state.unasked
        }
        if count == Self.mostUnasked { self.throwOut("it says too much that nobody has asked for") }
    }

    private func failWaiting(_ fault: MCPFault) {
        let waiting = self.state.withLock { state in
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiting { waiter.resume(returning: .failure(fault)) }
    }

    private func end(_ fault: MCPFault) {
        self.state.withLock { state in
            if state.end == nil { state.end = fault }
        }
        self.output.finish()
        self.failWaiting(fault)
    }
}
