import BatonCore
import BatonEngine
import BatonSQLite
import BatonTestKit
import Foundation
import GRDB
import Testing

@Suite struct JournalAuditTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    /// Plays two runs, each with an output that is stored by its hash.
    private func played() async throws -> String {
        let data = try DataFolder(holding: self.folder("data"))
        let journal = try SQLiteJournal(in: data)
        let large = String(repeating: "x", count: 5000)
        let engine = Engine(journal: journal) { _ in ScriptedPerformer { work in .done(.string(large + work.run.text)) }
        }
        try await engine.running { engine in
            var agent = AgentProfile(id: "f")
            agent.type = "function"
            for name in ["one", "two"] {
                var options = Engine.StartOptions()
                options.id = RunID(name)
                let plan = Plan(id: "p-\(name)", agents: [agent], tasks: [TaskSpec(id: "a"), TaskSpec(id: "b")])
                _ = try await engine.start(plan, options: options).outcome()
            }
        }
        journal.close()
        data.letGo()
        return data.journalPath
    }

    private static func faults(_ path: String) async throws -> [String: [String]] {
        let journal = try SQLiteJournal(readingAt: path)
        defer { journal.close() }
        var audit = JournalAudit(journal)
        var faults: [String: [String]] = [:]
        for name in ["one", "two"] {
            let finding = try await audit.look(at: RunID(name))
            faults[name] = finding.faults.map(\.message)
            #expect(finding.faults.allSatisfy { !$0.remedy.isEmpty })
        }
        return faults
    }

    private static func change(_ path: String, _ sql: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }

    @Test func `whole runs have no faults, and name all contents`() async throws {
        let path = try await self.played()
        let journal = try SQLiteJournal(readingAt: path)
        defer { journal.close() }
        var audit = JournalAudit(journal)
        for name in ["one", "two"] {
            let finding = try await audit.look(at: RunID(name))
            #expect(finding.faults.map(\.message) == [])
            #expect(finding.events > 5)
            #expect(finding.last != nil)
        }
        // Two plans, and one output of each run that both its tasks share.
        let sizes = try await journal.contentSizes()
        #expect(audit.named == Set(sizes.keys))
        #expect(sizes.count == 4)
        #expect(try await journal.integrityFaults() == [])
        #expect(try await journal.runsWithoutHead() == [])
    }

    @Test(arguments: [
        ("UPDATE chunks SET lines = replace(lines, '\"kind\"', '\"kind\" ') WHERE run = 'one'", "not what was written"),
        (
            "DELETE FROM chunks WHERE run = 'one' AND first = (SELECT max(first) FROM chunks WHERE run = 'one')",
            "are missing"
        ),
        ("DELETE FROM chunks WHERE run = 'one' AND first = 1", "chain breaks"),
        ("DELETE FROM contents WHERE instr(bytes, 'one') AND length(bytes) > 4000", "is missing"),
        ("UPDATE contents SET bytes = bytes || ' ' WHERE instr(bytes, 'one') AND length(bytes) > 4000", "was changed"),
        ("UPDATE contents SET bytes = bytes || ' ' WHERE instr(bytes, 'p-one')", "plan is missing or changed"),
        ("UPDATE runs SET title = 'other' WHERE run = 'one'", "its title"),
        ("UPDATE runs SET ended_tasks = 1 WHERE run = 'one'", "its number of ended tasks"),
        ("UPDATE runs SET state = 'running', is_ended = 0 WHERE run = 'one'", "its state"),
        ("UPDATE runs SET open_questions = 3 WHERE run = 'one'", "its number of open questions"),
        ("UPDATE runs SET is_rehearsal = 1 WHERE run = 'one'", "its mode"),
    ])
    func `what was changed in one run is found there and nowhere else`(sql: String, said: String) async throws {
        let path = try await self.played()
        try Self.change(path, sql)
        let faults = try await Self.faults(path)
        #expect(faults["one"]?.contains { $0.contains(said) } == true, "\(faults)")
        #expect(faults["two"] == [])
    }

    @Test func `every fault of a head is told, not only the first`() async throws {
        let path = try await self.played()
        try Self.change(path, "UPDATE runs SET title = 'x', total_tasks = 9, ended_tasks = 9 WHERE run = 'one'")
        #expect(try await Self.faults(path)["one"]?.count == 3)
    }

    @Test func `events without a head and contents without a name are found`() async throws {
        let path = try await self.played()
        try Self.change(path, "DELETE FROM runs WHERE run = 'two'")
        let journal = try SQLiteJournal(readingAt: path)
        defer { journal.close() }
        #expect(try await journal.runsWithoutHead() == [RunID("two")])
        var audit = JournalAudit(journal)
        _ = try await audit.look(at: RunID("one"))
        #expect(try await Set(journal.contentSizes().keys).subtracting(audit.named).count == 2)
    }

    // MARK: The lock

    @Test func `the holder of a folder is told without taking it`() throws {
        let path = self.folder("held")
        #expect(DataFolder.holder(of: path).standing == .free)
        do {
            let data = try DataFolder(holding: path)
            let holder = DataFolder.holder(of: path)
            #expect(holder.standing == .held)
            #expect(holder.pid == Int64(getpid()))
            #expect(holder.words.hasPrefix("process \(getpid()) (Baton \(Baton.version)) since 20"))
            // Looking has not let go of it.
            #expect(throws: BatonError.self) { try DataFolder(holding: path) }
            withExtendedLifetime(data) {}
        }
        #expect(DataFolder.holder(of: path).standing == .dead)
        try DataFolder(holding: path).letGo()
        #expect(DataFolder.holder(of: path).standing == .free)
    }

    @Test(arguments: [
        "not json", "[]", "{\"pid\":\"\u{1B}[2J\",\"since\":\"\\u001b]0;x\"}", String(repeating: "x", count: 9000),
    ])
    func `a lock with anything in it is a dead holder's, and steers no terminal`(text: String) throws {
        try FileManager.default.createDirectory(atPath: self.folder("odd"), withIntermediateDirectories: false)
        _ = try self.folder.write(text, to: "odd/lock")
        let holder = DataFolder.holder(of: self.folder("odd"))
        #expect(holder.standing == .dead)
        #expect(holder.pid == nil)
        #expect(!holder.words.unicodeScalars.contains { $0.value < 0x20 })
    }
}
