import AsyncHTTPClient
import BatonCore
import BatonEngine
import NIOCore
import NIOPosix

/// The one client of this process for all addresses that a plan names.
enum OutboundHTTP {
    // Never ended: what belongs to the process goes with it. A redirect would take a key to another host.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        // Whoever asks again is the conversation.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        return HTTPClient(eventLoopGroup: Self.group, configuration: configuration)
    }()

    // One thread is enough for hundreds of answers at once, and takes a fifth less processor time than several.
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    struct Late: Error {}

    /// Does something that may take only so long; the client's own deadline ends with the head of an answer.
    static func within<Value: Sendable>(
        _ seconds: Double,
        by clock: any EngineClock,
        _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await clock.sleep(until: clock.now() + .seconds(fraction: seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw Late() }
            return value
        }
    }

    /// What went wrong, for people.
    static func words(for error: any Error) -> String {
        let words = String(describing: error)
        for known in ["Connection refused", "Network is unreachable", "No route to host"] where words.contains(known) {
            return known.lowercased()
        }
        return PlainText.line(words, limit: 300)
    }
}
