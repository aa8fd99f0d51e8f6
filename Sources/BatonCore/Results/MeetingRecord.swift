/// What came of a meeting: who said what, what it has brought, and what became of that.
package struct MeetingRecord: Hashable, Sendable {
    /// What somebody said, or that they passed.
    package struct Utterance: Hashable, Sendable {
        package let task: TaskIndex
        package let speaker: AgentID
        /// From 1.
        package let round: Int
        /// Nil if it is not at hand.
        package let text: String?

        package var isPass: Bool { self.text.map(Meeting.isPass) ?? false }
    }

    /// A decision, an action item, a risk, or whatever else the minutes list.
    package struct Item: Hashable, Sendable {
        package let text: String
        package let owner: String?
        package let due: String?
        package let severity: String?
        /// The utterances that say so, of those that there are.
        package let evidence: [TaskIndex]
        /// What was made of it.
        package let task: TaskIndex?
        /// The decision of an earlier meeting that it goes against, with that meeting where it is known.
        package var contradicts: String?
    }

    package let task: TaskIndex
    package let attendees: [AgentID]
    /// How many were held.
    package let rounds: Int
    /// Why it was over; nil while it goes on.
    package let end: Meeting.End?
    /// What somebody said, in order; of those who were spared nothing.
    package let utterances: [Utterance]
    /// By the name of the list.
    package internal(set) var lists: [(kind: String, items: [Item])]

    package static func == (left: MeetingRecord, right: MeetingRecord) -> Bool {
        left.task == right.task && left.attendees == right.attendees && left.utterances == right.utterances
            && left.lists.map(\.items) == right.lists.map(\.items) && left.end == right.end
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.task) }

    /// How many items a list has.
    package func count(_ kind: String) -> Int { self.lists.first { $0.kind == kind }?.items.count ?? 0 }
}

extension MeetingRecord {
    /// All meetings of a run that were opened, in the plan's order.
    ///
    /// - Parameter outputs: outputs that the run itself does not hold.
    package static func all(in run: Run, outputs: [TaskIndex: JSON]) -> [MeetingRecord] {
        let all = run.plan.tasks.indices.lazy.map { TaskIndex($0) }.filter { run.spec($0).pattern == .meeting }
            .map { MeetingRecord($0, run, outputs) }.filter { !$0.utterances.isEmpty }
        return Self.compared(Array(all), run)
    }

    // Against what was decided in meetings before it, in the order of the plan.
    private static func compared(_ meetings: [MeetingRecord], _ run: Run) -> [MeetingRecord] {
        var earlier: [(meeting: TaskID, text: String)] = []
        return meetings.map { meeting in
            var meeting = meeting
            guard let list = meeting.lists.firstIndex(where: { $0.kind == "decisions" }) else { return meeting }
            for place in meeting.lists[list].items.indices where meeting.lists[list].items[place].contradicts == nil {
                let text = meeting.lists[list].items[place].text
                let other = earlier.first { Contradiction.holds(between: $0.text, and: text) }
                meeting.lists[list].items[place].contradicts = other.map { "\($0.meeting): \($0.text)" }
            }
            earlier += meeting.lists[list].items.map { (run.spec(meeting.task).id, $0.text) }
            return meeting
        }
    }

    private init(_ task: TaskIndex, _ run: Run, _ outputs: [TaskIndex: JSON]) {
        let spec = run.spec(task)
        let output = { (task: TaskIndex) in run.output(of: task).flatMap { $0.inlined ?? outputs[task] } }
        self.task = task
        self.attendees = spec.attendees(among: run.plan.agents).map(\.id)
        let parts = run.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter {
            run.whole(of: $0) == task && !run.spec($0).isOpening && run.output(of: $0) != nil
        }
        let utterances = parts.map { part in
            Utterance(
                task: part,
                speaker: run.spec(part).assignedAgent ?? "",
                round: Talk.round(of: run.spec(part).id),
                text: output(part).map(Minutes.words)
            )
        }
        self.utterances = utterances
        self.rounds = utterances.map(\.round).max() ?? 0
        let isOver = run.record(task)?.state.isEnded ?? false
        let rounds = (1..<self.rounds + 1).map { round in
            utterances.filter { $0.round == round }.map { Meeting.Utterance(agent: $0.speaker, text: $0.text) }
        }
        self.end = isOver ? Meeting(of: spec).standing(after: rounds).end : nil
        let minutes = output(task)
        let spawned = run.plan.tasks.indices.filter { run.plan.tasks[$0].spawnedFrom == spec.id }.map { TaskIndex($0) }
        self.lists = (Minutes.kinds + spec.fields).map { kind in
            (kind, (minutes?[kind]?.elements ?? []).compactMap { Item($0, kind, spawned, run) })
        }
    }
}

