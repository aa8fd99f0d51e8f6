import BatonCore
package import BatonEngine
import Synchronization

/// Performs steps by a closure and remembers what it was asked.
package final class ScriptedPerformer: Performer {
    private let script: @Sendable (Work) async -> WorkResult
    private let seen = Mutex<[String]>([])

    package init(_ script: @escaping @Sendable (Work) async -> WorkResult) { self.script = script }

    package func perform(_ work: Work) async -> WorkResult {
        self.seen.withLock { $0.append("\(work.task.id)/\(work.attempt)/\(work.delivery)") }
        return await self.script(work)
    }

    /// `task/attempt/delivery` of every step, in the order of starting.
    package var calls: [String] { self.seen.withLock { $0 } }
}

/// Opens once; whoever waits goes through from then on.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func open() {
        let waiters = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    package func wait() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isOpen = self.state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Lines that come from anywhere.
package final class Lines: Sendable {
    private let kept = Mutex<[String]>([])

    package init() {}

    package func append(_ line: String) { self.kept.withLock { $0.append(line) } }

    package var all: [String] { self.kept.withLock { $0 } }
}

extension Gate {
    /// Waits until the task is cancelled.
    package static func untilCancelled() async {
        let gate = Gate()
        await withTaskCancellationHandler {
            await gate.wait()
        } onCancel: {
            gate.open()
        }
    }
}
