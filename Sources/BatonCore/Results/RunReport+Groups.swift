import OrderedCollections

/// Tasks that a person would name together: of one type, or with names that differ only in their number.
package struct TaskGroup: Hashable, Sendable {
    /// More groups than this are not read: the smallest are put together.
    static let most = 40
    /// What stands for the smallest groups together.
    package static let rest = "all others"

    package let name: String
    package private(set) var tasks = 0
    package private(set) var completed = 0
    package private(set) var failed = 0
    package private(set) var skipped = 0
    package private(set) var cancelled = 0
    /// The time of all attempts.
    package private(set) var took = Duration.zero
    /// The longest time that one task took.
    package private(set) var longest = Duration.zero

    /// Tasks that have not ended.
    package var open: Int { self.tasks - self.completed - self.failed - self.skipped - self.cancelled }

    private init(name: String) { self.name = name }

    /// The groups in the order of their first tasks.
    static func all(of accounts: [TaskAccount], in run: Run) -> [TaskGroup] {
        let names = Self.names(of: accounts.map(\.task), in: run)
        var groups: OrderedDictionary<String, TaskGroup> = [:]
        for (account, name) in zip(accounts, names) {
            groups[name, default: TaskGroup(name: name)].take(account, run.record(account.task)?.state)
        }
        return Array(groups.values)
    }

    /// The group of each of the tasks.
    static func names(of tasks: [TaskIndex], in run: Run) -> [String] {
        let names = tasks.map { Self.name(for: run.spec($0)) }
        var sizes: OrderedDictionary<String, Int> = [:]
        for name in names { sizes[name, default: 0] += 1 }
        let ranked = sizes.elements.enumerated().sorted {
            $0.element.value == $1.element.value ? $0.offset < $1.offset : $0.element.value > $1.element.value
        }
        let named = Set(ranked.prefix(sizes.count > Self.most ? Self.most - 1 : Self.most).map(\.element.key))
        return names.map { named.contains($0) ? $0 : Self.rest }
    }

    private mutating func take(_ account: TaskAccount, _ state: TaskState?) {
        self.tasks += 1
        self.took = self.took.addingSaturated(account.took)
        self.longest = max(self.longest, account.took)
        switch state {
        case .ended(.completed): self.completed += 1
        case .ended(.failed): self.failed += 1
        case .ended(.skipped): self.skipped += 1
        case .ended(.cancelled): self.cancelled += 1
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, nil: break
        }
    }

    /// The type of a task, else its name without the numbers at its end.
    static func name(for task: TaskSpec) -> String {
        if let type = task.type { return type }
        var letters = task.id.text.unicodeScalars[...]
        while let last = letters.last, "0"..."9" ~= last || "-_.".unicodeScalars.contains(last) { letters.removeLast() }
        return letters.isEmpty ? task.id.text : String(letters)
    }
}
