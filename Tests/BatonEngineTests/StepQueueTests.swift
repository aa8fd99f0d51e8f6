import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

@testable import BatonEngine

@Suite struct StepQueueTests {
    private let inbox = Inbox()

    private func order(_ number: Int) -> StepRunner.Order {
        StepRunner.Order(
            key: StepKey(task: TaskIndex(number), attempt: 1, step: 1, delivery: 1),
            plan: PlanBox(
                Plan(
                    id: "p",
                    agents: [AgentProfile(id: "a")],
                    tasks: (0..<200).map { TaskSpec(id: TaskID("t\($0)")) }
                ),
                of: "r"
            ),
            assignment: Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)])
        )
    }

    private func queue(_ performer: some Performer) -> StepQueue {
        let runner = StepRunner(
            performers: { _ in performer },
            live: { _, _, _ in .none },
            reader: JournalReader(MemoryJournal())
        )
        return StepQueue(runner, inbox: self.inbox)
    }

    private func results(_ count: Int) async -> [Int: StepResult] {
        var found: [Int: StepResult] = [:]
        while found.count < count {
            for result in await self.inbox.next(limit: 1000).results {
                found[result.key.task.offset] = result.returned.result
            }
        }
        return found
    }

    @Test func `every order is performed once, also behind more of them than a shift takes`() async {
        let performer = ScriptedPerformer { .done(.string($0.task.id.text)) }
        let orders = (0..<200).map(self.order)
        self.queue(performer).add(orders)
        let results = await self.results(200)
        #expect(results[199] == .done(.inline("t199"), .none))
        #expect(Set(performer.calls).count == 200)
        #expect(performer.calls.count == 200)
        for order in orders { await order.ended() }
    }

    @Test func `it is idle when all that it was given has ended`() async {
        let (begun, letGo) = (Gate(), Gate())
        let queue = self.queue(
            ScriptedPerformer { _ in
                begun.open()
                await letGo.wait()
                return .done(.null)
            }
        )
        #expect(queue.isIdle)
        queue.add([self.order(0)])
        await begun.wait()
        #expect(!queue.isIdle)
        letGo.open()
        _ = await self.results(1)
        #expect(queue.isIdle)
    }

    @Test func `a step that is called off before it begins is never performed`() async {
        let performer = ScriptedPerformer { _ in .done(.null) }
        let order = self.order(3)
        order.cancel()
        self.queue(performer).add([order])
        #expect(await self.results(1) == [3: .stopped(.none)])
        #expect(performer.calls.isEmpty)
        await order.ended()
    }

    @Test func `a step in its first part hears that it is to stop`() async {
        let order = self.order(0)
        self.queue(
            ScriptedPerformer { _ in
                order.cancel()
                return Task.isCancelled ? .stopped(.none) : .done(.null)
            }
        ).add([order])
        #expect(await self.results(1) == [0: .stopped(.none)])
    }

    @Test func `a step that waits hears that it is to stop, and its end is waited for`() async {
        let hasBegun = Gate()
        let ended = Mutex(false)
        let order = self.order(0)
        self.queue(
            ScriptedPerformer { _ in
                hasBegun.open()
                await Gate.untilCancelled()
                ended.withLock { $0 = true }
                return .stopped(.none)
            }
        ).add([order])
        await hasBegun.wait()
        order.cancel()
        await order.ended()
        #expect(ended.withLock { $0 })
        #expect(order.isOver)
        // Nobody is there any more who could hear it.
        order.cancel()
    }

    @Test func `a function that never waits hears that it is to stop, and those behind it do not`() async {
        let orders = (0..<100).map(self.order)
        let performer = FunctionPerformer(
            .instant { work in
                if work.task.id == "t7" { orders[7].cancel() }
                try Task.checkCancellation()
                return true
            }
        )
        self.queue(performer).add(orders)
        let results = await self.results(100)
        #expect(results[7] == .stopped(.none))
        #expect(results.values.count { $0 == .done(.inline(true), .none) } == 99)
    }

    @Test func `a function that never waits is carried at once, any other in a task of its own`() async {
        let instant = FunctionAgent("a") { _ in .string("at once") }
        let waiting = FunctionAgent("a") { _ in
            await Task.yield()
            return .string("later")
        }
        for (agent, isAtOnce) in [(instant, true), (waiting, false)] {
            let runner = StepRunner(
                performers: FunctionAgent.table([agent]) { _ in nil },
                live: { _, _, _ in .none },
                reader: JournalReader(MemoryJournal())
            )
            let order = self.order(0)
            #expect(order.begin())
            #expect((runner.carryAtOnce(order) != nil) == isAtOnce)
        }
    }

    @Test func `no worker leaves a step while its result is handed over, so that the loop is told of it`() {
        let order = self.order(0)
        #expect(order.begin())
        order.leaveWorker()
        var couldLeave = false
        order.end { isInShift in
            #expect(isInShift)
            order.course.withLockIfAvailable { _ in couldLeave = true }
        }
        #expect(!couldLeave)
        order.leaveShift()
        #expect(order.isOver)
    }

    @Test func `the loop hears of every step that waits a moment, without being told by others`() async {
        let performer = ScriptedPerformer { work in
            await Task.yield()
            return .done(.string(work.task.id.text))
        }
        let queue = self.queue(performer)
        for round in 0..<50 {
            queue.add((0..<4).map { self.order(round * 4 + $0) })
            _ = await self.results(4)
        }
        #expect(performer.calls.count == 200)
    }
}
