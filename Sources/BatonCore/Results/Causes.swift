/// Which task holds another up or brought it down, for all tasks of a run at once.
///
/// Of several open dependencies the cause is the one at whose root most help is needed: a question before a date, a date
/// before a task that goes on by itself. Made in one pass, so that long chains and wide fans cost no more than others.
package struct Causes: Sendable {
    private static let none = Int32(-1)

    private var next: [Int32]
    private var roots: [Int32]

    package init(of run: Run) {
        self.next = Array(repeating: Self.none, count: run.tasks.count)
        self.roots = self.next
        for offset in run.tasks.indices {
            self.next[offset] = Self.fall(of: TaskIndex(offset), in: run)?.value ?? Self.none
        }
        self.findOpen(in: run)
        self.findRoots()
    }

    /// The task just behind; nil for one that nothing holds up and nothing brought down.
    package func cause(of task: TaskIndex) -> TaskIndex? {
        guard self.next.indices.contains(task.offset), self.next[task.offset] != Self.none else { return nil }
        return TaskIndex(Int(self.next[task.offset]))
    }

    /// The last one behind; the task itself if there is none.
    package func root(of task: TaskIndex) -> TaskIndex {
        self.roots.indices.contains(task.offset) ? TaskIndex(Int(self.roots[task.offset])) : task
    }

    /// All behind the task, the root last; empty if the task itself is the root.
    package func chain(behind task: TaskIndex) -> [TaskIndex] {
        let root = self.root(of: task)
        var chain: [TaskIndex] = []
        var current = task
        while chain.count < self.next.count, let next = self.cause(of: current) {
            chain.append(next)
            if next == root { break }
            current = next
        }
        return chain
    }

    // What ended a task that did not get its chance. What a journal names need not exist.
    private static func fall(of task: TaskIndex, in run: Run) -> TaskIndex? {
        switch run.tasks[task.offset].state {
        case .ended(.skipped(.dependency(let other))), .ended(.cancelled(.strict(let other))):
            return run.record(other) != nil && other != task ? other : nil
        case .ended(.failed(let failure)) where failure.code == Run.dependencyFailureCode:
            let fallen = run.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { other in
                run.tasks[other.offset].state.isEnded && run.output(of: other) == nil
            }
            return fallen.first { run.dependencyFailure(of: task, on: $0).message == failure.message } ?? fallen.first
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: return nil
        }
    }

    // Each task comes after what it needs, so the roots of its dependencies are known.
    private mutating func findOpen(in run: Run) {
        var roots = self.roots
        for task in run.graph.topologicalOrder() {
            guard case .waiting = run.tasks[task.offset].state else { continue }
            var best: (next: Int32, root: Int32, rank: Int)?
            for other in run.graph.dependencies[task] where !run.tasks[Int(other)].state.isEnded {
                let root = roots[Int(other)] == Self.none ? other : roots[Int(other)]
                let rank = Self.rank(run.tasks[Int(root)].state)
                if best.map({ rank < $0.rank }) ?? true { best = (other, root, rank) }
            }
            guard let best else { continue }
            self.next[task.offset] = best.next
            roots[task.offset] = best.root
        }
    }

    private static func rank(_ state: TaskState) -> Int {
        switch state {
        case .blocked: 0
        case .scheduled: 1
        case .resting: 2
        case .ready, .waiting: 3
        case .running, .stopping, .ended: 4
        }
    }

    private mutating func findRoots() {
        var walks = Array(repeating: Self.none, count: self.next.count)
        for start in self.next.indices where self.roots[start] == Self.none {
            var path: [Int] = []
            var current = start
            // A circle, which only a forged journal has, ends where it meets itself.
            while self.roots[current] == Self.none, walks[current] != Int32(start), self.next[current] != Self.none {
                walks[current] = Int32(start)
                path.append(current)
                current = Int(self.next[current])
            }
            let root = self.roots[current] == Self.none ? Int32(current) : self.roots[current]
            self.roots[current] = root
            for task in path { self.roots[task] = root }
        }
    }
}
