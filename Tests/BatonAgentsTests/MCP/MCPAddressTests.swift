import BatonCore
import BatonEngine
import BatonTestKit
import Testing

@testable import BatonAgents

/// Servers at addresses: headers, sessions, streams, and answers that are none.
@Suite(.timeLimit(.minutes(2))) struct MCPAddressTests {
    private static func answer(_ result: String, _ more: [String] = [], id: Int = 1) -> WireServer.Reply {
        WireServer.Reply(
            "200 OK",
            ["content-type: application/json"] + more,
            #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
        )
    }

    private static func line(_ server: WireServer, _ clock: any EngineClock = SystemClock()) -> MCPAddress {
        MCPAddress("http://127.0.0.1:\(server.port)/mcp", headers: [("Authorization", "Bearer k-17")], clock)
    }

    private static let call = MCPRequest(id: 1, method: "tools/call", params: [("name", "löok"), ("arguments", [:])])

    @Test func `each request says which version it is, what it is about, and who asks`() async throws {
        let server = try WireServer { _, _ in Self.answer("{}") }
        #expect(try await Self.line(server).exchange(Self.call, in: .modern, within: 5) == .result(id: 1, [:]))
        let request = try #require(server.requests.first)
        #expect(request.header("mcp-protocol-version") == "2026-07-28")
        #expect(request.header("mcp-method") == "tools/call")
        #expect(request.header("mcp-name") == "=?base64?bMO2b2s=?=")
        #expect(request.header("authorization") == "Bearer k-17")
        let meta = try JSON(parsing: request.body)["params"]?["_meta"]
        #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
    }

    @Test func `a session is named in all that follows, let go at the end, and begun anew where it is lost`()
        async throws
    {
        let server = try WireServer { request, number in
            number == 1
                ? Self.answer("{}", ["mcp-session-id: s-1"])
                : request.head.contains("DELETE")
                    ? WireServer.Reply("200 OK", [], "") : WireServer.Reply("404 Not Found", [], "gone")
        }
        let line = Self.line(server)
        let era = MCPEra.legacy(version: "2025-11-25")
        _ = try await line.exchange(MCPRequest(id: 1, method: "initialize"), in: era, within: 5)
        await #expect(throws: MCPFault.ended("its session is over")) {
            try await line.exchange(MCPRequest(id: 2, method: "tools/list"), in: era, within: 5)
        }
        #expect(line.isBroken)
        await line.close()
        let requests = server.requests
        #expect(requests.map { $0.header("mcp-session-id") } == [nil, "s-1", "s-1"])
        #expect(requests.map { $0.header("mcp-protocol-version") } == [nil, "2025-11-25", nil])
        #expect(requests.last?.head.hasPrefix("DELETE /mcp") == true)
    }

    @Test func `of a stream the answer counts, also where the stream stays open`() async throws {
        let server = try WireServer { _, _ in
            .stream(
                [
                    "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n\n",
                    ": still here\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"of\":\"another\"}}\n\n",
                    "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}\n\n",
                ],
                ending: .hang
            )
        }
        #expect(try await Self.line(server).exchange(Self.call, in: .modern, within: 5) == .result(id: 1, ["n": 1]))
    }

    @Test(
        arguments: [
            (
                WireServer.Reply("200 OK", ["content-type: application/json"], "<html>"),
                MCPFault.nonsense("its answer is not among what it sent")
            ),
            (Self.answer("{}", id: 7), .nonsense("its answer is not among what it sent")),
            (WireServer.Reply("401 Unauthorized", [], "no key"), .status(401, "no key")),
            (WireServer.Reply("302 Found", ["location: http://elsewhere.example/"], ""), .status(302, "")),
        ]
    )
    func `what is no answer says so`(reply: WireServer.Reply, fault: MCPFault) async throws {
        let server = try WireServer { _, _ in reply }
        await #expect(throws: fault) { try await Self.line(server).exchange(Self.call, in: .modern, within: 5) }
        #expect(server.requests.count == 1)
    }

    @Test func `an error with a status that says the version is not spoken is understood`() async throws {
        let server = try WireServer { _, _ in
            let error =
                #"{"jsonrpc":"2.0","id":null,"error":{"code":-32022,"message":"no","data":{"supported":["2025-11-25"]}}}"#
            return WireServer.Reply("400 Bad Request", ["content-type: application/json"], error)
        }
        guard case .error(_, let error) = try await Self.line(server).exchange(Self.call, in: .modern, within: 5) else {
            return
        }
        #expect(error.isModern && error.versions == ["2025-11-25"])
    }

    @Test func `an answer of more than sixteen mebibytes is no answer`() async throws {
        let long = String(repeating: "x", count: MCPAddress.largestAnswer)
        let server = try WireServer { _, _ in Self.answer("\"\(long)\"") }
        await #expect(throws: MCPFault.self) {
            try await Self.line(server).exchange(Self.call, in: .modern, within: 60)
        }
    }

    @Test func `a server that never ends its answer is given up`() async throws {
        let server = try WireServer { _, _ in
            WireServer.Reply("200 OK", ["content-type: application/json"], "{", ending: .hang)
        }
        let clock = ManualClock()
        let asking = Task { () async throws -> MCPMessage in
            try await Self.line(server, clock).exchange(Self.call, in: .modern, within: 30)
        }
        await clock.advanceToNextSleeper()
        await #expect(throws: MCPFault.late(seconds: 30)) { try await asking.value }
    }

    @Test(arguments: [true, false])
    func `a connection that nobody uses is closed in time, or when commands wait for a place`(isIdle: Bool) async throws
    {
        let server = try WireServer { request, _ in
            let body = (try? JSON(parsing: request.body)) ?? .null
            switch body["method"]?.string {
            case "initialize":
                return Self.answer(
                    #"{"protocolVersion":"2025-11-25","capabilities":{}}"#,
                    ["mcp-session-id: s-1"],
                    id: Int(body["id"]?.integer ?? 0)
                )
            case "server/discover": return WireServer.Reply("400 Bad Request", [], "")
            default: return WireServer.Reply("202 Accepted", [], "")
            }
        }
        let clock = ManualClock()
        let servers = ToolServers(commands: nil, environment: [:], clock: clock)
        var spec = ToolServer(name: "docs")
        spec.url = "http://127.0.0.1:\(server.port)/mcp"
        #expect(try await servers.offers(of: spec, in: Plan(id: "p", agents: [], tasks: [])).isEmpty)
        #expect(!server.requests.contains { $0.head.hasPrefix("DELETE") })
        if isIdle { await clock.advanceToNextSleeper() } else { servers.closeUnused() }
        while !server.requests.contains(where: { $0.head.hasPrefix("DELETE") }) { await Task.yield() }
    }
}
