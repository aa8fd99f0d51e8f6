import BatonCore
import BatonEngine
import BatonSQLite
import BatonTestKit
import Foundation
import Testing

/// Which runs go, and that all of them goes and nothing else.
@Suite struct PruneTests {
    private static func head(_ name: String, day: Int64, ended: Bool = true, from: String? = nil) -> RunHead {
        let at = Timestamp(microseconds: day * 86_400_000_000)
        return RunHead(
            run: RunID(name),
            title: name,
            state: ended ? "completed" : "running",
            isEnded: ended,
            isRehearsal: false,
            totalTasks: 1,
            endedTasks: ended ? 1 : 0,
            openQuestions: 0,
            createdAt: at,
            updatedAt: at,
            position: Position(9),
            hash: .zero,
            origin: from.map { ForkOrigin(run: RunID($0), position: Position(4)) }
        )
    }

    private static let now = Timestamp(microseconds: 100 * 86_400_000_000)

    private static func going(_ wish: Retention.Wish, _ heads: [RunHead]) throws -> [RunID] {
        try Retention(wish, of: heads, now: Self.now).going.map(\.run)
    }

    @Test func `age and number both have to say that a run goes, and an open one never does`() throws {
        let heads = [
            Self.head("new", day: 99), Self.head("open", day: 1, ended: false), Self.head("mid", day: 60),
            Self.head("old", day: 10),
        ]
        let days: (Int64) -> Duration = { .seconds($0 * 86_400) }
        #expect(try Self.going(.old(days(40), keeping: nil), heads) == ["mid", "old"])
        #expect(try Self.going(.old(days(41), keeping: nil), heads) == ["old"])
        #expect(try Self.going(.old(nil, keeping: 1), heads) == ["mid", "old"])
        #expect(try Self.going(.old(days(40), keeping: 2), heads) == ["old"])
        #expect(try Self.going(.old(days(95), keeping: 0), heads) == [])
        #expect(try Self.going(.named(["new"]), heads) == ["new"])
    }

    @Test func `what a run that stays begins with stays, over several forks`() throws {
        let heads = [
            Self.head("leaf", day: 90, ended: false, from: "stem"), Self.head("stem", day: 20, from: "root"),
            Self.head("root", day: 10), Self.head("twig", day: 15, from: "root"),
        ]
        let retention = try Retention(.old(nil, keeping: 0), of: heads, now: Self.now)
        #expect(retention.going.map(\.run) == ["twig"])
        #expect(retention.held.map(\.run) == ["stem", "root"])
        #expect(retention.held.allSatisfy { $0.fork == "leaf" })
        #expect(retention.staying.map(\.run) == ["leaf", "stem", "root"])
        // With the fork that needs it, it goes.
        let closed = [Self.head("leaf", day: 90, from: "stem")] + heads.dropFirst()
        #expect(try Self.going(.old(nil, keeping: 0), closed).count == 4)
        #expect(try Self.going(.named(["leaf", "stem"]), closed) == ["leaf", "stem"])
    }

    @Test func `a run that was named and cannot go is refused with the reason`() throws {
        let heads = [
            Self.head("open", day: 1, ended: false), Self.head("fork", day: 2, from: "root"), Self.head("root", day: 1),
            Self.head("x", day: 1, from: "y"), Self.head("y", day: 1, from: "x"),
        ]
        for (name, code) in [
            ("open", "prune.open"), ("root", "prune.needed"), ("none", "run.unknown"), ("x", "prune.needed"),
        ] {
            #expect {
                try Self.going(.named([RunID(name)]), heads)
            } throws: { error in
                (error as? BatonError)?.code.text == code
            }
        }
    }

    // MARK: The file

    private static let caller = Caller(key: "k", by: "ada")

    private static func engine(_ journal: any Journal) -> Engine {
        let large = String(repeating: "x", count: 200_000)
        return Engine(journal: journal) { _ in ScriptedPerformer { .done(.string(large + $0.run.text)) } }
    }

    /// Three runs, each with one large output; the second is forked with a key.
    private static func played(_ journal: any Journal) async throws {
        let agent = {
            var agent = AgentProfile(id: "f")
            agent.type = "function"
            agent.repeatable = true
            return agent
        }()
        let tasks = (0..<5).map { TaskSpec(id: TaskID("t\($0)")) }
        try await Self.engine(journal).running { engine in
            for name in ["one", "two", "three"] {
                var options = Engine.StartOptions()
                options.id = RunID(name)
                _ = try await engine.start(Plan(id: "p-\(name)", agents: [agent], tasks: tasks), options: options)
                    .outcome()
            }
            let feed = try await engine.facts(
                of: engine.fork(.init(of: "two", at: Position(3), id: "fork"), Self.caller).run
            )
            while try await feed.next() != nil {}
        }
    }

    private static func size(_ path: String) -> Int {
        ["", "-wal"].reduce(0) { sum, ending in
            let found = try? FileManager.default.attributesOfItem(atPath: path + ending)
            return sum + ((found?[.size] as? Int) ?? 0)
        }
    }

    @Test func `what goes goes with contents and receipts, the rest is whole, and the disk has its room back`()
        async throws
    {
        let folder = try TemporaryFolder()
        let data = try DataFolder(holding: folder("data"))
        let journal = try SQLiteJournal(in: data)
        defer { journal.close() }
        try await Self.played(journal)
        let retention = try Retention(.named(["one", "fork"]), of: await journal.heads(), now: Self.now)
        var audit = JournalAudit(journal)
        for head in retention.staying { #expect(try await audit.look(at: head.run).faults.isEmpty) }
        let runs = retention.going.map(\.run)
        let before = Self.size(data.journalPath)
        let counted = try await journal.pruning(runs, keeping: audit.named)
        #expect(Self.size(data.journalPath) == before, "counting changes nothing")
        // The plan and the output of the first run, and the output of the fork: its plan is that of the run it left.
        #expect(counted.contents == 3)
        #expect(counted.receipts == 1)
        #expect(counted.bytes > 400_000)
        #expect(try await journal.prune(runs, keeping: audit.named) == counted)
        try await journal.compact()
        #expect(before - Self.size(data.journalPath) > 400_000)
        #expect(try await journal.heads().map(\.run).sorted() == ["three", "two"])
        #expect(try await journal.runsWithoutHead() == [])
        #expect(try await journal.integrityFaults() == [])
        #expect(try await journal.receipt(Receipt.ID(run: "two", key: "k")) == nil)
        var again = JournalAudit(journal)
        for head in try await journal.heads() { #expect(try await again.look(at: head.run).faults.isEmpty) }
        #expect(try await Set(journal.contentSizes().keys) == again.named)
        #expect(try await journal.chunks(of: "one", after: .start, limit: 9).isEmpty)
    }
}
