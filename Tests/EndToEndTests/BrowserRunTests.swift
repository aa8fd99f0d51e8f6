import BatonTestKit
import Foundation
import Testing

private let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromedriver")

/// Agents with a browser, played by the real program.
@Suite(.ownThreads, .enabled(if: isThere, "there is no chromedriver here"), .timeLimit(.minutes(30)))
struct BrowserRunTests {
    private let folder: TemporaryFolder
    private let baton: Binary
    private let server: WireServer

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        self.server = try WireServer { request, _ in
            let text = request.head.hasPrefix("GET /sold") ? "It is sold." : "<a href=/sold>Buy</a>"
            return WireServer.Reply("200 OK", ["content-type: text/html"], text)
        }
    }

    private var base: String { "http://127.0.0.1:\(self.server.port)/" }

    private func plan(_ more: String = "") throws {
        _ = try self.folder.write(
            """
            project_id: talk
            web: {hosts: ["127.0.0.1:\(self.server.port)"]}
            agents:
              - {agent_id: ada, model: scripted/answers.jsonl, tools: [browser_open, browser_click, browser_read]\(more)}
            tasks:
              - {task_id: tea, description: Buy it.}
            """,
            to: "plan.yml"
        )
    }

    private func answers(_ after: String) throws {
        _ = try self.folder.write(
            """
            {"calls": [{"tool": "browser_open", "input": {"url": "\(self.base)"}}]}
            {"expect": "link: Buy", "calls": [{"tool": "browser_click", "input": {"page": "\(self.base)", "name": "Buy"}}]}
            \(after)
            """,
            to: "answers.jsonl"
        )
    }

    @Test func `an agent buys by a click, and its browser goes with the engine`() throws {
        try self.plan(", approved_tools: [browser_click]")
        try self.answers(
            """
            {"expect": "/sold", "calls": [{"tool": "browser_read"}]}
            {"expect": "It is sold.", "text": "Done."}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder(".baton/browsers")).isEmpty)
        #expect(try self.baton("doctor", "plan.yml").output.contains("browser is driven by"))
    }

    @Test func `a click waits for a yes that shows the page, which is opened anew where the browser went meanwhile`()
        throws
    {
        try self.plan()
        try self.answers(#"{"expect": "/sold", "text": "Done."}"#)
        #expect(try self.baton("run", "plan.yml", "--id", "r").code != 0)
        let asked = try self.baton("inbox", "--json").output
        #expect(asked.contains("browser_click") && asked.contains("127.0.0.1:\(self.server.port)"))
        #expect(try self.baton("answer", "r", "q1", "approve").code == 0, "\(asked)")
        #expect(!self.server.requests.contains { $0.head.hasPrefix("GET /sold") })
        #expect(try self.baton("resume", "r").code == 0)
        #expect(self.server.requests.count { $0.head.hasPrefix("GET /sold") } == 1)
    }
}
