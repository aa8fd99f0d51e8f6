import DequeModule
import Synchronization

/// Lets only so many in at once; the others wait in their order.
final class Semaphore: Sendable {
    private struct State {
        var inHand = 0
        var tickets = 0
        var waiting: Deque<(ticket: Int, continuation: CheckedContinuation<Bool, Never>)> = []
        /// Those that were called off before they waited.
        var calledOff: Set<Int> = []
    }

    private let state = Mutex(State())
    /// Asked to give places back when somebody has to wait.
    private let relief = Mutex<[@Sendable () -> Void]>([])
    private let limit: @Sendable () -> Int

    /// - Parameter most: how many may be in at the moment.
    init(most: @escaping @Sendable () -> Int) { self.limit = most }

    /// So many may be in at once.
    var most: Int { self.limit() }

    /// So many wait.
    var queued: Int { self.state.withLock { $0.waiting.count } }

    /// Who holds places that nobody needs at the moment is told when somebody waits for one.
    func whenFull(_ giveBack: @escaping @Sendable () -> Void) { self.relief.withLock { $0.append(giveBack) } }

    private func askForPlaces() { for giveBack in self.relief.withLock({ $0 }) { giveBack() } }

    /// Waits for a place; false if the task was cancelled before there was one.
    func enter() async -> Bool {
        let ticket = self.state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        let hasEntered = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = self.state.withLock { state in
                    guard !state.calledOff.contains(ticket) else { return false }
                    guard state.inHand >= self.most else {
                        state.inHand += 1
                        return true
                    }
                    state.waiting.append((ticket, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) } else { self.askForPlaces() }
            }
        } onCancel: {
            let continuation = self.state.withLock { state in
                guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.calledOff.insert(ticket)
                    return CheckedContinuation<Bool, Never>?.none
                }
                return state.waiting.remove(at: place).continuation
            }
            continuation?.resume(returning: false)
        }
        self.state.withLock { _ = $0.calledOff.remove(ticket) }
        return hasEntered
    }

    /// Gives a place back, to whoever waits longest.
    func leave() {
        let next: CheckedContinuation<Bool, Never>? = self.state.withLock { state in
            if let next = state.waiting.popFirst() { return next.continuation }
            state.inHand -= 1
            return nil
        }
        next?.resume(returning: true)
    }
}
