import DequeModule
import Foundation
import Synchronization

/// Steps that are to begin, and the few workers that begin them.
///
/// A worker takes one order after the other and carries each on its own thread until it waits for something; only from there
/// on it is the scheduler's. A step that may wait is a Swift task of its own, so that it can be stopped alone; one that never
/// waits is performed in the worker's. A step that keeps its thread keeps one worker, and the others go on.
final class StepQueue: Sendable {
    private struct State {
        var orders = Deque<StepRunner.Order>()
        var workers = 0
    }

    /// After so many steps, or so long, whoever else waits for the thread goes first: the loop with its commands, too.
    private static let longestShift = (steps: 64, time: Duration.milliseconds(2))

    private let runner: StepRunner
    private let inbox: Inbox
    /// How many work at once at most; one for each processor.
    let mostWorkers: Int
    private let state = Mutex(State())
    private let unended = Atomic(0)

    init(_ runner: StepRunner, inbox: Inbox) {
        self.runner = runner
        self.inbox = inbox
        self.mostWorkers = ProcessInfo.processInfo.activeProcessorCount
    }

    /// Whether nothing is being performed, nor waits to be.
    var isIdle: Bool { self.unended.load(ordering: .relaxed) == 0 }

    /// Takes orders in the order in which they are to begin.
    func add(_ orders: [StepRunner.Order]) {
        self.unended.add(orders.count, ordering: .relaxed)
        let missing = self.state.withLock { state in
            state.orders.append(contentsOf: orders)
            let missing = min(self.mostWorkers - state.workers, orders.count)
            state.workers += missing
            return missing
        }
        for _ in 0..<missing { self.beginShift() }
    }

    // Unstructured: the loop does not wait for steps; of each it hears by its result.
    private func beginShift() { Task { self.work() } }

    // Steps that end at once end in a row: the loop hears of them together, when nothing more is to be begun.
    private func work() {
        defer { self.inbox.tell() }
        let end = ContinuousClock.now + Self.longestShift.time
        for _ in 0..<Self.longestShift.steps {
            guard let order = self.next() else { return }
            self.begin(order)
            // With a step that ran in it this task was stopped; another one goes on.
            if Task.isCancelled || ContinuousClock.now >= end { break }
        }
        self.beginShift()
    }

    private func next() -> StepRunner.Order? {
        self.state.withLock { state in
            if let order = state.orders.popFirst() { return order }
            state.workers -= 1
            // Thousands may have been in it.
            state.orders = Deque()
            return nil
        }
    }

    private func begin(_ order: StepRunner.Order) {
        guard order.begin() else { return self.end(order, .neverBegun) }
        if let returned = self.runner.carryAtOnce(order) { return self.end(order, returned) }
        order.leaveWorker()
        // Unstructured, as each can be stopped alone; who waits for it does so by its order.
        if #available(macOS 26, *) {
            Task.immediate { await self.carry(order) }
        } else {
            Task { await self.carry(order) }
        }
        order.leaveShift()
    }

    private func carry(_ order: StepRunner.Order) async {
        order.goOn()
        self.end(order, await self.runner.carry(order))
    }

    private func end(_ order: StepRunner.Order, _ returned: StepRunner.Return) {
        self.unended.subtract(1, ordering: .relaxed)
        order.end { isInShift in self.inbox.put(returned, of: order, wakes: !isInShift) }
    }
}
