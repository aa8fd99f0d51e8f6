import BatonEngine
import Testing

@testable import BatonAgents

/// One look at the machine serves all attempts that end together; a thousand of them were 40 seconds of work once.
struct CensusTests {
    private typealias Entry = ProcessTable.Entry

    private static let own: Int32 = 1_000_000

    private static func process(
        _ pid: Int32,
        parent: Int32 = Self.own,
        session: Int32? = nil,
        started: UInt64 = 5
    ) -> Entry {
        Entry(
            pid: Self.own + pid,
            parent: parent,
            group: session ?? (Self.own + pid),
            session: session ?? (Self.own + pid),
            started: started,
            isZombie: false
        )
    }

    private static func census(_ attempts: LiveAttempts, _ entries: [Entry]) -> Census {
        Census(attempts: attempts, own: Self.own, session: Self.own) { ProcessTable(entries) }
    }

    @Test func `of a thousand leaders that are followed none is left for any attempt to judge`() {
        let attempts = LiveAttempts()
        let leaders = (1...1000).map { Self.process($0) }
        for leader in leaders {
            attempts.begin("\(leader.pid)", at: 1)
            attempts.lead("\(leader.pid)", leader.pid)
        }
        let stray = Self.process(2000)
        let inEngine = Self.process(2001, session: Self.own)
        let census = Self.census(attempts, leaders + [stray, inEngine])
        #expect(census.unclaimed == [stray])
        #expect(census.spawning.isEmpty)
    }

    @Test func `a leader whose attempt ends while the table is read is left to its own watcher`() {
        let attempts = LiveAttempts()
        let leader = Self.process(1)
        attempts.begin("a", at: 1)
        attempts.lead("a", leader.pid)
        let census = Census(attempts: attempts, own: Self.own, session: Self.own) {
            attempts.sweep("a")
            return ProcessTable([leader])
        }
        #expect(census.unclaimed == [])
    }

    @Test func `a leader that is found before it is known waits for the attempt that is spawning`() {
        let attempts = LiveAttempts()
        attempts.begin("a", at: 1)
        let census = Self.census(attempts, [Self.process(1)])
        #expect(census.unclaimed == [Self.process(1)])
        #expect(census.spawning == ["a"])
    }

    @Test func `an attempt sees its own processes only, by group and by session`() {
        let mine = [Self.process(1), Self.process(2, parent: 1, session: Self.own + 1)]
        let others = (10...500).map { Self.process($0) }
        let census = Self.census(LiveAttempts(), mine + others)
        #expect(Set(census.led(by: Self.own + 1)) == Set(mine))
        #expect(census.entry(mine[1].identity) == mine[1])
        #expect(census.entry(ProcessTable.Identity(pid: mine[1].pid, started: 6)) == nil)
    }

    @Test func `looking never takes more than a third of a core, and never keeps an end waiting for long`() {
        #expect(Census.pause(after: .milliseconds(12)) == .milliseconds(24))
        #expect(Census.pause(after: .seconds(3)) == .milliseconds(40))
    }
}
