import BatonCore
import Testing

@testable import BatonEngine

/// What wakes the loop, and what it takes at once.
@Suite struct InboxTests {
    private static func result(_ number: Int, of run: String = "r") -> Inbox.Returned {
        let key = StepKey(task: TaskIndex(number), attempt: 1, step: 1, delivery: 1)
        return Inbox.Returned(
            run: RunID(run),
            key: key,
            returned: StepRunner.Return(result: .stopped(.none), contents: [])
        )
    }

    @Test func `results that come while the journal writes are taken together`() async {
        let inbox = Inbox()
        async let batch = inbox.next(limit: 256, least: 3)
        for number in 0..<3 { inbox.put(Self.result(number)) }
        #expect(await batch.results.map(\.key.task) == [TaskIndex(0), TaskIndex(1), TaskIndex(2)])
    }

    @Test func `the end of a write is taken with whatever else is there, however few`() async {
        let inbox = Inbox()
        async let batch = inbox.next(limit: 256, least: 1000)
        inbox.put(Self.result(0))
        inbox.put(stored: .success(()))
        let (stored, count) = await (batch.stored != nil, batch.results.count)
        #expect(stored)
        #expect(count == 1)
    }

    @Test func `a command is taken at once, however few results are there`() async {
        let inbox = Inbox()
        inbox.put(Self.result(0))
        async let batch = inbox.next(limit: 256, least: 1000)
        #expect(inbox.put(Inbox.Envelope(input: .wake, reply: nil)) == .taken)
        let (control, results) = await (batch.control.count, batch.results.count)
        #expect(control == 1)
        #expect(results == 1)
    }

    @Test func `whoever sends faster than the disk writes waits for the end of the write`() async {
        let inbox = Inbox()
        #expect(inbox.put(Inbox.Envelope(input: .wake, reply: nil)) == .taken)
        async let batch = inbox.next(limit: 256, onlyStored: true)
        inbox.put(stored: .success(()))
        #expect(await batch.control.isEmpty)
        #expect(await inbox.next(limit: 256).control.count == 1)
    }

    @Test func `what the engine says to itself is taken, also while too much waits from outside`() async {
        let inbox = Inbox()
        let outside = Inbox.Envelope(input: .wake) { _ in }
        for _ in 0..<Inbox.mostWaiting { _ = inbox.put(outside) }
        #expect(inbox.put(outside) == .full)
        #expect(inbox.put(Inbox.Envelope(input: .wake, reply: nil)) == .taken)
    }

    @Test func `of one run only so many results are taken at once, and none is lost`() async {
        let inbox = Inbox()
        for number in 0..<5 { inbox.put(Self.result(number)) }
        inbox.put(Self.result(9, of: "other"))
        let first = await inbox.next(limit: 2)
        #expect(first.results.map(\.key.task.offset) == [0, 1, 9])
        #expect(await inbox.next(limit: 2).results.map(\.key.task.offset) == [2, 3])
        #expect(await inbox.next(limit: 2).results.map(\.key.task.offset) == [4])
    }
}
