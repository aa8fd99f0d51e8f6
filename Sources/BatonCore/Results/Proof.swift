/// What of a task is claimed, verified and accepted: three facts, none of which follows from another.
public struct Proof: Hashable, Sendable {
    /// Whether an attempt has brought a result, and says by that that the task is done.
    public let isClaimed: Bool
    /// Whether all checks of the last claim by programs, schemas and other agents have passed; nil if the plan wants none.
    public let isVerified: Bool?
    /// Whether everybody has signed who has to; nil if the plan wants nobody to.
    public let isAccepted: Bool?
    /// The checks of `done_when`, in their order.
    public let checks: [Check]

    /// One of them, as it stands for the last claim.
    public struct Check: Hashable, Sendable {
        /// What it asks for, such as "`swift test` succeeds".
        public let words: String
        /// The task that makes it; nil if nothing has been claimed yet.
        public let task: TaskID?
        /// `open`, `passed`, `failed` or `left out`.
        public let state: String
        /// Why it failed.
        public let reason: String?
        let isAcceptance: Bool
    }

    var json: [(String, JSON)] {
        let facts: [(String, JSON)] = [
            ("claimed", .bool(self.isClaimed)), ("verified", self.isVerified.map { .bool($0) } ?? .null),
            ("accepted", self.isAccepted.map { .bool($0) } ?? .null),
        ]
        guard !self.checks.isEmpty else { return facts }
        let checks = self.checks.map { check -> JSON in
            let json: JSON = [
                "check": .string(check.words), "task": check.task.map { .string($0.text) } ?? .null,
                "state": .string(check.state),
            ]
            return check.reason.map { json.adding("reason", .string($0)) } ?? json
        }
        return facts + [("checks", .array(checks))]
    }
}

extension Run {
    /// Whether a check that failed was made again, or left out, and the task that it proves is done.
    func hasProvedOtherwise(_ check: TaskIndex) -> Bool {
        guard self.plan.tasks[check.offset].proves != nil, let task = self.delegators(of: check).first else {
            return false
        }
        return self.output(of: task) != nil
    }

    /// What a check has said, once it has; nil of tasks that are none, or failed to say anything.
    package func verdict(of check: TaskIndex) -> Bool? {
        guard let rule = self.spec(check).proves else { return nil }
        switch self.record(check)?.state {
        case .ended(.completed(let content)):
            return Proving.refutation(in: content, of: rule, isReal: self.seed.mode == .real) == nil
        case .ended(.failed(let failure)): return rule.signature != nil && failure.code == "person.failed" ? false : nil
        default: return nil
        }
    }

    /// What is known of whether a task is done.
    package func proof(of task: TaskIndex) -> Proof {
        let spec = self.spec(task)
        let hasResult = self.output(of: task) != nil
        guard !spec.doneWhen.isEmpty else {
            return Proof(isClaimed: hasResult, isVerified: nil, isAccepted: nil, checks: [])
        }
        let made = self.checks(of: task)
        let checks = spec.doneWhen.enumerated().map { place, check in
            self.check(check, made.indices.contains(place) ? made[place] : nil)
        }
        let passes = { (isAcceptance: Bool) -> Bool? in
            let own = checks.filter { $0.isAcceptance == isAcceptance }
            return own.isEmpty ? nil : own.allSatisfy { $0.state == "passed" }
        }
        return Proof(
            isClaimed: hasResult || !made.isEmpty || self.isUnproved(task),
            isVerified: passes(false),
            isAccepted: passes(true),
            checks: checks
        )
    }

    // Nobody could prove it at all.
    private func isUnproved(_ task: TaskIndex) -> Bool {
        if case .ended(.failed(let failure))? = self.record(task)?.state { return failure.code == Self.unprovedCode }
        return false
    }

    // The tasks that prove the last claim, in the order of the checks.
    private func checks(of task: TaskIndex) -> [TaskIndex] {
        let spec = self.spec(task)
        var found: [TaskIndex] = []
        for piece in self.handed[task] ?? [] {
            guard let check = self.plan.tasks[piece.offset].proves else { continue }
            // The first check of all begins another claim.
            let isNext = found.count < spec.doneWhen.count && spec.doneWhen[found.count] == check
            let last = found.last.map { self.refutation(by: $0) == nil } ?? true
            if !isNext || !last { found = [] }
            if spec.doneWhen[found.count] == check { found.append(piece) }
        }
        return found
    }

    private func check(_ check: DoneCheck, _ task: TaskIndex?) -> Proof.Check {
        var state = "open"
        var reason: String?
        if let task, let record = self.record(task), record.state.isEnded {
            reason = self.refutation(by: task)
            state = reason == nil ? "passed" : "failed"
            if case .ended(.skipped) = record.state { state = "left out" }
            if case .ended(.cancelled) = record.state { state = "left out" }
        }
        return Proof.Check(
            words: check.words,
            task: task.map { self.spec($0).id },
            state: state,
            reason: reason,
            isAcceptance: check.isAcceptance
        )
    }
}
