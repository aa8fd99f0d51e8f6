import BatonCore
import BatonEngine
import DequeModule
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets as many commands be in hand as there are files that this process may open; the others wait.
///
/// A command needs descriptors for its pipes, and one that cannot be made is a trap in the library that starts it. Whoever carries
/// runs of commands hands out no more than that: what waits here is in hand, and its time goes by.
final class LaunchGate: Sendable {
    static let shared = LaunchGate { OpenFiles.own }

    private struct State {
        var inHand = 0
        var tickets = 0
        var waiting: Deque<(ticket: Int, continuation: CheckedContinuation<Bool, Never>)> = []
        /// Those that were called off before they waited.
        var calledOff: Set<Int> = []
    }

    /// So many descriptors a command needs while it is started.
    private static let each = 8
    // For the journal, the socket, the reading of `/proc`, and the runtime's own.
    private static let kept = 32

    private let state = Mutex(State())
    /// Asked to give places back when somebody has to wait.
    private let relief = Mutex<[@Sendable () -> Void]>([])
    private let limit: @Sendable () -> Int

    /// - Parameter limit: how many files may be open at the moment.
    init(limit: @escaping @Sendable () -> Int) { self.limit = limit }

    /// So many commands may be in hand at once.
    var most: Int {
        let limit = self.limit()
        return max(1, (limit - OpenFiles.clients(of: limit) - Self.kept) / Self.each)
    }

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

    /// Whether a command can be started now: others, such as clients, take descriptors too.
    static var hasRoom: Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        for _ in 0..<Self.each {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }

    static func noRoom(for work: Work) -> Failure {
        Failure(
            .transient,
            "exec.descriptors",
            "the command of task \(work.task.id) was not started: this process has all files open that it may have",
            remedy: "raise the limit (ulimit -n), or let fewer commands run at once"
        )
    }
}
