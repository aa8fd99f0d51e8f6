import BatonCore
import BatonTestKit
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import BatonAgents

/// What a browser is spoken to with, and kept in, without one.
@Suite(.timeLimit(.minutes(2))) struct BrowserPartsTests {
    // MARK: Proxy

    private static func request(_ text: String) -> ProxyRequest? { ProxyRequest(Array(text.utf8)) }

    @Test func `a tunnel is asked for by host and port, and is an address to the guard`() {
        let tunnel = Self.request("CONNECT Shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\nabc")
        #expect(tunnel?.url == "https://Shop.example:443/")
        #expect(tunnel?.forwarded == nil && tunnel?.rest == Array("abc".utf8))
        #expect(Self.request("CONNECT shop.example:80 HTTP/1.1\r\n\r\n")?.url == "http://shop.example/")
        #expect(Self.request("CONNECT shop.example:8080 HTTP/1.1\r\n\r\n")?.url == "https://shop.example:8080/")
    }

    @Test func `a page is asked for as its server expects it, without what is the proxy's`() {
        let text =
            "POST http://shop.example/a?b=c HTTP/1.1\r\nHost: shop.example\r\nProxy-Connection: keep-alive\r\n"
            + "Connection: keep-alive\r\nX-Own: 1\r\n\r\nbody"
        let page = Self.request(text)
        #expect(page?.url == "http://shop.example/a?b=c")
        let told = "POST /a?b=c HTTP/1.1\r\nHost: shop.example\r\nX-Own: 1\r\nconnection: close\r\n\r\n"
        #expect(page?.forwarded == Array(told.utf8) && page?.rest == Array("body".utf8))
        let bare = Self.request("GET http://shop.example?q HTTP/1.1\r\n\r\n")
        #expect(bare?.forwarded?.starts(with: Array("GET /?q HTTP/1.1\r\n".utf8)) == true)
    }

    @Test(arguments: [
        "\r\n\r\n", "GET\r\n\r\n", "GET /inner HTTP/1.1\r\nHost: shop.example\r\n\r\n", "CONNECT  HTTP/1.1\r\n\r\n",
        "GET gopher://shop.example/ HTTP/1.1\r\n\r\n", "CONNECT a b HTTP/1.1\r\n\r\n",
        "CONNECT [::1]:443 HTTP/1.1\r\n\r\n",
        "GET http://user@shop.example/ HTTP/1.1\r\n\r\n", "CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n",
    ])
    func `what cannot be read, or leads home, passes no guard`(text: String) async throws {
        let request = try #require(Self.request(text))
        let egress = EgressGuard(hosts: []) { host in [EgressGuard.Address(bytes: [127, 0, 0, 1], text: host)] }
        await #expect(throws: EgressGuard.Blocked.self) { try await egress.target(of: request.url) }
        #expect(Self.request("GET http://shop.example/ HTTP/1.1\r\n") == nil, "its head is not whole")
    }

    @Test func `the proxy carries a page whole, refuses the rest with its reason, and ends`() async throws {
        let long = String(repeating: "tea ", count: 500_000)
        let server = try WireServer { request, _ in
            WireServer.Reply(
                "200 OK",
                ["content-type: text/plain"],
                request.head.hasPrefix("GET /long ") ? long : "Hello"
            )
        }
        let proxy = try await BrowserProxy(EgressGuard(hosts: ["127.0.0.1:\(server.port)"]))
        let base = "127.0.0.1:\(server.port)"
        let plain = try await Self.ask(proxy.port, "GET http://\(base)/ HTTP/1.1\r\nHost: \(base)\r\n\r\n")
        #expect(plain.hasPrefix("HTTP/1.1 200") && plain.hasSuffix("Hello"))
        let whole = try await Self.ask(proxy.port, "GET http://\(base)/long HTTP/1.1\r\nHost: \(base)\r\n\r\n")
        #expect(whole.hasSuffix("\r\n\r\n\(long)"))
        let tunnel = try await Self.ask(proxy.port, "CONNECT \(base) HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        #expect(tunnel.hasPrefix("HTTP/1.1 200 Connection established") && tunnel.hasSuffix("Hello"))
        for place in ["GET http://127.0.0.1:9/", "CONNECT 127.0.0.1:9"] {
            let words = try await Self.ask(proxy.port, "\(place) HTTP/1.1\r\n\r\n")
            #expect(words.hasPrefix("HTTP/1.1 403") && words.contains("the plan lets nobody reach 127.0.0.1"))
        }
        #expect(
            proxy.refusal(of: "http://127.0.0.1:9/x")?.contains("lets nobody reach") == true
                && proxy.refusal(of: "http://\(base)/") == nil
        )
        await proxy.close()
        await #expect(throws: (any Error).self) { try await Self.ask(proxy.port, "GET") }
    }

    /// All that comes back for some bytes, until the other side ends.
    private static func ask(_ port: Int, _ text: String) async throws -> String {
        let channel = try await ClientBootstrap(group: OutboundHTTP.group).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var whole = ByteBuffer()
            for try await var part in inbound { whole.writeBuffer(&part) }
            return String(buffer: whole)
        }
    }

    // MARK: Driver

    @Test func `the driver's port is read from what it says`() {
        let line = "ChromeDriver was started successfully on port 38571."
        #expect(BrowserProcess.port(in: line) == 38_571)
        for other in ["", "on port 7", "started successfully on port 0.", "started successfully on port 99999"] {
            #expect(BrowserProcess.port(in: other) == nil, "\(other)")
        }
    }

    @Test func `what a driver answers is a value or a reason`() throws {
        let read = { (text: String) throws(BrowserFault) in try WebDriver.value(of: Array(text.utf8)) }
        #expect(try read(#"{"value": {"sessionId": "s"}}"#) == ["sessionId": "s"])
        #expect(try read(#"{"value": null}"#) == .null)
        #expect(throws: BrowserFault(words: "no such element: gone")) {
            try read(#"{"value": {"error": "no such element", "message": "gone\nstack"}}"#)
        }
        let losses = [
            #"{"value": {"error": "invalid session id", "message": ""}}"#, "nonsense", "{}",
            #"{"value": {"error": "unknown error", "message": "disconnected: tab crashed"}}"#,
        ]
        for text in losses {
            do throws(BrowserFault) {
                _ = try read(text)
                Issue.record("it was read: \(text)")
            } catch { #expect(error.isLost, "\(text)") }
        }
    }

    // MARK: Controls

    private static func control(_ kind: String, _ name: String, _ value: String = "") -> JSON {
        [
            "element": .members([(WebDriver.Element.key, .string("e-1"))]), "kind": .string(kind),
            "name": .string(name),
            "value": .string(value),
        ]
    }

    @Test func `controls are shown by name, and those of one name are numbered`() throws {
        let controls = PageControl.all([
            Self.control("link", "Next"), Self.control("button", "next"), Self.control("field", "Next", "x"),
            Self.control("button", ""), Self.control("door", "Out"), "nothing",
            ["element": .members([(WebDriver.Element.key, .string("../x"))]), "kind": "link", "name": "Out"],
        ])
        #expect(controls.map { $0.line } == ["link: Next", "button: next (2)", "field: Next = x"])
        #expect(try PageControl.named("NEXT", 2, among: controls, filled: false).kind == .button)
        #expect(try PageControl.named(" next ", nil, among: controls, filled: true).kind == .field)
        #expect(throws: BrowserFault.self) { try PageControl.named("Next", nil, among: controls, filled: false) }
    }

    // MARK: Folders

    @Test func `what a killed engine left of its browsers is removed, and nothing else`() throws {
        let data = try TemporaryFolder()
        let folders = BrowserFolders(dataFolder: data.path)
        let (left, kept) = (try #require(folders.make()), try #require(folders.make()))
        for name in ["precious", "browsers"] {
            try FileManager.default.createDirectory(atPath: data(name), withIntermediateDirectories: true)
        }
        _ = try data.write("x", to: "precious/x")
        _ = try data.write(data("precious"), to: "browsers/baton-browser-AAAAAA")
        _ = try data.write(data("precious"), to: "browsers/precious")
        folders.remove(left)
        #expect(!FileManager.default.fileExists(atPath: left) && FileManager.default.fileExists(atPath: kept))
        BrowserFolders(dataFolder: data.path).sweep()
        #expect(!FileManager.default.fileExists(atPath: kept))
        #expect(FileManager.default.fileExists(atPath: data("precious/x")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: data("browsers")).isEmpty)
    }
}
