import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

/// The loop goes on while the journal writes, and nothing leaves before it is on disk.
@Suite struct SlowDiskTests {
    /// `a` and `b` begin at once; `b` returns while the end of `a` is being written, `c` and `d` follow them.
    private static let plan = functionPlan([
        TaskSpec(id: "a"), TaskSpec(id: "b"), TaskSpec(id: "c", dependencies: ["a"]),
        TaskSpec(id: "d", dependencies: ["b"]),
    ])

    private static func engine(_ journal: HeldJournal) -> Engine {
        Engine(journal: journal) { _ in
            FunctionPerformer { work in
                journal.log.append("call \(work.task.id)")
                if work.task.id == "b" { await journal.begun.wait() }
                return .string(work.task.id.text)
            }
        }
    }

    @Test func `what follows from a result begins when it is on disk, whatever comes back meanwhile`() async throws {
        let journal = HeldJournal(holding: 2)
        let outcome = try await Self.engine(journal).running { engine in
            let handle = try await engine.start(Self.plan)
            await journal.begun.wait()
            #expect(!journal.log.all.contains("call c"))
            #expect(!journal.log.all.contains("stored 2"))
            journal.letIt()
            return try await handle.outcome()
        }
        #expect(outcome.end == .completed)
        let log = journal.log.all
        let place = { (line: String) in try #require(log.firstIndex(of: line)) }
        #expect(try place("call c") > place("stored 2"))
        #expect(try place("call d") > place("stored 3"))
        // One write at a time.
        let writes = log.filter { !$0.hasPrefix("call") }
        #expect(writes == (1...writes.count / 2).flatMap { ["append \($0)", "stored \($0)"] })
    }

    @Test func `what was decided on top of a write that fails is dropped with it, and everybody is told`() async throws
    {
        let inner = MemoryJournal()
        let journal = HeldJournal(inner, holding: 2, fails: true)
        let error = await #expect(throws: BatonError.self) {
            try await Self.engine(journal).running { engine in
                let handle = try await engine.start(Self.plan)
                await journal.begun.wait()
                let caller = Caller(by: "ada")
                let wishes: [Wish] = [.pause(now: false), .skip("d", note: "")]
                let refused = await withTaskGroup { group in
                    for wish in wishes {
                        group.addTask { (try? await engine.put(wish, to: handle.id, caller)) == nil }
                    }
                    journal.letIt()
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(refused == 2)
                _ = try await handle.outcome()
            }
        }
        #expect(error?.code == .journalUnavailable)
        #expect(journal.log.all.filter { $0.hasPrefix("call") }.sorted() == ["call a", "call b"])
        #expect(journal.log.all.filter { $0.hasPrefix("append") } == ["append 1", "append 2"])
        let run = try #require(try await inner.heads().first)
        #expect(try await JournalReader(inner).fold(run.run).run.counts.all.completed == 0)
    }
}

/// Where a write is made: on the loop's own thread only while nothing else could go on.
@Suite struct WritingPlaceTests {
    /// Notes which way each append came.
    private struct NotingJournal: ForwardingJournal {
        let inner: any Journal = MemoryJournal()
        let log = Lines()

        func append(_ batch: JournalBatch) async throws {
            self.log.append("elsewhere")
            try await self.inner.append(batch)
        }

        func appendHere(_ batch: JournalBatch) throws -> Bool {
            self.log.append("here")
            return try self.inner.appendHere(batch)
        }
    }

    @Test func `while a step is performed the loop stays free, and commands are heard`() async throws {
        let (journal, begun, letGo) = (NotingJournal(), Gate(), Gate())
        let engine = Engine(journal: journal) { _ in
            FunctionPerformer { _ in
                begun.open()
                await letGo.wait()
                return "done"
            }
        }
        _ = try await engine.running { engine in
            let handle = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            await begun.wait()
            let before = journal.log.all.count
            _ = try await engine.put(.pause(now: false), to: handle.id, Caller(by: "ada"))
            #expect(journal.log.all[before...] == ["elsewhere"])
            _ = try await engine.put(.resume, to: handle.id, Caller(by: "ada"))
            letGo.open()
            return try await handle.outcome()
        }
        // The beginning, at least, had nothing beside it; of one processor the loop never keeps the only thread.
        #expect(journal.log.all.first == (ProcessInfo.processInfo.activeProcessorCount > 1 ? "here" : "elsewhere"))
    }
}
