import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Glibc
import Testing

@testable import BatonAgents

/// Listens, and takes nobody in.
private final class FullListener {
    let port: UInt16
    private var descriptors: [Int32] = []

    init() throws {
        let stream = Int32(SOCK_STREAM.rawValue)
        let listener = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let call = { (body: (UnsafeMutablePointer<sockaddr>) -> Int32) -> Int32 in
            withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
        }
        guard call({ bind(listener, $0, size) }) == 0, listen(listener, 0) == 0,
            call({ getsockname(listener, $0, &size) }) == 0
        else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = UInt16(bigEndian: address.sin_port)
        self.descriptors = [listener]
        for _ in 0..<4 {
            let caller = socket(AF_INET, stream | Int32(SOCK_NONBLOCK.rawValue), 0)
            _ = call { connect(caller, $0, size) }
            self.descriptors.append(caller)
        }
    }

    func close() { for descriptor in self.descriptors { _ = Glibc.close(descriptor) } }
}

/// How long an answer is waited for, whatever comes meanwhile.
@Suite(.timeLimit(.minutes(2))) struct PatienceTests {
    @Test func `whoever sends a byte now and then for ever is not waited for longer than the whole`() async {
        var patience = Patience()
        (patience.firstByte, patience.silence, patience.whole) = (.seconds(80), .seconds(80), .seconds(400))
        let clock = ManualClock()
        let watchman = Watchman(patience, clock)
        let told = Lines()
        let watched = watchman.begin { told.append("\($0.wait) \(Int($0.duration.inSeconds))") }
        let start = clock.now()
        // Every tenth of the silence something comes: a ping is a byte like any other.
        while told.all.isEmpty {
            watchman.heard(watched)
            await clock.advanceToNextSleeper()
        }
        #expect(told.all == ["whole 400"])
        #expect(clock.now() - start <= .seconds(430))
    }

    // A server whose places for callers are all taken: whoever calls hears nothing at all.
    @Test func `who cannot even be reached is not waited for longer than for a first byte`() async throws {
        let full = try FullListener()
        defer { full.close() }
        let clock = ManualClock()
        let address = "http://127.0.0.1:\(full.port)/v1"
        let keys = KeyRing(environment: ["LLM_BASE_URL": address, "LLM_API_KEY": "sk-0123456789"])
        let providers = Providers(keys: keys, clock: clock)
        let mind = try #require(ModelName("llm/m").flatMap { providers.mind(of: $0) })
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: AgentProfile(id: "ada"))
        let time = Task { while !Task.isCancelled { await clock.advanceToNextSleeper() } }
        defer { time.cancel() }
        guard
            case .failed(let failure, _) = await mind.answer(
                Prompt(work, after: Transcript()),
                to: work,
                after: Transcript()
            )
        else {
            Issue.record("it did not fail")
            return
        }
        // Where the machine is slow the connection gives up by its own clock first.
        #expect(
            ["provider.no_answer", "provider.unreachable"].contains(failure.code) && failure.kind == .transient,
            "\(failure)"
        )
    }

    @Test func `an answer that is late has its own code`() async throws {
        let piece = "data: {\"choices\":[{\"delta\":{\"content\":\"x\\n\"}}]}\n\n"
        let server = try WireServer { _, _ in .stream([piece], ending: .hang) }
        defer { server.stop() }
        var patience = Patience()
        // Longer than the whole, so that silence cannot be what ends it.
        (patience.firstByte, patience.silence, patience.whole) = (.seconds(10_000), .seconds(10_000), .seconds(400))
        let clock = ManualClock()
        let keys = KeyRing(environment: [
            "LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "LLM_API_KEY": "sk-0123456789",
        ])
        let providers = Providers(keys: keys, clock: clock, patience: patience)
        let mind = try #require(ModelName("llm/m").flatMap { providers.mind(of: $0) })
        var agent = AgentProfile(id: "ada")
        agent.model = "llm/m"
        let begun = Gate()
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent).saying(to: LiveSink { _ in begun.open() })
        let asked = Task { await mind.answer(Prompt(work, after: Transcript()), to: work, after: Transcript()) }
        await begun.wait()
        let time = Task { while !Task.isCancelled { await clock.advanceToNextSleeper() } }
        defer { time.cancel() }
        guard case .failed(let failure, let usage) = await asked.value else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "provider.slow" && failure.kind == .transient)
        #expect(usage.tokens > 0, "what it may have cost is reckoned")
    }
}
