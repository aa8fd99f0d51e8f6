/// Who waits for whom, in dense indexes: dependencies, follow-ups turned round, and outputs that templates name.
package struct PlanGraph: Sendable {
    /// Rows of targets packed end to end, so that a large graph is two arrays and not one for each task.
    package struct Rows: Sendable {
        fileprivate var starts: [Int32]
        fileprivate var targets: [Int32]

        package subscript(task: TaskIndex) -> ArraySlice<Int32> {
            self.targets[Int(self.starts[task.offset])..<Int(self.starts[task.offset + 1])]
        }

        /// The same edges the other way round, in order.
        fileprivate func reversed() -> Rows {
            let count = self.starts.count - 1
            var starts = [Int32](repeating: 0, count: count + 1)
            for target in self.targets { starts[Int(target) + 1] += 1 }
            for index in 0..<count { starts[index + 1] += starts[index] }
            var next = starts
            var targets = [Int32](repeating: 0, count: self.targets.count)
            for row in 0..<count {
                for target in self[TaskIndex(row)] {
                    targets[Int(next[Int(target)])] = Int32(row)
                    next[Int(target)] += 1
                }
            }
            return Rows(starts: starts, targets: targets)
        }
    }

    package let indexes: [TaskID: TaskIndex]
    /// For each task, the tasks it waits for, in plan order, each once.
    package let dependencies: Rows
    /// For each task, the tasks that wait for it, in plan order.
    package let dependents: Rows
    package let count: Int
    /// Tasks whose outputs the rules read because of others: conditions look at them, or a vote that may be decided early counts them.
    package let weighed: Set<TaskIndex>
    /// Votes and meetings that may be over before all of their parts were asked.
    package let votes: [TaskIndex]
    /// Whether every name of a task in dependencies, follow-ups and templates is one of a task here.
    package let knowsAllNames: Bool

    package init(_ tasks: [TaskSpec]) {
        var indexes: [TaskID: TaskIndex] = [:]
        indexes.reserveCapacity(tasks.count)
        // Of tasks with one name the first counts.
        for offset in tasks.indices.reversed() { indexes[tasks[offset].id] = TaskIndex(offset) }
        var edges: [UInt64] = []
        self.knowsAllNames = Self.eachEdge(of: tasks, indexes) { from, to in
            edges.append(UInt64(UInt32(bitPattern: to.value)) << 32 | UInt64(UInt32(bitPattern: from.value)))
        }
        edges.sort()
        var unique: [UInt64] = []
        unique.reserveCapacity(edges.count)
        for edge in edges where unique.last != edge { unique.append(edge) }
        self.indexes = indexes
        self.count = tasks.count
        self.dependencies = Self.rows(unique, tasks.count)
        self.dependents = self.dependencies.reversed()
        self.votes = tasks.indices.filter { tasks[$0].stopsEarly || tasks[$0].pattern == .meeting }.map {
            TaskIndex($0)
        }
        self.weighed = Self.weighed(in: tasks, indexes)
    }

    private static func weighed(in tasks: [TaskSpec], _ indexes: [TaskID: TaskIndex]) -> Set<TaskIndex> {
        var found: Set<TaskIndex> = []
        var votes: Set<TaskID> = []
        for offset in tasks.indices where tasks[offset].rare != nil {
            for condition in tasks[offset].conditions { if let other = indexes[condition.task] { found.insert(other) } }
            if tasks[offset].stopsEarly { votes.insert(tasks[offset].id) }
        }
        guard !votes.isEmpty else { return found }
        for offset in tasks.indices where tasks[offset].partOf.map(votes.contains) ?? false {
            found.insert(TaskIndex(offset))
        }
        return found
    }

    /// Calls back for every edge between known tasks: `to` waits for `from`.
    ///
    /// - Returns: whether all names were known.
    private static func eachEdge(
        of tasks: [TaskSpec],
        _ indexes: [TaskID: TaskIndex],
        _ body: (_ from: TaskIndex, _ to: TaskIndex) -> Void
    ) -> Bool {
        var knowsAll = true
        // Large plans name tasks in rows: the next name is often that of the task last found, or of the one behind it.
        let isUnique = indexes.count == tasks.count
        var last = 0
        let known = { (id: TaskID) -> TaskIndex? in
            if isUnique {
                if tasks[last].id == id { return TaskIndex(last) }
                if last + 1 < tasks.count, tasks[last + 1].id == id {
                    last += 1
                    return TaskIndex(last)
                }
            }
            guard let index = indexes[id] else {
                knowsAll = false
                return nil
            }
            last = index.offset
            return index
        }
        // By offset: a task is large, and here only some of its fields are looked at.
        for offset in tasks.indices {
            let this = TaskIndex(offset)
            for id in tasks[offset].dependencies { if let other = known(id) { body(other, this) } }
            for id in tasks[offset].followUps { if let other = known(id) { body(this, other) } }
            for condition in tasks[offset].conditions { if let other = known(condition.task) { body(other, this) } }
            for reference in tasks[offset].references {
                if let other = known(reference.task) { body(other, this) }
            }
        }
        return knowsAll
    }

    private static func rows(_ edges: [UInt64], _ count: Int) -> Rows {
        var starts = [Int32](repeating: 0, count: count + 1)
        for edge in edges { starts[Int(edge >> 32) + 1] += 1 }
        for index in 0..<count { starts[index + 1] += starts[index] }
        return Rows(starts: starts, targets: edges.map { Int32(truncatingIfNeeded: $0) })
    }

    /// The tasks in an order in which each comes after all it waits for; tasks on or behind a cycle are missing.
    package func topologicalOrder() -> [TaskIndex] {
        var open = (0..<self.count).map { Int32(self.dependencies[TaskIndex($0)].count) }
        var order = (0..<self.count).filter { open[$0] == 0 }.map { TaskIndex($0) }
        order.reserveCapacity(self.count)
        var next = 0
        while next < order.count {
            for dependent in self.dependents[order[next]] {
                open[Int(dependent)] -= 1
                if open[Int(dependent)] == 0 { order.append(TaskIndex(Int(dependent))) }
            }
            next += 1
        }
        return order
    }

    /// One cycle, each task waiting for the one before it, the first again at the end; nil if there is none.
    package func cycle() -> [TaskIndex]? {
        let order = self.topologicalOrder()
        guard order.count < self.count else { return nil }
        var isSorted = [Bool](repeating: false, count: self.count)
        for task in order { isSorted[task.offset] = true }
        // Every task left has a dependency left: walking back must meet itself, within `count` steps.
        guard var current = isSorted.firstIndex(of: false) else { return nil }
        var seenAt = [Int](repeating: -1, count: self.count)
        var walk: [Int] = []
        while seenAt[current] < 0 {
            seenAt[current] = walk.count
            walk.append(current)
            guard let before = self.dependencies[TaskIndex(current)].first(where: { !isSorted[Int($0)] }) else {
                return nil
            }
            current = Int(before)
        }
        var loop = Array(walk[seenAt[current]...].reversed())
        // Begin at the task that comes first in the plan, so that the message does not depend on the walk.
        if let first = loop.min(), let place = loop.firstIndex(of: first) {
            loop = Array(loop[place...] + loop[..<place])
        }
        return (loop + [loop[0]]).map { TaskIndex($0) }
    }

    /// The weight of the heaviest chain from each task to an end, the task's own weight counted.
    package func remainingPaths(weights: [Int64]) -> [Int64] {
        var longest = weights
        for task in self.topologicalOrder().reversed() {
            let behind = self.dependents[task].map { longest[Int($0)] }.max() ?? 0
            longest[task.offset] = weights[task.offset].addingSaturated(behind)
        }
        return longest
    }
}

extension TaskSpec {
    /// Outputs of other tasks that its input, its description and that of its fallback name.
    package var references: [Template.Reference] {
        var references = !self.input.mayHoldTemplate ? [] : Template(self.input).references
        if self.description.utf8.contains(UInt8(ascii: "{")) {
            references += Template(.string(self.description)).references
        }
        if let text = self.fallback?.description { references += Template(.string(text)).references }
        return references
    }
}
