// What attendees are told of their meeting.
extension Plan {
    /// The meeting in which a task is an utterance; nil if it is none.
    package func meeting(of part: TaskSpec) -> TaskSpec? {
        guard part.isOfMeeting, let whole = part.partOf, !part.isOpening else { return nil }
        return self.tasks.first { $0.id == whole && $0.pattern == .meeting }
    }

    /// Whether an utterance is heard by an agent: where a meeting is not broadcast, by those whom it addresses, and by whoever leads it.
    package func isHeard(_ text: String, of speaker: AgentID?, by listener: AgentID, in meeting: TaskSpec) -> Bool {
        guard !meeting.isBroadcast, speaker != listener, meeting.facilitator != listener else { return true }
        let addressed = Meeting.addressed(by: text, among: meeting.attendees(among: self.agents).map(\.id))
        return addressed.isEmpty || addressed.contains(listener)
    }
}

extension Run {
    /// What was said to whoever speaks in a task of a meeting, as far as it stands in the run itself; empty of other tasks.
    private func heard(by task: TaskIndex) -> [(speaker: AgentID, text: String)] {
        guard let meeting = self.plan.meeting(of: self.spec(task)), let listener = self.spec(task).assignedAgent else {
            return []
        }
        return self.graph.dependencies[task].compactMap { before in
            let said = self.spec(TaskIndex(Int(before)))
            guard said.partOf == meeting.id, !said.isOpening, let speaker = said.assignedAgent,
                let text = self.output(of: TaskIndex(Int(before)))?.inlined.map(Minutes.words), !Meeting.isPass(text),
                self.plan.isHeard(text, of: speaker, by: listener, in: meeting)
            else { return nil }
            return (speaker, text)
        }
    }

    /// The same as lines for a person who speaks next, the newest last; empty of other tasks.
    func linesHeard(by task: TaskIndex) -> String {
        let heard = self.heard(by: task)
        let left = heard.count - Self.mostHeard
        let lines = heard.suffix(Self.mostHeard).map { speaker, text in
            "\n\(speaker) said: \(PlainText.line(text, limit: 600))"
        }
        return (left > 0 ? "\n[\(left) more were said before]" : "") + lines.joined()
    }

    private static let mostHeard = 40
}

extension Meeting {
    /// The question that all attendees are asked in every round.
    static func question(of task: TaskSpec, _ attendees: [AgentProfile], to speaker: AgentID) -> String {
        let present = attendees.map { agent in
            Template.literal("\(agent.name) (\(agent.id))\(agent.occupation.isEmpty ? "" : ", \(agent.occupation)")")
        }
        var lines = ["Meeting \(task.id): \(task.description)", "Present: \(present.joined(separator: "; "))"]
        if !task.agenda.isEmpty {
            let items = task.agenda.enumerated().map { place, item in
                "\(place + 1). \(Template.literal(item.topic))\(item.minutes.map { " (\($0) min)" } ?? "")"
            }
            lines.append("Agenda: \(items.joined(separator: " "))")
        }
        lines.append(
            "In each round all speak at once, having heard what was said before. Say in a few sentences what you think, what "
                + "you would do and what you object to; name decisions, who does what by when, risks and open questions as such. "
                + "If you have nothing to add, answer with the one word \(Self.pass)."
        )
        if task.facilitator == speaker {
            lines.append(
                "You lead it: when an item of the agenda is done, write a line with the one word \(Self.next), and the next round turns to the next item."
            )
        } else if let leader = attendees.first(where: { $0.id == task.facilitator }) {
            lines.append("\(Template.literal(leader.name)) leads it.")
        }
        if !task.isBroadcast {
            lines.append(
                "What you say is heard by those whom you address as @ with their id, and by all if you address nobody."
            )
        }
        return lines.joined(separator: "\n")
    }

    /// What is said behind all that was heard: the round, and the item of the agenda.
    package func announcement(of round: Int, _ standing: Standing) -> String {
        let item = standing.item.map { " On the agenda: \(self.agenda[$0].topic)" } ?? ""
        return "Round \(round) of at most \(self.rounds).\(item)"
    }
}
