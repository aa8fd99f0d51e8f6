/// The chain of tasks that weighs most, each waiting for the one before it: what decides how long the whole takes.
package struct CriticalPath: Hashable, Sendable {
    /// Where the weights come from.
    package enum Source: String, Hashable, Sendable {
        /// What the plan says that tasks take.
        case estimates
        /// What their attempts have taken.
        case measured
        /// One for each task.
        case steps
    }

    /// From the first task to the last.
    package let tasks: [TaskIndex]
    /// The time along it; zero where tasks are only counted.
    package let duration: Duration
    /// What it was measured by.
    package let source: Source

    /// By the estimates of a plan, from a task that waits for nothing to one that nothing waits for.
    package static func byEstimates(_ tasks: [TaskSpec], _ graph: PlanGraph) -> CriticalPath {
        let weights = tasks.map { Duration.seconds(fraction: $0.estimatedHours * 3600).microseconds }
        return Self.heaviest(graph, weights, .estimates) { _ in true }
    }

    /// By the time that the attempts of a run have taken so far; empty while none has taken any.
    ///
    /// An attempt in hand counts up to the run's last event. The path ends where nothing behind has been measured.
    package static func byMeasuredTimes(of sheet: RunSheet) -> CriticalPath {
        let weights = sheet.attempts.map { attempts in
            attempts.reduce(Int64(0)) { sum, attempt in
                sum.addingSaturated(attempt.span(at: sheet.run.now).microseconds)
            }
        }
        return Self.heaviest(sheet.run.graph, weights, .measured) { $0 > 0 }
    }

    /// The chain of the most tasks.
    package static func bySteps(_ graph: PlanGraph) -> CriticalPath {
        Self.heaviest(graph, Array(repeating: 1, count: graph.count), .steps) { _ in true }
    }

    /// - Parameter goesOn: whether a task belongs to the path, by what weighs from it to the end.
    private static func heaviest(
        _ graph: PlanGraph,
        _ weights: [Int64],
        _ source: Source,
        while goesOn: (Int64) -> Bool
    ) -> CriticalPath {
        let remaining = graph.remainingPaths(weights: weights)
        let order = graph.topologicalOrder()
        // A task on or behind a cycle never starts, so it is on no path.
        var startsOnce = [Bool](repeating: false, count: graph.count)
        for task in order { startsOnce[task.offset] = true }
        var path: [TaskIndex] = []
        var next = Self.heaviest(of: order.filter { graph.dependencies[$0].isEmpty }, remaining)
        while let task = next, goesOn(remaining[task.offset]) {
            path.append(task)
            let behind = graph.dependents[task].map { TaskIndex(Int($0)) }.filter { startsOnce[$0.offset] }
            next = Self.heaviest(of: behind, remaining)
        }
        let sum = path.reduce(Int64(0)) { $0.addingSaturated(weights[$1.offset]) }
        return CriticalPath(tasks: path, duration: source == .steps ? .zero : .microseconds(sum), source: source)
    }

    // Of equals the first in the plan, so that the path does not depend on the order of looking.
    private static func heaviest(of tasks: [TaskIndex], _ remaining: [Int64]) -> TaskIndex? {
        tasks.max { left, right in
            let (less, more) = (remaining[left.offset], remaining[right.offset])
            return less < more || (less == more && left > right)
        }
    }
}

extension Int64 {
    /// The sum, or the end of the range where it would not fit.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}
