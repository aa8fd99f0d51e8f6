import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// Runs as files, out of every journal and into every journal.
@Suite struct ArchiveTests {
    private static let plan: Plan = {
        var agent = AgentProfile(id: "f")
        agent.type = "function"
        agent.repeatable = true
        let tasks = (0..<4).map { number in
            TaskSpec(id: TaskID("t\(number)"), dependencies: number == 0 ? [] : [TaskID("t\(number - 1)")])
        }
        return Plan(id: "p", agents: [agent], tasks: tasks)
    }()

    private static let caller = Caller(by: "ada")

    private static func engine(_ journal: any Journal) -> Engine {
        // Large enough to be stored by its hash, with what JSON has to escape.
        let large = String(repeating: "ä\u{2028}\"\\\n\u{1B}", count: 1000)
        return Engine(journal: journal) { _ in ScriptedPerformer { .done(.string(large + $0.task.id.text)) } }
    }

    /// A run, and a fork of it that shares half of its events.
    private static func played(_ journal: any Journal) async throws {
        try await Self.engine(journal).running { engine in
            var options = Engine.StartOptions()
            options.id = "whole"
            _ = try await engine.start(Self.plan, options: options).outcome()
            let wish = RunFork.Wish(of: "whole", at: Position(9), id: "fork")
            let feed = try await engine.facts(of: engine.fork(wish, Self.caller).run)
            while try await feed.next() != nil {}
        }
    }

    private static func expectWhole(_ journal: any Journal) async throws {
        for head in try await journal.heads() {
            var audit = JournalAudit(journal)
            #expect(try await audit.look(at: head.run).faults.map(\.message) == [])
            #expect(try await RunReplay.play(head.run, of: journal).differences == [])
        }
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a fork comes in with the run it was forked from, event for event`(adapter: JournalAdapter) async throws {
        let (here, there) = (try adapter.room(), try adapter.room())
        try await Self.played(here.journal)
        let bytes = try await RunArchive.of("fork", in: here.journal).lines
        let stored = try await RunArchive.read(bytes).store(in: there.journal)
        #expect(stored == ["whole", "fork"])
        for run in stored {
            let facts = try await JournalReader(here.journal).all(of: run)
            #expect(try await JournalReader(there.journal).all(of: run) == facts)
            let head = try await here.journal.head(of: run)
            #expect(try await there.journal.head(of: run) == head)
        }
        try await Self.expectWhole(there.journal)
        #expect(try await RunArchive.of("fork", in: there.journal).lines == bytes, "it goes out as it came in")
        #expect(try await RunArchive.read(bytes).store(in: there.journal) == [], "it is there already")
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a run that had not ended goes on where it came to`(adapter: JournalAdapter) async throws {
        let (here, there) = (try adapter.room(), try adapter.room())
        try await Self.played(here.journal)
        let wish = RunFork.Wish(of: "whole", at: Position(9), id: "open")
        _ = try await RunFork.store(wish, by: Caller(by: "ada"), journal: here.journal, clock: SystemClock())
        let archive = try await RunArchive.of("open", in: here.journal)
        #expect(!archive.head.isEnded)
        _ = try await RunArchive.read(archive.lines).store(in: there.journal)
        try await Self.engine(there.journal).running { engine in
            let outcome = try await engine.resume("open").outcome()
            #expect(outcome.end == .completed)
        }
        try await Self.expectWhole(there.journal)
    }

    @Test func `a run of that name with other events is refused, and nothing is stored`() async throws {
        let (here, there) = (MemoryJournal(), MemoryJournal())
        try await Self.played(here)
        try await Self.played(there)
        let archive = try await RunArchive.of("fork", in: here)
        let before = try await there.heads()
        await #expect { try await archive.store(in: there) } throws: { ($0 as? BatonError)?.code == .runExists }
        #expect(try await there.heads() == before)
    }

    @Test func `a run that was forked from may have gone on since`() async throws {
        let (here, there) = (MemoryJournal(), MemoryJournal())
        try await Self.played(here)
        let base = RunFork.Wish(of: "whole", at: Position(9), id: "base")
        _ = try await RunFork.store(base, by: Caller(by: "ada"), journal: here, clock: SystemClock())
        let early = try await RunArchive.read(RunArchive.of("base", in: here).lines)
        _ = try await early.store(in: there)
        try await Self.engine(there).running { _ = try await $0.resume("base").outcome() }
        let tip = RunFork.Wish(of: "base", id: "tip")
        _ = try await RunFork.store(tip, by: Caller(by: "ada"), journal: here, clock: SystemClock())
        let late = try await RunArchive.read(RunArchive.of("tip", in: here).lines)
        #expect(try await late.store(in: there) == ["tip"])
        try await Self.expectWhole(there)
    }

    // MARK: Bad files

    private static func fault(_ bytes: [UInt8]) async -> BatonError? {
        do {
            _ = try await RunArchive.read(bytes)
            return nil
        } catch {
            return error as? BatonError
        }
    }

    private static func archive() async throws -> [UInt8] {
        let journal = MemoryJournal()
        try await Self.played(journal)
        return try await RunArchive.of("fork", in: journal).lines
    }

    @Test func `a file that is cut at any line is refused with that line`() async throws {
        let bytes = try await Self.archive()
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        #expect(ends.count > 30)
        for (lines, end) in ends.dropLast().enumerated() {
            let fault = await Self.fault(Array(bytes[...end]))
            #expect(fault?.code.text == "archive.form")
            #expect(
                fault?.message.hasPrefix("line \(lines + 2): the file ends") == true,
                "\(String(describing: fault))"
            )
            #expect(fault?.remedy.isEmpty == false)
            // Within the line that follows, too.
            #expect(await Self.fault(Array(bytes[...(end + 3)]))?.code.text == "archive.form")
        }
        #expect(await Self.fault([])?.message.hasPrefix("line 1: ") == true)
        #expect(await Self.fault(bytes.dropLast()) == nil, "only the end of the last line is missing")
        #expect(await Self.fault(bytes + Array("{}".utf8))?.message.contains("more behind the last event") == true)
    }

