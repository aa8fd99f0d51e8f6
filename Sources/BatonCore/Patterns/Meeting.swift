/// Agents talking in rounds on an agenda: a pure reading of what they said.
///
/// Within a round all speak at once, having heard what was said before; whoever has nothing new passes.
package struct Meeting: Hashable, Sendable {
    package static let usualRounds = 4
    /// Attendees times rounds.
    package static let mostUtterances = 400
    /// The word of whoever has nothing to say.
    package static let pass = "PASS"
    /// The line by which whoever leads it goes on to the next item.
    package static let next = "NEXT"

    /// An item with the rounds that it may take.
    package struct Item: Hashable, Sendable {
        package let topic: String
        package let rounds: Int
    }

    /// Why a meeting is over.
    package enum End: String, Hashable, Sendable {
        /// All items of its agenda are done.
        case agenda
        /// Nobody had anything new to say.
        case silence
        /// Its rounds are used up.
        case rounds
    }

    /// Where it stands behind a round.
    package struct Standing: Hashable, Sendable {
        /// The item of the next round; nil without an agenda, or when it is over.
        package let item: Int?
        package let end: End?

        package init(item: Int?, end: End?) {
            self.item = item
            self.end = end
        }
    }

    /// What one attendee said in a round; nil if nothing came of it.
    package struct Utterance: Hashable, Sendable {
        package let agent: AgentID?
        package let text: String?

        package init(agent: AgentID?, text: String?) {
            self.agent = agent
            self.text = text
        }

        package var isPass: Bool { self.text.map(Meeting.isPass) ?? true }
    }

    package let agenda: [Item]
    package let rounds: Int
    package let facilitator: AgentID?

    package init(of task: TaskSpec) {
        self.rounds = Self.rounds(of: task)
        self.facilitator = task.facilitator
        self.agenda = Self.share(self.rounds, among: task.agenda)
    }

    /// As many as the plan says, and at least one for each item.
    package static func rounds(of task: TaskSpec) -> Int {
        min(TaskSpec.mostRounds, max(task.rounds ?? Self.usualRounds, task.agenda.count, 1))
    }

    // Each item gets one round, the rest goes by their minutes; of what is left the longest first get one more.
    private static func share(_ rounds: Int, among items: [AgendaItem]) -> [Item] {
        guard !items.isEmpty else { return [] }
        let kept = Array(items.prefix(rounds))
        let named = kept.compactMap(\.minutes)
        let usual = named.isEmpty ? 1 : max(1, named.reduce(0, +) / named.count)
        let weights = kept.map { max(1, $0.minutes ?? usual) }
        let (total, spare) = (weights.reduce(0, +), rounds - kept.count)
        var shares = weights.map { 1 + spare * $0 / total }
        let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
        for place in order.prefix(rounds - shares.reduce(0, +)) { shares[place] += 1 }
        return zip(kept, shares).map { Item(topic: $0.topic, rounds: $1) }
    }

    /// Where it stands after some rounds, each with what all said in it.
    package func standing(after said: [[Utterance]]) -> Standing {
        var (item, spent) = (0, 0)
        for round in said {
            spent += 1
            let isSilent = round.allSatisfy(\.isPass)
            guard self.agenda.indices.contains(item) else {
                if isSilent { return Standing(item: nil, end: .silence) }
                continue
            }
            let isClosed = round.contains { $0.agent == self.facilitator && $0.text.map(Self.saysNext) ?? false }
            if isSilent || isClosed || spent >= self.agenda[item].rounds { (item, spent) = (item + 1, 0) }
            if item == self.agenda.count {
                let isLast = said.count >= self.rounds && !isClosed && !isSilent
                return Standing(item: nil, end: isLast ? .rounds : isSilent && !isClosed ? .silence : .agenda)
            }
        }
        if said.count >= self.rounds { return Standing(item: nil, end: .rounds) }
        return Standing(item: self.agenda.isEmpty ? nil : item, end: nil)
    }

    // MARK: What was said

    /// Whether somebody has nothing to say: the one word, whatever stands around it.
    package static func isPass(_ text: String) -> Bool {
        guard text.utf8.count <= 40 else { return false }
        let letters = text.filter { $0.isLetter || $0.isNumber }
        return letters.isEmpty || letters.uppercased() == Self.pass
    }

    static func saysNext(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            line.filter { $0.isLetter || $0.isNumber } == Self.next
        }
    }

    /// Whom a text speaks to: `@lisa`, by identifier; empty if to all.
    package static func addressed(by text: String, among attendees: [AgentID]) -> [AgentID] {
        let names = text.split { !$0.isLetter && !$0.isNumber && !"@_-.".contains($0) }.filter { $0.hasPrefix("@") }
            .map { word in
                var name = word.dropFirst()
                while let last = name.last, ".-".contains(last) { name = name.dropLast() }
                return String(name)
            }
        return attendees.filter { names.contains($0.text) }
    }
}

extension TaskSpec {
    /// The task in which a meeting begins: when all attendees are there.
    package static func opening(of meeting: TaskID) -> TaskID { TaskID("\(meeting).open") }

    /// Whether all attendees are busy with it together, as they are when a meeting is opened.
    package var meetsAtOnce: Bool { self.isMeeting && self.pattern == nil && !self.attendees.isEmpty }

    /// Whether something is said in it in a meeting, or it opens one: for people it is a part of that.
    package var isOfMeeting: Bool {
        guard self.isMeeting, let whole = self.partOf, self.pattern == nil else { return false }
        return self.isOpening || self.attendees.isEmpty && Talk.isUtterance(self.id, in: whole)
    }

    package var isOpening: Bool { self.isMeeting && self.partOf.map { self.id == Self.opening(of: $0) } ?? false }
}
