/// What is to be done after a meeting: its action items, and what stands against its grave risks, as tasks of the run.
///
/// A pure function of its minutes, the plan and the day.
package enum FollowThrough {
    /// What becomes of an item of the minutes.
    package enum Fate: Hashable, Sendable {
        case task(TaskSpec)
        /// A task says the same already.
        case merged(TaskID)
        /// It cannot be one, and why.
        case refused(String)
    }

    package struct Item: Hashable, Sendable {
        /// `action_items` or `risks`.
        package let kind: String
        package let text: String
        package let fate: Fate
    }

    /// Risks of these severities are met by a task.
    package static let graveSeverities = ["high", "critical"]

    /// - Parameter today: the day of the meeting, in project time.
    package static func items(of minutes: JSON, after meeting: TaskSpec, in plan: Plan, today: Timestamp) -> [Item] {
        guard meeting.spawnsTasks else { return [] }
        var reading = Reading(meeting: meeting, plan: plan, today: CivilDate(today))
        for action in minutes["action_items"]?.elements ?? [] { reading.take(action, "action_items") }
        for risk in minutes["risks"]?.elements ?? []
        where risk["severity"]?.string.map(Self.graveSeverities.contains) ?? false {
            reading.take(risk, "risks")
        }
        return reading.items
    }

    private struct Reading {
        let meeting: TaskSpec
        let plan: Plan
        let today: CivilDate
        var items: [Item] = []
        private var names: Set<TaskID>
        private var known: [String: TaskID] = [:]
        private var numbers: [String: Int] = [:]

        init(meeting: TaskSpec, plan: Plan, today: CivilDate) {
            self.meeting = meeting
            self.plan = plan
            self.today = today
            self.names = Set(plan.tasks.map(\.id))
            for task in plan.tasks where !task.isOfMeeting && task.proves == nil {
                self.known[Self.key(task.description, task.assignedAgent)] = task.id
                // Who does it may have been left open.
                if task.spawnedFrom != nil { self.known[Self.key(task.description, nil)] = task.id }
            }
        }

        private static func key(_ text: String, _ owner: AgentID?) -> String {
            "\(owner?.text ?? ""):\(text.lowercased().filter { $0.isLetter || $0.isNumber })"
        }

        mutating func take(_ item: JSON, _ kind: String) {
            guard let said = item["text"]?.string ?? item.string, !said.isBlank else { return }
            let text = PlainText.line(said, limit: 2000)
            let add = { (fate: Fate, reading: inout Reading) in
                reading.items.append(Item(kind: kind, text: text, fate: fate))
            }
            let owner = item["owner"]?.string.map { AgentID($0) }
            let isThere = owner.map { self.isAble($0) } ?? true
            let work = Self.work(text, kind)
            let key = Self.key(work, isThere ? owner : nil)
            if let same = self.known[key] { return add(.merged(same), &self) }
            var spec = TaskSpec(id: self.name(of: kind), description: work)
            if isThere { spec.assignedAgent = owner }
            guard NameRule.fault(of: spec.id.text) == nil else {
                return add(.refused("a task called \(PlainText.line(spec.id.text, limit: 60)) cannot be"), &self)
            }
            var input: [(String, JSON)] = [("meeting", .string(self.meeting.id.text)), ("said", .string(text))]
            if let evidence = item["evidence"] { input.append(("evidence", evidence)) }
            if let severity = item["severity"] { input.append(("severity", severity)) }
            if let owner, !isThere { input.append(("named", .string("\(owner) is no agent of the plan"))) }
            if let due = item["due"]?.string {
                spec.dueDate = self.date(due)
                if spec.dueDate == nil {
                    input.append(("due", .string("\(PlainText.line(due, limit: 40)), which is no day to come")))
                }
            }
            spec.input = Template.literal(.members(input))
            spec.requiredSkills = SkillWords.skills(in: text, of: self.plan.agents)
            spec.priority = max(1, self.meeting.priority - 1)
            spec.dependencies = [self.meeting.id]
            spec.spawnedFrom = self.meeting.id
            self.names.insert(spec.id)
            self.known[key] = spec.id
            add(.task(spec), &self)
        }

        private static func work(_ text: String, _ kind: String) -> String {
            Template.literal(kind == "risks" ? "See to it that this risk does no harm: \(text)" : text)
        }

        private func isAble(_ owner: AgentID) -> Bool {
            self.plan.agents.contains { $0.id == owner && $0.kind != .conductor && $0.madeBy == nil && $0.available }
        }

        private mutating func name(of kind: String) -> TaskID {
            let stem = "\(self.meeting.id).\(kind == "risks" ? "risk" : "action")"
            var number = self.numbers[kind, default: 0]
            var name: TaskID
            repeat {
                number += 1
                name = TaskID("\(stem)-\(number)")
            } while self.names.contains(name)
            self.numbers[kind] = number
            return name
        }

        // `2026-01-20`, or `in 3 days` from the meeting; nil if it is over, or no day at all.
        private func date(_ text: String) -> Plan.PlannedDate? {
            let words = text.split(separator: " ")
            if words.count == 3, words[0] == "in", let days = Int(words[1]), 0...3650 ~= days {
                var day = self.today
                (day.hour, day.minute, day.second, day.microsecond) = (0, 0, 0, 0)
                let later = CivilDate(day.timestamp + .seconds(days * 86400))
                return Plan.PlannedDate(later.dayText)
            }
            guard let date = Plan.PlannedDate(text) else { return nil }
            let isOver =
                (date.civil.year, date.civil.month, date.civil.day)
                < (self.today.year, self.today.month, self.today.day)
            return isOver ? nil : date
        }
    }
}

extension TaskSpec {
    /// The utterances in which it was decided on, if it comes of a meeting.
    package var evidence: [TaskID] {
        self.spawnedFrom == nil ? [] : (self.input["evidence"]?.elements ?? []).compactMap(\.string).map { TaskID($0) }
    }
}
