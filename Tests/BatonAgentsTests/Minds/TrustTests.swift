import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

/// Whom a question is not sent to, and what is too large for an answer.
@Suite(.timeLimit(.minutes(5))) struct TrustTests {
    private static let key = "sk-canary-0123456789"

    private static func ask(_ address: String) async throws -> Thought {
        let keys = KeyRing(environment: ["LLM_BASE_URL": address, "LLM_API_KEY": Self.key])
        let providers = Providers(keys: keys, clock: SystemClock())
        let mind = try #require(ModelName("llm/m").flatMap { providers.mind(of: $0) })
        var agent = AgentProfile(id: "ada")
        agent.model = "llm/m"
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent)
        return await mind.answer(Prompt(work, after: Transcript()), to: work, after: Transcript())
    }

    private static func failure(_ thought: Thought) -> Failure? {
        if case .failed(let failure, _) = thought { return failure }
        Issue.record("it did not fail: \(thought)")
        return nil
    }

    @Test(arguments: [301, 302, 307, 308])
    func `a redirect takes neither question nor key to another host`(status: Int) async throws {
        let other = try WireServer { _, _ in WireServer.Reply("200 OK", [], "{}") }
        let place = "http://localhost:\(other.port)/v1/chat/completions"
        let server = try WireServer { _, _ in WireServer.Reply("\(status) X", ["location: \(place)"], "") }
        defer {
            other.stop()
            server.stop()
        }
        let failure = try #require(Self.failure(try await Self.ask("http://127.0.0.1:\(server.port)/v1")))
        #expect(failure.code == "provider.redirect" && failure.kind == .permanent)
        #expect(server.requests.count == 1 && other.requests.isEmpty)
    }

    @Test func `a name that nobody has is said so, and may be there the next time`() async throws {
        // RFC 6761: never resolved.
        let failure = try #require(Self.failure(try await Self.ask("https://no-such-host.invalid/v1")))
        #expect(failure.code == "provider.unreachable" && failure.kind == .transient)
        #expect(!failure.message.contains(Self.key))
    }

    /// A server that shows a certificate which nobody trusts; it ends with 1 if it could read a question, with 7 if not.
    private static let script = """
        import ssl, socket, sys
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        sys.stdout.write("%d\\n" % listener.getsockname()[1])
        sys.stdout.flush()
        peer, _ = listener.accept()
        try:
            sys.exit(1 if context.wrap_socket(peer, server_side=True).recv(65536) else 7)
        except OSError:
            sys.exit(7)
        """

    private static let hasTools = ["/usr/bin/openssl", "/usr/bin/python3"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static func openssl(_ words: String, in folder: TemporaryFolder) throws {
        let make = Process()
        make.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        make.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        make.arguments = words.split(separator: " ").map(String.init)
        (make.standardError, make.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try make.run()
        make.waitUntilExit()
        try #require(make.terminationStatus == 0)
    }

    // One of nobody, and one that was over yesterday.
    @Test(.enabled(if: hasTools, "there is no openssl or python3"), arguments: [30, -1])
    func `a certificate that does not hold ends it before anything is sent`(days: Int) async throws {
        let folder = try TemporaryFolder()
        try Self.openssl(
            "req -new -newkey rsa:2048 -nodes -keyout key.pem -out wish.pem -subj /CN=127.0.0.1",
            in: folder
        )
        _ = try folder.write("subjectAltName=IP:127.0.0.1\n", to: "names")
        let sign = "x509 -req -in wish.pem -signkey key.pem -out cert.pem -extfile names -days \(days)"
        try Self.openssl(sign, in: folder)
        let server = Process()
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        server.arguments = ["-c", Self.script]
        server.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        server.standardOutput = output
        try server.run()
        let port = try #require(Int(Self.word(of: output)))
        let failure = try #require(Self.failure(try await Self.ask("https://127.0.0.1:\(port)/v1")))
        #expect(failure.code == "provider.tls" && failure.kind == .permanent, "\(failure)")
        server.waitUntilExit()
        #expect(server.terminationStatus == 7, "it has read nothing")
    }

    /// The next that a program prints, but for line ends; nothing if it ends.
    private static func word(of output: Pipe) -> String {
        while true {
            let bytes = output.fileHandleForReading.availableData
            let word = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if bytes.isEmpty || !word.isEmpty { return word }
        }
    }

    // MARK: F-31

    private static func packed(_ megabytes: Int) throws -> [UInt8] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "head -c \(megabytes << 20) /dev/zero | gzip -9"]
        process.standardOutput = output
        try process.run()
        let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }

    // A page may be packed: what it unpacks to is what counts.
    @Test func `a page that unpacks to a gigabyte is given up at four megabytes`() async throws {
        let bomb = try Self.packed(1024)
        #expect(bomb.count < 2 << 20)
        let head =
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: \(bomb.count)\r\n\r\n"
        let server = try WireServer { _, _ in WireServer.Reply([Array(head.utf8), bomb]) }
        defer { server.stop() }
        var rules = Plan.Web()
        rules.hosts = ["127.0.0.1:\(server.port)"]
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: AgentProfile(id: "ada"), web: rules)
        let web = Web(environment: [:], clock: SystemClock())
        await #expect(throws: Web.Fault.self) {
            try await web.fetch(["url": .string("http://127.0.0.1:\(server.port)/")], for: work)
        }
    }

    // Models are asked without packing: what comes packed all the same is no answer, and nothing unpacks it.
    @Test func `a packed answer of a model is no answer, and one without end is cut off at its limit`() async throws {
        let bomb = try Self.packed(64)
        let gzip =
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-encoding: gzip\r\ncontent-length: \(bomb.count)\r\n\r\n"
        let packed = try WireServer { _, _ in WireServer.Reply([Array(gzip.utf8), bomb]) }
        #expect(Self.failure(try await Self.ask("http://127.0.0.1:\(packed.port)/v1"))?.code == "provider.malformed")
        #expect(packed.requests[0].header("accept-encoding") == nil)
        let piece = [UInt8](repeating: 0x20, count: 1 << 20)
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n"
        for status in ["200 OK", "500 X"] {
            let head = head.replacingOccurrences(of: "200 OK", with: status)
            let server = try WireServer { _, _ in
                WireServer.Reply([Array(head.utf8)] + [[UInt8]](repeating: piece, count: 40))
            }
            let code = Self.failure(try await Self.ask("http://127.0.0.1:\(server.port)/v1"))?.code
            #expect(code == (status == "200 OK" ? "provider.too_long" : "provider.broken"))
        }
    }
}