    @Test func `a file in which one bit was flipped is refused or says the same`() async throws {
        let bytes = try await Self.archive()
        let facts = try await RunArchive.read(bytes)
        var draws = SplitMix64(seed: 11)
        for _ in 0..<150 {
            var other = bytes
            other[draws.below(bytes.count)] ^= UInt8(1 << draws.below(8))
            guard let fault = await Self.fault(other) else {
                // Titles of the header's engine, and times of heads, are in no hash.
                #expect(try await RunArchive.read(other).head.hash == facts.head.hash)
                continue
            }
            #expect(["archive.form", "archive.newer", "archive.content", "journal.newer"].contains(fault.code.text))
        }
    }

    /// Somebody who can count hashes may write anything.
    @Test func `events that were made up with a right chain are refused, and nothing traps`() async throws {
        let journal = MemoryJournal()
        try await Self.played(journal)
        let whole = try await RunArchive.of("whole", in: journal)
        var draws = SplitMix64(seed: 5)
        var refused = 0
        for _ in 0..<250 {
            let other = whole.forged(draws.below(whole.members[0].chunks.count)) { text in
                switch draws.below(3) {
                case 0: text.remove(at: draws.below(text.count))
                case 1: text.insert(contentsOf: Array("9".utf8), at: draws.below(text.count))
                default: text[draws.below(text.count)] = UInt8(0x20 + draws.below(95))
                }
            }
            if await Self.fault(other) != nil { refused += 1 }
        }
        #expect(refused > 125)
    }

    @Test func `an archive of the first format, in which each event has a line of its own, is read and replays`()
        async throws
    {
        let journal = MemoryJournal()
        try await Self.played(journal)
        let facts = try await JournalReader(journal).all(of: "whole")
        let old = try await RunArchive.of("whole", in: journal).withSingleLines(facts)
        let other = MemoryJournal()
        #expect(try await RunArchive.read(old).store(in: other) == ["whole"])
        #expect(try await JournalReader(other).all(of: "whole") == facts)
        let replay = try await RunReplay.play("whole", of: other)
        #expect(replay.differences.isEmpty)
        #expect(replay.events == facts.count)
    }

