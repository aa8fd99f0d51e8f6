import BatonCore
import BatonEngine
import Synchronization
import Testing

@testable import BatonAgents

/// Servers of both eras, told apart and spoken to each in its own way.
@Suite struct MCPSessionTests {
    /// Answers by a table, and notes what it is asked.
    private final class Fake: MCPLine {
        typealias Reply = @Sendable (MCPRequest) throws -> JSON

        let log = Mutex<[String]>([])
        let requests = Mutex<[MCPRequest]>([])
        private let reply: Reply

        init(_ reply: @escaping Reply) { self.reply = reply }

        var isBroken: Bool { false }

        func exchange(_ request: MCPRequest, in era: MCPEra, within: Double) async throws(MCPFault) -> MCPMessage {
            self.log.withLock { $0.append("\(request.method) \(era.version)") }
            self.requests.withLock { $0.append(request) }
            do {
                return .result(id: request.id, try self.reply(request))
            } catch let error as MCPError {
                return .error(id: request.id, error)
            } catch let fault as MCPFault {
                throw fault
            } catch {
                throw .nonsense("\(error)")
            }
        }

        func notify(_ method: String, in era: MCPEra) async throws(MCPFault) {
            self.log.withLock { $0.append("\(method) \(era.version)") }
        }

        func close() async {}
    }

    private static let unknown = MCPError(["code": -32601, "message": "no such method"])

    /// One of before 2026-07-28.
    private static func legacy(_ version: String = "2025-11-25", _ more: @escaping Fake.Reply) -> Fake {
        Fake { request in
            switch request.method {
            case "server/discover": throw Self.unknown
            case "initialize":
                ["protocolVersion": .string(version), "capabilities": ["tools": [:], "resources": [:]]]
            default: try more(request)
            }
        }
    }

    private static func modern(_ versions: JSON = ["2026-07-28"], _ more: @escaping Fake.Reply) -> Fake {
        Fake { request in
            guard request.method == "server/discover" else { return try more(request) }
            return [
                "resultType": "complete", "supportedVersions": versions,
                "capabilities": ["tools": [:], "prompts": [:]],
            ]
        }
    }

    @Test func `a server without a handshake is spoken to at once`() async throws {
        let fake = Self.modern { _ in ["tools": [["name": "look", "inputSchema": ["type": "object"]]]] }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        #expect(try await session.tools().count == 1)
        #expect(fake.log.withLock { $0 } == ["server/discover 2026-07-28", "tools/list 2026-07-28"])
        #expect(session.has("prompts") && !session.has("resources"))
    }

    @Test(
        arguments: [
            MCPFault.late(seconds: 10), .nonsense("what?"), .status(400, "no session"), .refused(Self.unknown),
        ]
    )
    func `whoever does not understand the first question is shaken hands with`(fault: MCPFault) async throws {
        let fake = Fake { request in
            if request.method == "server/discover" { throw fault }
            return ["protocolVersion": "2025-06-18", "capabilities": [:]]
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        #expect(
            fake.log.withLock { $0 } == [
                "server/discover 2026-07-28", "initialize 2025-11-25", "notifications/initialized 2025-06-18",
            ]
        )
    }

