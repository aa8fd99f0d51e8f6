import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

/// What a question costs whose answer was lost, and what comes after one that is whole.
@Suite(.timeLimit(.minutes(5))) struct LostAnswerTests {
    private static func ask(_ port: UInt16) async throws -> Thought {
        let keys = KeyRing(environment: ["LLM_BASE_URL": "http://127.0.0.1:\(port)/v1"])
        let mind = try #require(ModelName("llm/m").flatMap { Providers(keys: keys, clock: SystemClock()).mind(of: $0) })
        var agent = AgentProfile(id: "ada")
        agent.model = "llm/m"
        let work = Work(run: "r", task: TaskSpec(id: "a", description: "Say."), agent: agent)
        return await mind.answer(Prompt(work, after: Transcript()), to: work, after: Transcript())
    }

    private static func body(read: Int64) -> String {
        let message: JSON = ["content": "yes"]
        let usage: JSON = ["prompt_tokens": .integer(read), "completion_tokens": 1]
        return "\(["model": "m", "choices": [["message": message, "finish_reason": "stop"]], "usage": usage] as JSON)"
    }

    @Test func `a question that was heard before the line was torn may have been answered, and counts`() async throws {
        let server = try WireServer { _, _ in WireServer.Reply([], ending: .reset) }
        defer { server.stop() }
        guard case .failed(let failure, let usage) = try await Self.ask(server.port) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == .transient && failure.code == "provider.cut_off")
        #expect(usage.tokens > 0 && usage.tokenKinds?.isEstimated == true)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [(504, true), (524, true), (503, false), (500, false)])
    func `who stands behind a gateway that waited in vain may have answered`(status: Int, counts: Bool) async throws {
        let server = try WireServer { _, _ in WireServer.Reply("\(status) X", [], "{}") }
        defer { server.stop() }
        guard case .failed(_, let usage) = try await Self.ask(server.port) else {
            Issue.record("it did not fail")
            return
        }
        #expect((usage.tokens > 0) == counts)
    }

    @Test func `where nobody listens nothing was heard`() async throws {
        let server = try WireServer { _, _ in WireServer.Reply([]) }
        server.stop()
        let port = server.port
        guard case .failed(let failure, let usage) = try await Self.ask(port) else {
            Issue.record("it did not fail")
            return
        }
        #expect(["provider.unreachable", "provider.cut_off"].contains(failure.code))
        if failure.code == "provider.unreachable" { #expect(usage == .none) }
    }

    @Test func `a count that is next to nothing is no count`() async throws {
        for (read, isEstimated) in [(1, true), (400, false)] as [(Int64, Bool)] {
            let server = try WireServer { _, _ in
                WireServer.Reply("200 OK", ["content-type: application/json"], Self.body(read: read))
            }
            defer { server.stop() }
            guard case .replied(_, let usage) = try await Self.ask(server.port) else {
                Issue.record("it was not answered")
                continue
            }
            #expect((usage.tokenKinds?.isEstimated ?? false) == isEstimated, "\(read): \(usage)")
        }
    }

    @Test func `who answered is told where it is another model than was asked for`() async throws {
        let server = try WireServer { _, _ in
            let answer = Self.body(read: 400).replacing("\"m\"", with: "\"m-2026-01\"")
            return WireServer.Reply("200 OK", ["content-type: application/json"], answer)
        }
        defer { server.stop() }
        guard case .replied(let reply, _) = try await Self.ask(server.port) else {
            Issue.record("it was not answered")
            return
        }
        #expect(reply.model == "llm/m" && reply.answerer == "m-2026-01")
    }

    @Test func `what comes behind a whole answer without end is not read for ever`() async throws {
        let piece: JSON = ["choices": [["delta": ["content": "yes"], "finish_reason": "stop"]]]
        let stream = "data: \(piece)\n\ndata: [DONE]\n\n"
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
        let flood = Array(repeating: UInt8(ascii: ":"), count: 1 << 16)
        let isOver = DispatchSemaphore(value: 0)
        let server = try WireServer { _, _ in WireServer.Reply([Array((head + stream).utf8)], ending: .flood(flood)) }
        defer { server.stop() }
        server.whenAnswered { isOver.signal() }
        guard case .replied(let reply, _) = try await Self.ask(server.port) else {
            Issue.record("it was not answered")
            return
        }
        #expect(reply.text == "yes")
        // The server is told that nobody listens any more.
        await withCheckedContinuation { waiter in
            Thread.detachNewThread {
                isOver.wait()
                waiter.resume()
            }
        }
    }
}
