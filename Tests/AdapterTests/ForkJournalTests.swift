import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// Forks share what is stored, in every journal.
@Suite struct ForkJournalTests {
    private static let plan: Plan = {
        var agent = AgentProfile(id: "f")
        agent.type = "function"
        agent.repeatable = true
        let tasks = (0..<6).map { number in
            TaskSpec(id: TaskID("t\(number)"), dependencies: number == 0 ? [] : [TaskID("t\(number - 1)")])
        }
        return Plan(id: "p", agents: [agent], tasks: tasks)
    }()

    private static func engine(_ journal: any Journal, _ calls: Lines = Lines()) -> Engine {
        Engine(journal: journal) { _ in
            ScriptedPerformer { work in
                calls.append(work.task.id.text)
                return .done(.string(work.task.description))
            }
        }
    }

    private static let caller = Caller(by: "ada")

    private static func played(_ journal: any Journal) async throws -> RunID {
        try await Self.engine(journal).running { engine in
            let handle = try await engine.start(Self.plan)
            _ = try await handle.outcome()
            return handle.id
        }
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a fork at every event goes on from there and stores nothing twice`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        let all = try await JournalReader(room.journal).all(of: run)
        for position in stride(from: 1, through: all.count, by: 3) {
            let calls = Lines()
            let reply = try await Self.engine(room.journal, calls).running { engine in
                let wish = RunFork.Wish(of: run, at: Position(Int64(position)))
                let reply = try await engine.fork(wish, Self.caller)
                _ = try await engine.facts(of: reply.run).all()
                return reply
            }
            let fork = reply.run
            // What came back and what it led to belong together.
            let shared = Int(reply.accepted.value) - 1
            #expect(shared == position || shared == position + 1)
            let facts = try await JournalReader(room.journal).all(of: fork)
            #expect(Array(facts[..<shared]) == Array(all[..<shared]))
            #expect(facts.last?.event == .ended(.completed))
            let own = try await room.journal.chunks(of: fork, after: .start, limit: 1000)
            #expect(own.first?.first == reply.accepted)
            let done = all[..<shared].count { if case .stepReturned = $0.event { true } else { false } }
            #expect(calls.all.count == 6 - done, "at \(position)")
            try await JournalReader(room.journal).verify(fork)
        }
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a fork of a fork, within what it shares and behind it`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        try await Self.engine(room.journal).running { engine in
            var last = run
            for position in [14, 20, 5, 5, 2] {
                let changes: JSON = ["t5": ["description": .string("from \(position)")]]
                let wish = RunFork.Wish(of: last, at: Position(Int64(position)), changes: changes)
                last = try await engine.fork(wish, Self.caller).run
                _ = try await engine.facts(of: last).all()
                let folded = try await JournalReader(room.journal).fold(last).run
                #expect(folded.output(of: TaskIndex(5)) == .inline(.string("from \(position)")))
                #expect(folded.id == last)
            }
        }
        for head in try await room.journal.heads() {
            var audit = JournalAudit(room.journal)
            #expect(try await audit.look(at: head.run).faults.map(\.message) == [])
        }
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a fork that was stored is gone on with by the next engine, and the one after it`(
        adapter: JournalAdapter
    ) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        let wish = RunFork.Wish(of: run, at: Position(8), id: RunID("stored"))
        _ = try await RunFork.store(wish, by: Self.caller, journal: room.journal, clock: SystemClock())
        try await Self.engine(room.journal).running { engine in
            _ = try await engine.adopt(RunID("stored"), staysPaused: true)
            _ = try await engine.put(.pause(now: true), to: RunID("stored"), Self.caller)
        }
        try await Self.engine(room.journal).running { engine in
            let outcome = try await engine.resume(RunID("stored")).outcome()
            #expect(outcome.end == .completed)
        }
        try await JournalReader(room.journal).verify(RunID("stored"))
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a fork with a key is made once, by an engine or without one`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        let wish = RunFork.Wish(of: run, at: Position(8))
        let keyed = Caller(key: "k1", by: "ada")
        let first = try await RunFork.store(wish, by: keyed, journal: room.journal, clock: SystemClock())
        #expect(try await RunFork.store(wish, by: keyed, journal: room.journal, clock: SystemClock()) == first)
        let again = try await Self.engine(room.journal).running { try await $0.fork(wish, keyed) }
        #expect(again == first)
        #expect(try await room.journal.heads().count == 2)
        let other = RunFork.Wish(of: run, at: Position(5))
        await #expect(throws: BatonError.self) {
            try await RunFork.store(other, by: keyed, journal: room.journal, clock: SystemClock())
        }
        await #expect(throws: BatonError.self) {
            let bad = Caller(key: "two words", by: "ada")
            return try await RunFork.store(wish, by: bad, journal: room.journal, clock: SystemClock())
        }
    }

    @Test func `all that is unfinished is asked for by a word, and time by the budget`() async throws {
        let journal = MemoryJournal()
        let failing = Engine(journal: journal) { _ in
            ScriptedPerformer { work in
                work.task.id == "t2" ? .failed(Failure(.permanent, "x.no", "no", remedy: "mend it")) : .done("done")
            }
        }
        let run = try await failing.running { engine in
            let handle = try await engine.start(Self.plan)
            _ = try await handle.outcome()
            return handle.id
        }
        let wish = try RunFork.Wish(of: run, json: ["id": "f", "retry": "all", "set": ["budget": ["time": "2h"]]])
        #expect(wish.json == ["id": "f", "set": ["budget": ["time": "2h"]], "retry": "all"])
        let calls = Lines()
        try await Self.engine(journal, calls).running { engine in
            _ = try await engine.fork(wish, Self.caller)
            _ = try await engine.facts(of: "f").all()
        }
        #expect(calls.all == ["t2", "t3", "t4", "t5"])
        let fork = try await JournalReader(journal).fold("f").run
        #expect(fork.plan.budget.time == .seconds(7200))
        #expect(fork.phase == .ended(.completed))
    }

    @Test(arguments: JournalAdapter.allCases)
    func `forks that are said to come from each other are refused`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        let head = try #require(try await room.journal.head(of: run))
        var batch = JournalBatch()
        for (name, from) in [("x", "y"), ("y", "x")] {
            batch.heads.append(
                RunHead(
                    run: RunID(name),
                    title: head.title,
                    state: head.state,
                    isEnded: true,
                    isRehearsal: false,
                    totalTasks: 1,
                    endedTasks: 1,
                    openQuestions: 0,
                    createdAt: head.createdAt,
                    updatedAt: head.updatedAt,
                    position: head.position,
                    hash: head.hash,
                    origin: ForkOrigin(run: RunID(from), position: Position(4))
                )
            )
        }
        try await room.journal.append(batch)
        await #expect(throws: BatonError.self) { try await JournalReader(room.journal).all(of: RunID("x")) }
    }

    @Test(arguments: JournalAdapter.allCases)
    func `what cannot be forked is refused`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let run = try await Self.played(room.journal)
        try await Self.engine(room.journal).running { engine in
            let wishes: [(RunFork.Wish, String)] = [
                (.init(of: RunID("none")), "run.unknown"), (.init(of: run, at: Position(0)), "fork.position"),
                (.init(of: run, at: Position(999)), "fork.position"), (.init(of: run, id: run), "run.exists"),
                (.init(of: run, changes: ["tx": [:]]), "fork.changes"), (.init(of: run, changes: 1), "fork.changes"),
                (.init(of: run, changes: ["t0": ["dependencies": ["t5"]]]), "plan.cycle"),
                (.init(of: run, changes: ["t0": ["task_id": "z"]]), "fork.plan"),
                (.init(of: run, retrying: .tasks(["t0"])), "run.state"),
                (.init(of: run, retrying: .tasks(["z"])), "run.unknown_task"),
            ]
            for (wish, wanted) in wishes {
                do {
                    _ = try await engine.fork(wish, Self.caller)
                    Issue.record("\(wish) was taken")
                } catch let error as BatonError {
                    #expect(error.code.text == wanted, "\(wish)")
                }
            }
        }
        #expect(try await room.journal.heads().count == 1)
    }
}

extension FactFeed {
    fileprivate func all() async throws -> [Recorded] {
        var facts: [Recorded] = []
        while let more = try await self.next() { facts += more }
        return facts
    }
}
