import BatonCore

// After a meeting: what it brought becomes tasks.
extension Ledger {
    /// Up to two action items and a risk, told apart by the meeting, the same in every attempt.
    static func minutes(_ key: StepKey) -> JSON {
        let draw = (Int(key.task.value) * 2 + Int(key.attempt) * 3 + Int(key.delivery)) % 4
        let texts = (0..<min(draw, 2)).map { JSON.string("do \(key.task.value)-\($0)") }
        return [
            "action_items": .array(texts.map { ["text": $0, "due": "in 2 days"] }),
            "risks": draw == 3 ? [["text": .string("it burns \(key.task.value)"), "severity": "high"]] : [],
        ]
    }

    /// What is added in the name of a meeting comes of it, and follows it.
    func checkFollowing(_ specs: [TaskSpec], by task: TaskID) throws {
        guard specs.contains(where: { $0.spawnedFrom != nil }) else { return }
        guard let meeting = self.tasks.first(where: { $0.id == task }), meeting.isMeeting, !meeting.place.isEnded,
            specs.allSatisfy({
                $0.spawnedFrom == task && $0.dependencies == [task] && $0.priority == max(1, meeting.priority - 1)
            })
        else { throw Violation("what comes of a meeting follows it", "\(self.name) \(task)") }
        self.followed.insert(task)
        self.reached.insert(.followedThrough)
    }

    /// What a meeting has decided is there when it is over, where there is room for it.
    func checkFollowed(_ book: TaskBook, _ content: Content) throws {
        guard book.isMeeting, !self.followed.contains(book.id), !self.isStopping, let minutes = content.inlined else {
            return
        }
        let count = ["action_items", "risks"].reduce(0) { $0 + (minutes[$1]?.elements?.count ?? 0) }
        let hasRoom =
            self.depths.count < self.plan.budget.fanOut ?? 200
            && 1 + (self.depths[book.id] ?? 0) <= self.plan.budget.depth ?? 4
        guard count > 0, hasRoom else { return }
        throw Violation("what a meeting decides is done", "\(self.name) \(book.id)")
    }
}
