/// Which ready task goes first; smaller keys first.
///
/// Fixed when a task becomes ready.
///
/// Priority (5 first), then type weight, then the longest remaining path, then the number of tasks unblocked, then plan
/// order. Ten minutes of waiting count as one priority level: time since the run began is cut into windows of ten
/// minutes, and a task's level is its window less its priority, so that nothing starves.
package struct DispatchOrder: Comparable, Sendable {
    package static let window = Duration.seconds(600)

    private let level: Int64
    private let lightness: Int64
    private let shortness: Int64
    private let unblocked: Int32
    package let task: TaskIndex

    package init(
        task: TaskIndex,
        priority: Int,
        waitingSince ready: Timestamp,
        runBegan began: Timestamp,
        weight: Double,
        remainingPath: Int64,
        dependents: Int
    ) {
        let waited = max(0, (ready - began).microseconds)
        let window = planted(.agingTooFast) ? 6_000_000 : Self.window.microseconds
        self.level = waited / window - Int64(priority)
        self.lightness = -Int64(weight * 1000)
        self.shortness = -remainingPath
        self.unblocked = -Int32(truncatingIfNeeded: dependents)
        self.task = task
    }

    package static func < (left: DispatchOrder, right: DispatchOrder) -> Bool {
        if left.level != right.level { return left.level < right.level }
        if left.lightness != right.lightness { return left.lightness < right.lightness }
        if left.shortness != right.shortness { return left.shortness < right.shortness }
        if left.unblocked != right.unblocked { return left.unblocked < right.unblocked }
        return left.task < right.task
    }
}