    @Test func `a plan that no run may begin with is refused`() async throws {
        let journal = MemoryJournal()
        try await Self.played(journal)
        let whole = try await RunArchive.of("whole", in: journal)
        let plans = [
            #"{"project_id":"p","agents":[],"tasks":[{"task_id":"t0","estimated_hours":1e300}]}"#,
            #"{"project_id":"p","agents":[{"agent_id":"f"}],"tasks":[{"task_id":"t0","dependencies":["t0"]}]}"#,
            #"[]"#, #"{"#,
        ]
        for plan in plans {
            let fault = await Self.fault(whole.with(plan: plan))
            #expect(fault?.code == .archiveContent)
            #expect(fault?.message.contains("its plan is none") == true, "\(plan)")
        }
    }

    @Test func `an archive of a newer format is refused by name`() async throws {
        let bytes = Array(#"{"archive":{"format":3,"anything":[]}}"#.utf8)
        #expect(await Self.fault(bytes)?.code.text == "archive.newer")
    }
}

extension RunArchive {
    /// The same archive with its events changed and all hashes made anew.
    fileprivate func forged(_ place: Int, _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        self.rechained { offset, lines in
            guard offset == place else { return lines }
            var text = Array(lines.dropLast())
            change(&text)
            return text + [UInt8(ascii: "\n")]
        }.lines
    }

    fileprivate func with(plan: String) -> [UInt8] {
        let content = StoredContent(digest: HashChain.digest(of: Array(plan.utf8)), bytes: Array(plan.utf8))
        let old = self.contents.first { String(decoding: $0.bytes, as: UTF8.self).contains("project_id") }
        let changed = self.rechained { _, lines in
            Array(
                String(decoding: lines, as: UTF8.self)
                    .replacing(old?.digest.description ?? "none", with: content.digest.description).utf8
            )
        }
        let contents = changed.contents.map { $0.digest == old?.digest ? content : $0 }
        return RunArchive(members: changed.members, contents: contents).lines
    }

    /// As it was written when each event had a line of its own.
    fileprivate func withSingleLines(_ facts: [Recorded]) -> [UInt8] {
        let chunks = self.members[0].chunks
        let archive = self.rechained { offset, _ in
            var writer = JSONWriter()
            for fact in facts where chunks[offset].first...chunks[offset].last ~= fact.position {
                EventCodec.write(fact, to: &writer)
            }
            return writer.bytes
        }
        return Array(
            String(decoding: archive.lines, as: UTF8.self).replacing("\"format\":2", with: "\"format\":1").utf8
        )
    }

    private func rechained(_ change: (Int, [UInt8]) -> [UInt8]) -> RunArchive {
        var previous = Digest.zero
        var chunks: [Chunk] = []
        for (offset, chunk) in self.members[0].chunks.enumerated() {
            let lines = change(offset, chunk.lines)
            let count = chunk.count
            let hash = HashChain.link(
                previous: previous,
                run: chunk.run,
                first: chunk.first,
                count: count,
                lines: lines
            )
            chunks.append(
                Chunk(run: chunk.run, first: chunk.first, count: count, previous: previous, hash: hash, lines: lines)
            )
            previous = hash
        }
        let head = self.head
        let last = chunks[chunks.count - 1].last
        let other = RunHead(
            run: head.run,
            title: head.title,
            state: head.state,
            isEnded: head.isEnded,
            isRehearsal: head.isRehearsal,
            totalTasks: head.totalTasks,
            endedTasks: head.endedTasks,
            openQuestions: head.openQuestions,
            createdAt: head.createdAt,
            updatedAt: head.updatedAt,
            position: last,
            hash: previous
        )
        return RunArchive(members: [Member(head: other, chunks: chunks)], contents: self.contents)
    }
}
