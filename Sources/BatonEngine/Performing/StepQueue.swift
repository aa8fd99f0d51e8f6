import DequeModule
import Foundation
import Synchronization

/// Steps that are to begin, and the few workers that begin them.
///
/// Each step is a Swift task of its own, so that it can be stopped alone. It does not go through the scheduler first: a
/// worker takes one order after the other and runs each on its own thread until it waits for something; from there on it is
/// the scheduler's. A step that keeps its thread keeps one worker, and the others go on.
final class StepQueue: Sendable {
    private struct State {
        var orders = Deque<StepRunner.Order>()
        var workers = 0
    }

    /// After so many steps whoever else waits for the thread goes first.
    private static let longestShift = 64

    private let runner: StepRunner
    private let inbox: Inbox
    private let mostWorkers: Int
    private let state = Mutex(State())

    init(_ runner: StepRunner, inbox: Inbox) {
        self.runner = runner
        self.inbox = inbox
        self.mostWorkers = ProcessInfo.processInfo.activeProcessorCount
    }

    /// Takes orders in the order in which they are to begin.
    func add(_ orders: [StepRunner.Order]) {
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

    private func work() {
        for _ in 0..<Self.longestShift {
            guard let order = self.next() else { return }
            self.begin(order)
        }
        self.beginShift()
    }

    private func next() -> StepRunner.Order? {
        self.state.withLock { state in
            if let order = state.orders.popFirst() { return order }
            state.workers -= 1
            return nil
        }
    }

    private func begin(_ order: StepRunner.Order) {
        if #available(macOS 26, *) {
            Task.immediate { await self.carry(order) }
        } else {
            Task { await self.carry(order) }
        }
    }

    private func carry(_ order: StepRunner.Order) async {
        let isWanted = order.begin()
        self.inbox.put(isWanted ? await self.runner.carry(order) : .neverBegun, of: order)
        order.end()
    }
}
