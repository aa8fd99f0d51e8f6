import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

private let isThere = ["/usr/bin", "/usr/local/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/\(Browsers.program)")
}

/// A real browser, on pages of a server that does what it is told.
@Suite(.enabled(if: isThere, "there is no chromedriver here"), .timeLimit(.minutes(3)))
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
            self.browsers = Browsers(commands: commands, dataFolder: data, clock: SystemClock())
            self.box = ToolBox(projectFolder: self.folder.path, commands: commands, browsers: self.browsers)
            var rules = Plan.Web()
            rules.hosts = ["127.0.0.1:\(self.server.port)"]
            var agent = AgentProfile(id: "ada")
            agent.tools = ["browser_open", "browser_read", "browser_click", "browser_fill", "browser_screenshot"]
            self.work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent, web: rules)
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

    private static func reply(_ request: WireServer.Request, _ number: Int) -> WireServer.Reply {
        let path = request.head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let html = { (text: String) in WireServer.Reply("200 OK", ["content-type: text/html; charset=utf-8"], text) }
        if path.hasPrefix("/buy") { return html("<title>Thanks</title>You asked for \(path)") }
        if path == "/about" { return html("<title>About</title>We sell tea.") }
        if path == "/inner" { return html("<title>In</title><img src='http://127.0.0.1:9/x.png'><p>Hello") }
        if path == "/broken" { return WireServer.Reply("302 Found", ["location: http://127.0.0.1:9/"], "") }
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
        let led = try await rig.value("browser_open", ["url": .string("\(rig.base)/away")])
        #expect(led["text"]?.string?.contains("Baton goes no further") == true, "\(led)")
        #expect(try await rig.value("browser_open", ["url": .string("\(rig.base)/inner")])["text"] == "Hello")
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])
        _ = await rig.call("browser_click", ["page": page["page"] ?? "", "name": "Secrets"])
        #expect(try await rig.value("browser_read")["title"] == "Shop", "no file of this machine is shown")
        await rig.browsers.close()
    }

    @Test func `what cannot be done is said so that a model can mend it`() async throws {
        let rig = try Rig(Self.reply)
        #expect(await rig.words("browser_read").contains("no page is open"))
        let page = try await rig.value("browser_open", ["url": .string("\(rig.base)/")])["page"] ?? ""
        let cases: [(String, JSON, String)] = [
            ("browser_click", ["page": page, "name": "Sell"], "has no link, button or box Sell"),
            ("browser_click", ["page": page, "name": "Buy", "nth": 2], "has only 1"),
            ("browser_fill", ["page": page, "field": "Buy", "text": "x"], "has no field or choice Buy"),
            ("browser_fill", ["page": page, "field": "Size", "text": "Huge"], "has no such choice"),
            ("browser_fill", ["page": page, "field": "Name", "text": "a\n"], "lines or keys"),
            ("browser_fill", ["page": page, "field": "Note", "text": "\u{E007}"], "lines or keys"),
        ]
        for (tool, input, words) in cases { #expect(await rig.words(tool, input).contains(words), "\(words)") }
        await rig.browsers.close()
    }
}
