import OrderedCollections

/// The votes of a consensus, counted on all who were asked: whoever failed has agreed with nobody.
///
/// In which order the answers came plays no part: they stand in the plan's order.
package struct Ballot: Sendable {
    package static let usualAgreement = 0.6
    package static let failureCode = "consensus.no_votes"

    /// Answers that count as the same.
    package struct Group: Sendable {
        package let answer: JSON
        package let voters: [PartResult]
        /// What they mean together, by the judge's word.
        package let meaning: String?

        package var weight: Int64 { self.voters.reduce(0) { $0.addingSaturated($1.weight) } }
    }

    /// The heaviest first; of equal ones the one that was asked first.
    package let groups: [Group]
    private let parts: [PartResult]
    private let minAgreement: Double
    private let judgement: String?
    /// Voters of later rounds, which nobody asked any more.
    private let laterVoters: [TaskID]

    /// - Parameters:
    ///   - judged: what the judge said, if there is one: `groups` with `meaning` and `answers`.
    ///   - laterVoters: who was left to ask in rounds behind this one.
    ///   - form: the JSON Schema of an answer: members that it does not name make no difference.
    package init(
        _ parts: [PartResult],
        minAgreement: Double,
        judged: PartResult?,
        laterVoters: [TaskID] = [],
        form: JSON? = nil
    ) {
        self.parts = parts
        self.laterVoters = laterVoters
        self.minAgreement = minAgreement
        let answered = parts.filter { $0.output != nil }
        let answers = answered.map { (task: $0.task, answer: $0.answer ?? .null) }
        let fault = judged?.output.flatMap { Self.faults(of: $0, answers).first }
        let judgement = fault == nil ? judged?.output : nil
        let groups = judgement.map { Self.groups(answered, by: $0) } ?? Self.groups(answered, form: form)
        self.groups = groups.enumerated().sorted {
            $0.element.weight == $1.element.weight ? $0.offset < $1.offset : $0.element.weight > $1.element.weight
        }.map(\.element)
        self.judgement = judged.map { part in
            if let fault { return "\(part.task) cannot be followed: \(fault); compared by value" }
            return part.output == nil
                ? "\(part.task) \(part.shortfall ?? "did not complete"); compared by value" : "by meaning"
        }
    }

    package var answered: Int { self.parts.count { $0.output != nil } }

    /// The weight of all who were asked.
    private var total: Int64 { self.parts.reduce(0) { $0.addingSaturated($1.weight) } }

    /// The share of the heaviest group among all who were asked, 0 to 1.
    package var agreement: Double {
        self.total > 0 ? Double(self.groups.first?.weight ?? 0) / Double(self.total) : 0
    }

    /// Whether at least half of those who were asked have answered.
    package var isQuorate: Bool { 2 * self.answered >= self.parts.count }

    /// Whether two or more groups are the heaviest together.
    package var isTie: Bool { self.groups.count > 1 && self.groups[0].weight == self.groups[1].weight }

    package var winner: Group? {
        let isEnough = self.agreement >= self.minAgreement - 1e-9 && self.agreement > 0
        return isEnough && self.isQuorate && !self.isTie ? self.groups.first : nil
    }

    /// Whether it comes to the same whatever those say who have not answered yet.
    package func isDecided(without open: Set<TaskID>) -> Bool {
        // Without any answer the vote fails, and only those who are left could keep it from that.
        guard self.answered > 0 else { return false }
        let left = self.parts.filter { open.contains($0.task) }
        let weight = left.reduce(Int64(0)) { $0.addingSaturated($1.weight) }
        let leading = self.groups.first?.weight ?? 0
        let next = self.groups.dropFirst().first?.weight ?? 0
        if planted(.voteDecidedTooSoon), self.answered > 1 { return true }
        if self.winner != nil { return leading > next.addingSaturated(weight) }
        let most = self.total > 0 ? Double(leading.addingSaturated(weight)) / Double(self.total) : 0
        return most < self.minAgreement - 1e-9 || 2 * (self.answered + left.count) < self.parts.count
    }

    package static func result(of task: TaskSpec, parts: [PartResult]) -> Result<JSON, Failure> {
        let judge = ConsensusRule.judging(of: task.id)
        // Only a judge that there is says nothing itself.
        let voters = Talk.last(parts, of: task).filter { task.judge == nil || $0.task != judge }
        let hasRounds = task.rounds ?? 1 > 1
        let round = voters.first.map { hasRounds ? Talk.round(of: $0.task) : 1 } ?? 1
        let ballot = Ballot(
            voters,
            minAgreement: task.minAgreement ?? Self.usualAgreement,
            judged: task.judge == nil ? nil : parts.first { $0.task == judge },
            laterVoters: parts.filter { hasRounds && $0.wasSpared && Talk.round(of: $0.task) > round }.map(\.task),
            form: task.produces
        )
        guard ballot.answered > 0 else {
            let why = voters.first.map { "; \($0.task) \($0.shortfall ?? "did not complete")" } ?? ""
            return .failure(
                Failure(
                    .permanent,
                    Self.failureCode,
                    "none of the \(CountText.of(voters.count, "voter")) of task \(task.id) has answered\(why)",
                    remedy: "see why they failed"
                )
            )
        }
        return .success(ballot.json)
    }

    // MARK: Which answers are the same

    private static func known(_ answer: JSON, by form: JSON?) -> JSON {
        guard case .object(let named)? = form?["properties"], !named.isEmpty, case .object(let members) = answer else {
            return answer
        }
        return .object(members.filter { named[$0.key] != nil })
    }

    private static func groups(_ answered: [PartResult], form: JSON?) -> [Group] {
        var places: [JSON: Int] = [:]
        var members: [[PartResult]] = []
        for part in answered {
            let value = Self.normal(Self.known(part.answer ?? .null, by: form))
            if let place = places[value] {
                members[place].append(part)
            } else {
                places[value] = members.count
                members.append([part])
            }
        }
        return members.map { Group(answer: $0[0].answer ?? .null, voters: $0, meaning: nil) }
    }

    /// Why the word of a judge cannot be followed; empty if it can.
    package static func faults(of judgement: JSON, _ answers: [(task: TaskID, answer: JSON)]) -> [String] {
        var faults: [String] = []
        var places: [TaskID: Int] = [:]
        for (place, said) in (judgement["groups"]?.elements ?? []).enumerated() {
            for name in (said["answers"]?.elements ?? []).map(\.plainText) {
                let task = TaskID(name)
                let shown = PlainText.line(name, limit: 60)
                if !answers.contains(where: { $0.task == task }) {
                    faults.append("/groups/\(place): \(shown) has brought no answer")
                } else if let other = places.updateValue(place, forKey: task), other != place {
                    faults.append("/groups/\(place): \(shown) stands in group \(other) too")
                }
            }
        }
        var equal: [JSON: TaskID] = [:]
        for (task, answer) in answers {
            let other = equal[Self.normal(answer)] ?? task
            equal[Self.normal(answer)] = other
            if places[other] != places[task] {
                faults.append("/groups: \(other) and \(task) say the same and stand apart")
            }
        }
        return faults
    }

    // An answer that the judge has left out stands alone.
    private static func groups(_ answered: [PartResult], by judgement: JSON) -> [Group] {
        var left = answered
        var groups: [Group] = []
        for said in judgement["groups"]?.elements ?? [] {
            let names = Set((said["answers"]?.elements ?? []).compactMap(\.string))
            let voters = left.filter { names.contains($0.task.text) }
            guard let first = voters.first else { continue }
            left.removeAll { names.contains($0.task.text) }
            groups.append(Group(answer: first.answer ?? .null, voters: voters, meaning: said["meaning"]?.string))
        }
        return groups + Self.groups(left, form: nil)
    }

    /// A value without what makes no difference: order of members, letter case, blanks, how a number is written.
    package static func normal(_ value: JSON) -> JSON {
        switch value {
        case .null, .bool, .integer: value
        case .number(let number):
            number == number.rounded() && abs(number) < 9e15 ? .integer(Int64(number)) : value
        case .string(let text):
            .string(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").trimmedEnd)
        case .array(let elements): .array(elements.map(Self.normal))
        case .object(let members): .members(members.map { ($0.key, Self.normal($0.value)) }).sorted
        }
    }

    // MARK: What it comes to

    package var json: JSON {
        let winner = self.winner
        let minority = self.groups.filter { group in winner.map { $0.voters != group.voters } ?? false }
        var members: [(String, JSON)] = [
            ("consensus", .bool(winner != nil)),
            ("agreement", .number(self.shownAgreement)),
            ("min_agreement", .number(self.minAgreement)),
            ("winning_result", winner?.answer ?? .null),
            ("votes", .array(self.groups.map(self.json))),
            ("total_agents", .integer(Int64(self.parts.count))),
            ("successful_agents", .integer(Int64(self.answered))),
            ("failures", .array(self.parts.filter { $0.output == nil && !$0.wasSpared }.map(\.json))),
            ("minority", .array(minority.map(self.json))),
            ("individual_results", .array(self.parts.map(\.json))),
        ]
        if winner == nil { members.insert(("reason", .string(self.reason)), at: 1) }
        let spared = self.parts.filter(\.wasSpared).map(\.task) + self.laterVoters
        if !spared.isEmpty { members.append(("not_asked", .array(spared.map { .string($0.text) }))) }
        if let judgement { members.append(("judged", .string(judgement))) }
        let same = self.sameAgents
        if !same.isEmpty { members.append(("same_agent", .array(same))) }
        return .members(members)
    }

    // Never so that it looks like enough where it is not.
    private var shownAgreement: Double {
        let rounded = (self.agreement * 10_000).rounded() / 10_000
        guard self.agreement < self.minAgreement - 1e-9, rounded >= self.minAgreement else { return rounded }
        return (self.agreement * 10_000).rounded(.down) / 10_000
    }

    private var reason: String {
        if self.answered > 0, self.total == 0 { return "no voter has the skill that votes are weighed by" }
        let spared = self.parts.count(where: \.wasSpared)
        if 2 * (self.answered + spared) < self.parts.count {
            let answered = "\(self.answered) of \(self.parts.count) have answered"
            guard spared > 0 else { return "\(answered), which is less than half" }
            return "\(answered), and \(spared) more could not make it half of them; nobody asked them"
        }
        if spared > 0 {
            return
                "\(self.agreed), and \(spared) more could not make it min_agreement \(self.minAgreement); nobody asked them"
        }
        if self.isTie {
            return "tie: \(self.groups.count { $0.weight == self.groups[0].weight }) answers have as many votes"
        }
        return "\(self.agreed), which is less than min_agreement \(self.minAgreement)"
    }

    private var agreed: String {
        guard self.parts.allSatisfy({ $0.weight == 100 }) else {
            return "\(self.shownAgreement) of the votes by weight agree"
        }
        return "\(self.groups.first?.voters.count ?? 0) of \(self.parts.count) asked agree"
    }

    private func json(_ group: Group) -> JSON {
        var members: [(String, JSON)] = [
            ("answer", group.answer),
            ("voters", .array(group.voters.map { .string($0.agent?.text ?? $0.task.text) })),
            (
                "share",
                .number(self.total > 0 ? (Double(group.weight) / Double(self.total) * 10_000).rounded() / 10_000 : 0)
            ),
        ]
        if let meaning = group.meaning { members.append(("meaning", .string(meaning))) }
        return .members(members)
    }

    // An agent that was asked more than once is no second opinion, and that is said.
    private var sameAgents: [JSON] {
        var votes: [(agent: AgentID, tasks: [JSON])] = []
        for part in self.parts {
            guard let agent = part.agent else { continue }
            if let place = votes.firstIndex(where: { $0.agent == agent }) {
                votes[place].tasks.append(.string(part.task.text))
            } else {
                votes.append((agent, [.string(part.task.text)]))
            }
        }
        return votes.filter { $0.tasks.count > 1 }.map { ["agent": .string($0.agent.text), "votes": .array($0.tasks)] }
    }
}

extension String {
    /// Without the full stop or mark that some put behind an answer.
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while let last = text.last, last == "." || last == "!" { text.removeLast() }
        return String(text)
    }
}
