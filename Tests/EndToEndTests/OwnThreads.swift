import Foundation
import Testing

/// Lets the tests of a suite wait for programs on threads of their own.
///
/// Whoever reads from a started program keeps its thread. The threads of Swift's pool are as few as the processors, and the tests
/// of the engine, which run beside these, need them.
struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    static var ownThreads: OwnThreads { OwnThreads() }
}

/// As many threads as programs are waited for at once.
private final class WaitingThreads: TaskExecutor {
    static let shared = WaitingThreads()

    private let queue = OperationQueue()

    init() { self.queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.queue.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