    @Test func `whoever has ended is not asked again`() async {
        let fake = Fake { _ in throw MCPFault.ended("it ended with exit code 1") }
        await #expect(throws: MCPFault.ended("it ended with exit code 1")) {
            try await MCPSession(fake, within: 5).open()
        }
        #expect(fake.log.withLock { $0.count } == 1)
    }

    @Test func `of the versions that a server names the one with a handshake is taken`() async throws {
        let fake = Fake { request in
            guard request.method == "server/discover" else {
                return ["protocolVersion": "2025-11-25", "capabilities": [:]]
            }
            throw MCPError(["code": -32022, "message": "no", "data": ["supported": ["2025-11-25"]]])
        }
        try await MCPSession(fake, within: 5).open()
        #expect(fake.log.withLock { $0.contains("initialize 2025-11-25") })
    }

    @Test func `a server of another time is named with its versions`() async {
        let fake = Fake { _ in throw MCPError(["code": -32022, "message": "no", "data": ["supported": ["2031-01-01"]]])
        }
        await #expect(throws: MCPFault.foreign(versions: ["2031-01-01"])) {
            try await MCPSession(fake, within: 5).open()
        }
        let old = Self.legacy("2023-01-01") { _ in [:] }
        await #expect(throws: MCPFault.foreign(versions: ["2023-01-01"])) {
            try await MCPSession(old, within: 5).open()
        }
    }

    @Test func `lists are read to their last page, and no further than that`() async throws {
        let fake = Self.modern { request in
            let page = request.params.first { $0.0 == "cursor" }?.1.string.flatMap { Int($0) } ?? 0
            let tool: JSON = ["name": .string("t\(page)")]
            return page < 2 ? ["tools": [tool], "nextCursor": .string("\(page + 1)")] : ["tools": [tool]]
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        #expect(try await session.tools().compactMap { $0["name"]?.string } == ["t0", "t1", "t2"])
        let endless = Self.modern { request in
            let page = request.params.first { $0.0 == "cursor" }?.1.string.flatMap { Int($0) } ?? 0
            return ["tools": [], "nextCursor": .string("\(page + 1)")]
        }
        let other = MCPSession(endless, within: 5)
        try await other.open()
        await #expect(throws: MCPFault.nonsense("its list of tools does not end")) { try await other.tools() }
    }

    @Test func `a server that wants to know more says so to the model`() async throws {
        let fake = Self.modern { _ in
            ["resultType": "input_required", "inputRequests": ["a": ["params": ["message": "Which account?"]]]]
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        await #expect {
            try await session.ask("tools/call", [("name", "x")])
        } throws: { error in
            (error as? MCPFault)?.words.contains("Which account?") == true
        }
    }

    @Test func `arguments are repeated in headers where a schema wants it`() async throws {
        let schema: JSON = [
            "type": "object",
            "properties": [
                "region": ["type": "string", "x-mcp-header": "Region"],
                "count": ["type": "integer", "x-mcp-header": "Count"],
                "deep": ["type": "object", "properties": ["on": ["type": "boolean", "x-mcp-header": "On"]]],
            ],
        ]
        let fake = Self.modern { _ in ["tools": [["name": "sql", "inputSchema": schema]], "content": []] }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        _ = try await session.tools()
        let arguments: JSON = ["region": "Köln", "count": 3, "deep": ["on": true]]
        _ = try await session.ask("tools/call", [("name", "sql"), ("arguments", arguments)])
        let headers = fake.requests.withLock { $0.last?.headers.map { "\($0.0): \($0.1)" } ?? [] }
        #expect(headers == ["Mcp-Param-Region: =?base64?S8O2bG4=?=", "Mcp-Param-Count: 3", "Mcp-Param-On: true"])
    }

    @Test(
        arguments: [
            ["properties": ["a": ["type": "number", "x-mcp-header": "A"]]],
            ["properties": ["a": ["type": "string", "x-mcp-header": "A b"]]],
            ["properties": ["a": ["type": "string", "x-mcp-header": ""]]],
            ["properties": ["a": ["type": "array", "items": ["type": "string", "x-mcp-header": "A"]]]],
            [
                "properties": [
                    "a": ["type": "string", "x-mcp-header": "A"], "b": ["type": "string", "x-mcp-header": "a"],
                ]
            ],
        ] as [JSON]
    )
    func `a tool whose headers break the rules is none`(schema: JSON) { #expect(MCPHeader.all(in: schema) == nil) }

    @Test(arguments: [" padded ", "two\nlines", "=?base64?literal?=", "日本"])
    func `what no header can hold is put into letters`(text: String) {
        let safe = MCPHeader.safe(text)
        #expect(safe.hasPrefix("=?base64?") && safe.hasSuffix("?=") && safe != text)
    }

    @Test func `results become values, texts and failures`() async throws {
        let fake = Self.legacy { request in
            if request.method == "tools/list" { return ["tools": []] }
            return switch request.subject {
            case "value": ["structuredContent": ["n": 1], "content": [["type": "text", "text": "{}"]]]
            case "texts":
                [
                    "content": [
                        ["type": "text", "text": "a"], ["type": "image", "mimeType": "image/png", "data": "AA=="],
                    ]
                ]
            case "bad": ["isError": true, "content": [["type": "text", "text": "no such city"]]]
            default: throw MCPError(["code": -32602, "message": "unknown tool"])
            }
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        #expect(try await MCPOffers.call("value", [:], of: session) == ["n": 1])
        #expect(try await MCPOffers.call("texts", [:], of: session) == "a\n[image of type image/png]")
        for (tool, words) in [("bad", "no such city"), ("else", "unknown tool")] {
            await #expect {
                try await MCPOffers.call(tool, [:], of: session)
            } throws: { error in
                (error as? MCPFault)?.words.contains(words) == true
            }
        }
    }

    @Test func `resources and prompts are tools too, where a server has none of that name`() async throws {
        let fake = Self.legacy { request in
            switch request.method {
            case "tools/list": ["tools": [["name": "list_resources", "description": "its own"]]]
            case "resources/read": ["contents": [["uri": "a:b", "text": "words"]]]
            default: throw Self.unknown
            }
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        let offers = try await MCPOffers.all(of: session, ToolServer(name: "docs"))
        #expect(offers.map(\.name) == ["docs__list_resources", "docs__read_resource"])
        #expect(offers.map(\.isRepeatable) == [false, true])
        #expect(try await MCPOffers.call("read_resource", ["uri": "a:b"], of: session) == "words")
    }

    @Test(
        arguments: [
            "", "{", "[]", "{}", "7", #"{"jsonrpc":"1.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":1,"result":7}"#,
            #"{"jsonrpc":"2.0","id":"x","result":{}}"#,
        ]
    )
    func `what is no message is refused`(text: String) {
        #expect(throws: MCPFault.self) { try MCPMessage(Array(text.utf8)) }
    }

    @Test func `over a new connection the headers of a tool are learnt before its first call`() async throws {
        let schema: JSON = ["type": "object", "properties": ["region": ["type": "string", "x-mcp-header": "Region"]]]
        let fake = Self.modern { request in
            request.method == "tools/list" ? ["tools": [["name": "sql", "inputSchema": schema]]] : ["content": []]
        }
        let session = MCPSession(fake, within: 5)
        try await session.open()
        _ = try await MCPOffers.call("sql", ["region": "us"], of: session)
        #expect(fake.requests.withLock { $0.last?.headers.map(\.1) ?? [] } == ["us"])
    }
}

extension MCPError: Error {}
