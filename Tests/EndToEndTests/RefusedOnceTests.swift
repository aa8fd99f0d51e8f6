import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

/// What a provider refuses, and what it was asked when an engine died, over a whole run.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct RefusedOnceTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func baton(_ server: WireServer) -> Binary {
        Binary(
            folder: self.folder.path,
            environment: [
                "ANTHROPIC_BASE_URL": "http://127.0.0.1:\(server.port)", "ANTHROPIC_API_KEY": "sk-0123456789",
                "LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "LLM_API_KEY": "sk-0123456789",
            ]
        )
    }

    private func plan(_ model: String, _ more: String = "") throws {
        _ = try self.folder.write(
            """
            project_id: p
            \(more)
            agents: [{agent_id: ada, model: \(model), max_tokens: 100, tools: [write_file]}]
            tasks: [{task_id: a, description: Write., retry: {max_attempts: 3}}]
            """,
            to: "plan.yml"
        )
    }

    private static func answer(_ message: JSON, _ reason: String) -> WireServer.Reply {
        let usage: JSON = ["prompt_tokens": 50, "completion_tokens": 2]
        let body: JSON = [
            "model": "m", "choices": [["message": message, "finish_reason": .string(reason)]], "usage": usage,
        ]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    // Attempts, failures in a row and resumes are counted together.
    @Test(arguments: [
        (401, "provider.key"), (402, "provider.unpaid"), (403, "provider.key"), (413, "provider.rejected"),
    ])
    func `what a provider will never do is asked once in a run with three attempts`(status: Int, code: String) throws {
        let server = try WireServer { _, _ in WireServer.Reply("\(status) X", ["retry-after: 0"], "{}") }
        defer { server.stop() }
        try self.plan("llm/m")
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 1)
        #expect((run.output + run.errors).contains("[\(code)]"))
        #expect(server.requests.count == 1)
    }

    // Case 104 to its end: five megabytes do no harm, the model is told, and the run completes.
    @Test func `a call with five megabytes of arguments is refused, and the model goes on`() throws {
        let long = String(repeating: "z", count: 5_000_000)
        let server = try WireServer { _, number in
            guard number == 1 else { return Self.answer(["content": "shorter then"], "stop") }
            let call: JSON = [
                "id": "c",
                "function": ["name": "write_file", "arguments": .string("{\"path\":\"a\",\"text\":\"\(long)\"}")],
            ]
            return Self.answer(["content": nil, "tool_calls": [call]], "tool_calls")
        }
        defer { server.stop() }
        try self.plan("llm/m")
        #expect(try self.baton(server)("run", "plan.yml", "--id", "r").code == 0)
        #expect(!FileManager.default.fileExists(atPath: self.folder("a")))
        #expect(server.requests.count == 2)
        #expect(server.requests[1].body.count < 1 << 20, "what was refused for its length is not sent back whole")
    }

    // I-28 K: kill -9 while a question is out under a budget: after resume what it may have cost is spent, not forgotten.
    @Test func `after kill -9 what was set aside counts as spent`() throws {
        let pid = Mutex<pid_t>(0)
        let begun = DispatchSemaphore(value: 0)
        let body: JSON = [
            "type": "message", "model": "m", "content": [["type": "text", "text": "Tea"]], "stop_reason": "end_turn",
            "usage": ["input_tokens": 5, "output_tokens": 2],
        ]
        let server = try WireServer { _, number in
            guard number == 1 else { return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)") }
            begun.wait()
            _ = pid.withLock { kill($0, SIGKILL) }
            return WireServer.Reply([], ending: .hang)
        }
        defer { server.stop() }
        try self.plan("claude-sonnet-4-5", "budget: {usd: 1}")
        let running = try self.baton(server).start(["run", "plan.yml", "--id", "r"])
        pid.withLock { $0 = running.pid }
        begun.signal()
        while running.nextLine() != nil {}
        #expect(running.wait() == 128 + SIGKILL)
        #expect(try self.baton(server)("resume", "r").code == 0)
        let cost = try JSON(parsing: Array(try self.baton(server)("cost", "r", "--json").output.utf8))
        // Two questions; the lost one at what was set aside: 100 tokens written at 15 USD and what it may have read.
        #expect(cost["calls"] == 2, "\(cost)")
        guard case .number(let spent)? = cost["money_usd"] else {
            Issue.record("\(cost)")
            return
        }
        #expect(spent > 0.0015, "the lost question is in the books: \(spent)")
    }
}
