import AsyncHTTPClient
import BatonCore
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
        // One thread is enough for hundreds of answers at once, and takes a fifth less processor time than several.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        return HTTPClient(eventLoopGroup: group, configuration: configuration)
    }()

    /// What went wrong, for people.
    static func words(for error: any Error) -> String { PlainText.line(String(describing: error), limit: 300) }
}
