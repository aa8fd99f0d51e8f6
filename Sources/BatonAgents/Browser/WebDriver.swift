import AsyncHTTPClient
import BatonCore
import BatonEngine
import Foundation
import NIOCore
import NIOHTTP1

/// Why a browser did not do what it was told.
struct BrowserFault: Error, Hashable {
    /// What went wrong, for people and models.
    let words: String
    /// Whether it led where agents may not go.
    var isBlocked = false
    /// Whether the browser is of no use any more.
    var isLost = false
}

/// Speaks WebDriver, as the W3C has it, with a driver on this machine.
///
/// Source: https://www.w3.org/TR/webdriver2/
struct WebDriver: Sendable {
    /// An element of a page, as the driver names it.
    struct Element: Hashable {
        let id: String

        /// The key under which a driver names elements.
        static let key = "element-6066-11e4-a52e-4f735466cecf"

        init?(_ value: JSON) {
            guard let id = value[Self.key]?.string, WebDriver.isName(id) else { return nil }
            self.id = id
        }
    }

    /// Whether it can stand in a path as it is.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    private static let largestAnswer = 32 << 20
    /// Longer than a page may take to load.
    private static let seconds = 60.0
    /// What a driver says when the browser is gone.
    private static let lost: Set<String> = ["invalid session id", "no such window", "session not created"]

    let port: Int
    let clock: any EngineClock

    func post(
        _ path: String,
        _ body: JSON = [:],
        within seconds: Double = Self.seconds
    ) async throws(BrowserFault) -> JSON {
        try await self.send(.POST, path, body, within: seconds)
    }

    func get(_ path: String) async throws(BrowserFault) -> JSON {
        try await self.send(.GET, path, nil, within: Self.seconds)
    }

    func delete(_ path: String, within seconds: Double) async throws(BrowserFault) {
        _ = try await self.send(.DELETE, path, nil, within: seconds)
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: JSON?,
        within seconds: Double
    ) async throws(BrowserFault) -> JSON {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(self.port)\(path)")
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json; charset=utf-8")
            request.body = .bytes(ByteBuffer(string: body.description))
        }
        let bytes: [UInt8]
        do {
            bytes = try await OutboundHTTP.within(seconds, by: self.clock) { [request] in
                let response = try await OutboundHTTP.client.execute(request, deadline: .distantFuture)
                return Array(try await response.body.collect(upTo: Self.largestAnswer).readableBytesView)
            }
        } catch is OutboundHTTP.Late {
            throw BrowserFault(words: "the browser has not answered within \(Int(seconds)) s", isLost: true)
        } catch is NIOTooManyBytesError {
            throw BrowserFault(words: "the page is too large")
        } catch {
            throw BrowserFault(words: "the browser is gone: \(OutboundHTTP.words(for: error))", isLost: true)
        }
        return try Self.value(of: bytes)
    }

    /// What an answer brings.
    static func value(of bytes: [UInt8]) throws(BrowserFault) -> JSON {
        guard let node = try? JSONReader.read(bytes, depth: 64), let answer = JSON(node), let value = answer["value"]
        else { throw BrowserFault(words: "the driver of the browser answers with what cannot be read", isLost: true) }
        guard let error = value["error"]?.string else { return value }
        let message = value["message"]?.string?.prefix { !$0.isNewline } ?? ""
        let words = PlainText.line(message.isEmpty ? error : "\(error): \(message)", limit: 400)
        let isGone = words.contains("not reachable") || words.contains("disconnected") || words.contains("tab crashed")
        throw BrowserFault(words: words, isLost: Self.lost.contains(error) || isGone)
    }
}
