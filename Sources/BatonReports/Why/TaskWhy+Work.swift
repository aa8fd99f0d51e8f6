import BatonCore

// Why the task was needed, how its vote came out, and what it has handed on.
extension TaskWhy {
    private static let mostLines = 12

    /// The conditions that held for it.
    var needs: [StyledText] {
        if case .ended(.skipped) = self.explanation.state { return [] }
        let conditions = self.run.spec(self.task).conditions.filter { condition in
            guard let other = self.run.index(of: condition.task) else { return false }
            return condition.isMet(by: self.run.output(of: other))
        }
        return conditions.map { StyledText("it was needed: \($0.words) (when)") } + self.route
    }

    // Why those were asked who declare a capability, where the task shows that by itself.
    private var route: [StyledText] {
        let spec = self.run.spec(self.task)
        guard let name = spec.agentType, spec.assignedAgent == nil, spec.delegatedBy == nil,
            let capability = self.run.plan.agents.lazy.compactMap({ $0.capability(name) }).first,
            let reason = Routing.reason(for: spec, capability)
        else { return [] }
        return [StyledText("it is for who declares \(PlainText.line(name, limit: 60)): \(reason.words)")]
    }

    /// Who agreed with whom.
    var vote: [StyledText] {
        guard self.run.spec(self.task).pattern == .consensus, let told = self.run.output(of: self.task)?.inlined else {
            return []
        }
        let share = told["agreement"]?.plainText ?? "?"
        let least = told["min_agreement"]?.plainText ?? "?"
        var lines: [StyledText] = []
        if told["consensus"] == true {
            lines.append(
                StyledText("agreed: \(share) of the votes, at least \(least) was wanted (min_agreement)", .good)
            )
        } else {
            lines.append(StyledText("not agreed: \(told["reason"]?.string ?? "\(share) of \(least)")", .waiting))
        }
        if let judged = told["judged"]?.string, judged != "by meaning" {
            lines.append(StyledText("the judge brought nothing: \(PlainText.line(judged, limit: 240))", .bad))
        }
        let groups = (told["votes"]?.elements ?? []).enumerated().map { place, group in
            let voters = (group["voters"]?.elements ?? []).compactMap(\.string)
            let words = PlainText.line(group["meaning"]?.string ?? group["answer"]?.plainText ?? "", limit: 160)
            let hasWon = place == 0 && told["consensus"] == true
            return StyledText("\(self.words.list(voters))\(hasWon ? " (won)" : ""): \(words)")
        }
        lines += self.shortened(groups)
        lines += (told["same_agent"]?.elements ?? []).map { same in
            let count = CountText.of(same["votes"]?.elements?.count ?? 0, "vote")
            return StyledText("\(same["agent"]?.string ?? "?") has \(count): it agrees with itself", .waiting)
        }
        let failed = (told["failures"]?.elements ?? []).map { failure in
            let voter = failure["agent"]?.string ?? failure["task_id"]?.string ?? "?"
            return StyledText("\(voter): \(PlainText.line(failure["error"]?.string ?? "no answer", limit: 160))", .bad)
        }
        lines += self.shortened(failed)
        let spared = (told["not_asked"]?.elements ?? []).compactMap(\.string)
        if !spared.isEmpty {
            lines.append(StyledText("not asked any more: \(self.words.list(spared)) (early_stop)", .faint))
        }
        return lines
    }

    /// The tasks that its agents have handed on, and those that its manager broke it into.
    var pieces: [StyledText] {
        let handed = self.run.handed[self.task, default: []].filter { self.run.spec($0).proves == nil }
        let added = self.run.added(in: self.run.spec(self.task).id).filter { !handed.contains($0) }
        let line = { (verb: String, piece: TaskIndex) in
            let agent = self.run.source(of: piece).map { " to \($0.sender)" } ?? ""
            let state = self.run.record(piece)?.state.word ?? "?"
            return StyledText("\(verb) \(self.words.name(piece))\(verb == "added" ? "" : agent): \(state)")
        }
        let refused = self.inquiry.refusals.map {
            StyledText("not handed on: \(PlainText.line($0, limit: 300))", .waiting)
        }
        return self.shortened(handed.map { line("handed on", $0) } + refused + added.map { line("added", $0) })
    }

    /// What it was given by whom.
    var given: [StyledText] {
        let given = self.run.graph.dependencies[self.task].map { TaskIndex(Int($0)) }.compactMap { other in
            self.run.output(of: other) == nil
                ? nil : self.run.source(of: other).map { "given what \($0.words) brought in \(self.words.name(other))" }
        }
        return self.shortened(given.map { StyledText($0) })
    }

    private func shortened(_ lines: [StyledText]) -> [StyledText] {
        let left = lines.count - Self.mostLines
        return lines.prefix(Self.mostLines) + (left > 0 ? [StyledText("… and \(left) more", .faint)] : [])
    }
}
