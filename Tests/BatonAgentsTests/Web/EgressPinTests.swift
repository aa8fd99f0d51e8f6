// comes back from the tool as tool.blocked_address.
import BatonCore
import BatonEngine
import BatonTestKit
import Synchronization
import Testing

@testable import BatonAgents

/// The address that was looked at is the one that is connected to.
@Suite(.timeLimit(.minutes(2))) struct EgressPinTests {
    // The name exists nowhere but in our resolver: that the page comes proves that nobody looked it up again.
    @Test func `a name is looked up once, and what was found is connected to`() async throws {
        let server = try WireServer { _, _ in WireServer.Reply("200 OK", ["content-type: text/plain"], "tea") }
        defer { server.stop() }
        let asked = Mutex<[String]>([])
        let web = Web(environment: [:], clock: ManualClock()) { host in
            let count = asked.withLock { asked in
                asked.append(host)
                return asked.count
            }
            // The second answer would be another machine.
            let last: UInt8 = count == 1 ? 1 : 9
            return [EgressGuard.Address(bytes: [127, 0, 0, last], text: "127.0.0.\(last)")]
        }
        var rules = Plan.Web()
        rules.hosts = ["rebind.invalid:\(server.port)"]
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: AgentProfile(id: "ada"), web: rules)
        let page = try await web.fetch(["url": .string("http://rebind.invalid:\(server.port)/")], for: work)
        #expect(page["text"] == "tea")
        #expect(asked.withLock { $0 } == ["rebind.invalid"])
        #expect(server.requests.first?.header("host") == "rebind.invalid:\(server.port)")
    }

    @Test(arguments: [
        "http://169.254.169.254/latest/", "http://[::ffff:a9fe:a9fe]/", "http://2852039166/",
        "http://0251.0376.0251.0376/",
        "http://localhost./", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "http://127.0.0.1:6379/",
        "http://example.com:6379/",
    ])
    func `the tool says blocked_address, and nothing goes out`(url: String) async {
        var agent = AgentProfile(id: "ada")
        agent.tools = ["fetch_url"]
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent)
        let call = Transcript.Call(id: "c", tool: "fetch_url", input: ["url": .string(url)])
        guard case .failed(let failure, _) = await ToolBox(projectFolder: "/", commands: nil).call(call, of: work)
        else {
            Issue.record("it was fetched")
            return
        }
        #expect(failure.code == "tool.blocked_address")
    }
}
