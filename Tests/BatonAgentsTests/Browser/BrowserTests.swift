import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

private let isThere = ["/usr/bin", "/usr/local/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/\(Browsers.program)")
}

/// Counts what comes by UDP.
private final class UDPListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        self.descriptor = socket(
            AF_INET,
            Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(self.descriptor) }

    var count: Int {
        var (count, byte) = (0, UInt8(0))
        while recv(self.descriptor, &byte, 1, 0) >= 0 { count += 1 }
        return count
    }
}

/// A real browser, on pages of a server that does what it is told.
@Suite(.serialized, .enabled(if: isThere, "there is no chromedriver here"), .timeLimit(.minutes(5)))
struct BrowserTests {
    private struct Rig {
        let server: WireServer
        let folder: TemporaryFolder
        let browsers: Browsers
        let box: ToolBox
        let work: Work

        init(_ reply: @escaping @Sendable (WireServer.Request, Int) -> WireServer.Reply) throws {
            self.server = try WireServer(reply)
            self.folder = try TemporaryFolder()
            let data = self.folder.path + "/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let commands = CommandPerformer(
                projectFolder: self.folder.path,
                dataFolder: data,
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"]
            )
            // A machine that plays all tests at once is slow to start programs.
            self.browsers = Browsers(commands: commands, dataFolder: data, clock: SystemClock(), patience: 180)
            self.box = ToolBox(projectFolder: self.folder.path, commands: commands, browsers: self.browsers)
            var rules = Plan.Web()
            rules.hosts = ["127.0.0.1:\(self.server.port)"]
            var agent = AgentProfile(id: "ada")
            agent.tools = ["browser_open", "browser_read", "browser_click", "browser_fill", "browser_screenshot"]
            self.work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent, web: rules)
        }

        /// What the browser has put on the disk.
        var kept: [String] {
            get throws {
                let marks = self.folder.path + "/data/browsers"
                return try FileManager.default.contentsOfDirectory(atPath: marks).flatMap { name in
                    let folder = try String(contentsOfFile: "\(marks)/\(name)", encoding: .utf8)
                    return FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
                }
            }
        }

        var base: String { "http://127.0.0.1:\(self.server.port)" }

        func call(_ tool: String, _ input: JSON) async -> WorkResult {
            await self.box.call(Transcript.Call(id: "c", tool: tool, input: input), of: self.work)
        }

        func value(_ tool: String, _ input: JSON = [:]) async throws -> JSON {
            switch await self.call(tool, input) {
            case .done(let value, _): return value
            case let other: throw Failure(.permanent, "test", "\(other)", remedy: "")
            }
        }

        func words(_ tool: String, _ input: JSON = [:]) async -> String {
            if case .failed(let failure, _) = await self.call(tool, input) {
                return "\(failure.code): \(failure.message)"
            }
            return "it was done"
        }
    }

    private static let form = """
        <title>Shop</title><h1>Tea</h1><a href="/about">About us</a>
        <form action="/buy"><label for=n>Name</label><input id=n name=name>
        <label><input type=checkbox name=gift> As a gift</label>
        <label>Size <select name=size><option>Small<option>Large</select></label>
        <textarea name=note placeholder=Note></textarea><input type=file name=f>
        <button>Buy</button></form><a href="file:///etc/passwd">Secrets</a>
        """

    // A field that becomes one for files as soon as somebody is in it.
    private static let sly = """
        <title>Sly</title><label>Path <input id=p onfocus="this.type='file'"></label>
        <script>p.addEventListener('change', e => fetch('/stolen?' + (p.files ? p.files.length : 0), {method: 'POST'}))</script>
        """

    private static func reply(_ request: WireServer.Request, _ number: Int) -> WireServer.Reply {
        let path = request.head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let html = { (text: String) in WireServer.Reply("200 OK", ["content-type: text/html; charset=utf-8"], text) }
        if path.hasPrefix("/buy") { return html("<title>Thanks</title>You asked for \(path)") }
        if path == "/about" { return html("<title>About</title>We sell tea.") }
        if path == "/inner" { return html("<title>In</title><img src='http://127.0.0.1:9/x.png'><p>Hello") }
        if path == "/broken" { return WireServer.Reply("302 Found", ["location: http://127.0.0.1:9/"], "") }
        if path == "/sly" { return html(Self.sly) }
        if path == "/away" { return WireServer.Reply("302 Found", ["location: http://127.0.0.1:8099/"], "") }
        return html(Self.form)
    }

    @Test func `a form is filled and sent, and what comes of it is read`() async throws {
        let rig = try Rig(Self.reply)
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])
        #expect(page["title"] == "Shop")
        #expect(page["text"]?.string?.contains("Tea") == true)
        #expect(
            page["controls"] == [
                "link: About us", "field: Name", "box: As a gift = off", "choice: Size = Small of Small | Large",
                "field: Note", "button: Buy", "link: Secrets",
            ]
        )
        let at = page["page"] ?? ""
        _ = try await rig.value("browser_fill", ["page": at, "field": "name", "text": "Ada & Bob"])
        _ = try await rig.value("browser_fill", ["page": at, "field": "Size", "text": "large"])
        _ = try await rig.value("browser_fill", ["page": at, "field": "Note", "text": "two\nlines"])
        _ = try await rig.value("browser_click", ["page": at, "name": "As a gift"])
        let moved = try await rig.value("browser_click", ["page": at, "name": "Buy"])
        #expect(moved["page"]?.string?.contains("/buy?name=Ada+%26+Bob&gift=on&size=Large&note=two%0D%0Alines") == true)
        #expect(try await rig.value("browser_read")["title"] == "Thanks")
        let words = await rig.words("browser_click", ["page": at, "name": "Buy"])
        #expect(words.contains("the browser is not at"))
        _ = try await rig.value("browser_screenshot", ["path": "pictures/shop.png"])
        let picture = try Data(contentsOf: URL(fileURLWithPath: rig.folder("pictures/shop.png")))
        #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 1000)
        await rig.browsers.close()
        let left = try FileManager.default.contentsOfDirectory(atPath: rig.folder("data/browsers"))
        #expect(left.isEmpty, "its folder is gone")
    }

    @Test func `nothing that a page names leads where agents may not go`() async throws {
        let rig = try Rig(Self.reply)
        #expect(await rig.words("browser_open", ["url": "http://127.0.0.1:9/"]).contains("tool.blocked_address"))
        #expect(await rig.words("browser_open", ["url": "file:///etc/passwd"]).contains("neither http nor https"))
        #expect(await rig.words("browser_open", ["url": .string("\(rig.base)/broken")]).contains("cannot be shown"))
        let led = await rig.words("browser_open", ["url": .string("\(rig.base)/away")])
        #expect(led.contains("tool.blocked_address") && led.contains("lets nobody reach 127.0.0.1"), "\(led)")
        #expect(try await rig.value("browser_open", ["url": .string("\(rig.base)/inner")])["text"] == "Hello")
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])
        _ = await rig.call("browser_click", ["page": page["page"] ?? "", "name": "Secrets"])
        #expect(try await rig.value("browser_read")["title"] == "Shop", "no file of this machine is shown")
        await rig.browsers.close()
    }

    @Test func `no file of this machine goes into a field, whatever it turns into`() async throws {
        let rig = try Rig(Self.reply)
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/sly")])["page"] ?? ""
        let words = await rig.words("browser_fill", ["page": page, "field": "Path", "text": "/etc/hostname"])
        #expect(words.contains("tool.failed"), "\(words)")
        #expect(!rig.server.requests.contains { $0.head.contains("stolen?1") })
        await rig.browsers.close()
    }

    @Test func `nothing goes past the proxy by sockets of its own`() async throws {
        let heard = try UDPListener()
        let script =
            "<title>Calls</title><script>const c = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:\(heard.port)'}]});"
            + "c.createDataChannel('x'); c.onicegatheringstatechange = () => { if (c.iceGatheringState === 'complete') document.title = 'done' };"
            + "c.createOffer().then(o => c.setLocalDescription(o));</script>"
        let rig = try Rig { _, _ in WireServer.Reply("200 OK", ["content-type: text/html"], script) }
        _ = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])
        // Until it has looked for all its ways.
        for _ in 0..<200 where try await rig.value("browser_read")["title"] != "done" {}
        #expect(heard.count == 0)
        await rig.browsers.close()
    }

    @Test func `a question of a page is answered with no, and what it sends as a file is not kept`() async throws {
        let rig = try Rig { request, _ in
            guard !request.head.hasPrefix("GET /file") else {
                let headers = [
                    "content-type: application/octet-stream", "content-disposition: attachment; filename=kept.bin",
                ]
                return WireServer.Reply("200 OK", headers, "bytes")
            }
            let page =
                "<title>Asks</title><button onclick=\"document.title = confirm('Sure?') ? 'yes' : 'no'\">Ask</button>"
            return WireServer.Reply("200 OK", ["content-type: text/html"], page + "<a href=/file>File</a>")
        }
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])["page"] ?? ""
        _ = try await rig.value("browser_click", ["page": page, "name": "Ask"])
        #expect(try await rig.value("browser_read")["title"] == "no")
        _ = try await rig.value("browser_click", ["page": page, "name": "File"])
        while !rig.server.requests.contains(where: { $0.head.hasPrefix("GET /file") }) {
            _ = try await rig.value("browser_read")
        }
        for _ in 0..<20 { _ = try await rig.value("browser_read") }
        let files = try rig.kept
        #expect(!files.isEmpty && !files.contains { $0.contains("kept") || $0.hasSuffix(".crdownload") })
        await rig.browsers.close()
    }

    @Test func `what cannot be done is said so that a model can mend it`() async throws {
        let rig = try Rig(Self.reply)
        let words = await rig.words("browser_read")
        #expect(words.contains("no page is open"), "\(words)")
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])["page"] ?? ""
        let cases: [(String, JSON, String)] = [
            ("browser_click", ["page": page, "name": "Sell"], "has no link, button or box Sell"),
            ("browser_click", ["page": page, "name": "Buy", "nth": 2], "has only 1"),
            ("browser_fill", ["page": page, "field": "Buy", "text": "x"], "has no field or choice Buy"),
            ("browser_fill", ["page": page, "field": "Size", "text": "Huge"], "has no such choice"),
            ("browser_fill", ["page": page, "field": "Name", "text": "a\n"], "lines or keys"),
            ("browser_fill", ["page": page, "field": "Note", "text": "\u{E007}"], "lines or keys"),
        ]
        for (tool, input, expected) in cases {
            let words = await rig.words(tool, input)
            #expect(words.contains(expected), "\(words)")
        }
        await rig.browsers.close()
    }
}