extension MeetingRecord.Item {
    fileprivate init?(_ json: JSON, _ kind: String, _ spawned: [TaskIndex], _ run: Run) {
        guard let text = json["text"]?.string ?? json.string, !text.isBlank else { return nil }
        self.text = PlainText.line(text, limit: 2000)
        self.owner = json["owner"]?.string
        self.due = json["due"]?.string
        self.severity = json["severity"]?.string
        self.contradicts = json["contradicts"]?.string.flatMap { $0.isBlank ? nil : PlainText.line($0, limit: 600) }
        self.evidence = (json["evidence"]?.elements ?? []).compactMap {
            $0.string.flatMap { run.index(of: TaskID($0)) }
        }
        let said = JSON.string(Template.literal(self.text))
        let isWork = ["action_items", "risks"].contains(kind)
        self.task = isWork ? spawned.first { run.spec($0).input["said"] == said } : nil
    }

    fileprivate func json(_ run: Run) -> JSON {
        let name = { (task: TaskIndex) in JSON.string(run.spec(task).id.text) }
        return .members(
            [("text", .string(self.text))]
                + [
                    ("owner", self.owner), ("due", self.due), ("severity", self.severity),
                    ("contradicts", self.contradicts),
                ].compactMap { key, value in
                    value.map { (key, JSON.string($0)) }
                } + [("evidence", .array(self.evidence.map(name))), ("task", self.task.map(name) ?? .null)]
        )
    }
}

extension MeetingRecord {
    /// As reports have it.
    package func json(_ run: Run) -> JSON {
        let lists = self.lists.map { ($0.kind, JSON.array($0.items.map { $0.json(run) })) }
        return .members(
            [
                ("task", .string(run.spec(self.task).id.text)),
                ("description", .string(MinutesForm.topic(of: run.spec(self.task)))),
                ("attendees", .array(self.attendees.map { .string($0.text) })),
                ("rounds", .integer(Int64(self.rounds))), ("ended_by", self.end.map { .string($0.rawValue) } ?? .null),
                (
                    "utterances",
                    .array(
                        self.utterances.map {
                            [
                                "task": .string(run.spec($0.task).id.text), "speaker": .string($0.speaker.text),
                                "round": .integer(Int64($0.round)), "text": $0.text.map { .string($0) } ?? .null,
                                "passed": .bool($0.isPass),
                            ]
                        }
                    )
                ), ("minutes", .members(lists)),
            ]
        )
    }
}

extension MeetingRecord {
    /// What a meeting without any outcome had to go by.
    package struct Emptiness: Hashable, Sendable {
        package let task: TaskIndex
        package let rounds: Int
        package let objective: String?
        /// Whether it had an agenda, an input or the result of another task.
        package let hasContext: Bool
    }

    /// Nil of a meeting that goes on, and of one that has brought anything.
    package func emptiness(in run: Run) -> Emptiness? {
        guard self.end != nil, self.lists.allSatisfy(\.items.isEmpty) else { return nil }
        let spec = run.spec(self.task)
        let others = run.graph.dependencies[self.task].contains { !run.spec(TaskIndex(Int($0))).isOfMeeting }
        return Emptiness(
            task: self.task,
            rounds: self.rounds,
            objective: spec.extractionObjective,
            hasContext: others || !spec.agenda.isEmpty || spec.input != .null
        )
    }
}
