import BatonAgents
import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import OrderedCollections
import Testing

/// Swift functions as agents.
@Suite(.timeLimit(.minutes(30)))
struct FunctionPerformerTests {
    private struct Outer: Error {
        let operation = "fetch"
        let underlyingError: any Error
    }

    private struct Inner: Error { let cause: (any Error)? }

    private enum Deep: Error { case refused }

    private static func result(_ body: @escaping @Sendable (Work) async throws -> JSON) async throws -> WorkResult {
        try await CommandRig.lend { rig in await FunctionPerformer(body).perform(rig.work([])) }
    }

    @Test func `a value is the output`() async throws {
        #expect(try await Self.result { ["task": .string($0.task.id.text)] }.value == ["task": "draft"])
    }

    @Test func `a thrown failure passes untouched`() async throws {
        let failure = Failure(.permanent, "mine", "no", remedy: "ask", retryAfter: .seconds(3))
        #expect(try await Self.result { _ in throw failure }.failure == failure)
    }

    @Test func `a thrown error keeps the chain of its causes, the nearest first`() async throws {
        let failure = try await Self.result { _ in throw Outer(underlyingError: Inner(cause: Deep.refused)) }.failure
        #expect(failure?.code == "function.threw")
        #expect(failure?.kind == .transient)
        #expect(failure?.message.contains("agent writer") == true)
        #expect(failure?.causes.count == 3)
        #expect(failure?.causes[0].hasPrefix("Outer: ") == true)
        #expect(failure?.causes[1].hasPrefix("Inner: ") == true, "\(failure?.causes ?? [])")
        #expect(failure?.causes[2] == "Deep: refused")
    }

    @Test func `an error with control characters is shown inert`() async throws {
        struct Rude: Error, CustomStringConvertible { let description = "a\u{1B}[2Jb\nc" }
        let failure = try await Self.result { _ in throw Rude() }.failure
        #expect(failure?.causes == ["Rude: a\\u{1b}[2Jb c"])
        #expect(failure?.message.contains("\u{1B}") == false)
    }

    @Test func `a chain without end is cut`() async throws {
        var error: any Error = Deep.refused
        for _ in 0..<100 { error = Inner(cause: error) }
        let long = error
        #expect(try await Self.result { _ in throw long }.failure?.causes.count == 20)
    }

    @Test func `a cancelled function has stopped`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Self.result { _ in
                gate.continuation.yield()
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        for await _ in gate.stream { break }
        task.cancel()
        #expect(try await task.value.isStopped)
    }

    @Test func `a function that answers cancellation with an error of its own has stopped too`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let task = Task {
            try await Self.result { _ in
                gate.continuation.yield()
                await Gate.untilCancelled()
                throw Deep.refused
            }
        }
        for await _ in gate.stream { break }
        task.cancel()
        #expect(try await task.value.isStopped)
    }
}
