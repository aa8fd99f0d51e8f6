/// What is wrong with meetings, or unwise: nobody to meet, nobody to lead, words that change nothing.
enum MeetingCheck {
    static let code = "plan.meeting"
    private static let longestHours = 2.0

    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        plan.tasks.enumerated().flatMap { offset, task -> [Diagnostic] in
            guard !task.isOfMeeting else { return [] }
            let look = Look(task: task, plan: plan, path: PlanPath(.name("tasks"), .index(offset)))
            let isMeeting = task.isMeeting || task.pattern == .meeting
            return look.attendance + (isMeeting ? look.faults + look.advice : look.idle)
        }
    }

    private struct Look {
        let task: TaskSpec
        let plan: Plan
        let path: PlanPath

        private func say(
            _ message: String,
            _ remedy: String,
            _ key: String? = nil,
            _ severity: Diagnostic.Severity = .error
        ) -> Diagnostic {
            let place = key.map { self.path[$0] } ?? self.path
            return Diagnostic(MeetingCheck.code, message, remedy: remedy, at: place, severity: severity)
        }

        private var attendees: [AgentProfile] { self.task.attendees(among: self.plan.agents) }

        /// Who is named and cannot come.
        var attendance: [Diagnostic] {
            var found: [Diagnostic] = []
            var seen: Set<AgentIndex> = []
            for (index, name) in self.task.attendees.enumerated() {
                let who = "attendee \(PlainText.line(name, limit: 60)) of task \(self.task.id)"
                let say = { (message: String, remedy: String) in
                    let place = self.path["attendees"][index]
                    found.append(Diagnostic("plan.attendee", "\(who) is \(message)", remedy: remedy, at: place))
                }
                switch Attendees.find(name, among: self.plan.agents) {
                case .none: say("no agent", self.plan.nearestAgent(name))
                case .many(let ids):
                    say("the name of " + ids.map(\.text).joined(separator: " and "), "write the agent_id")
                case .one(let agent): if !seen.insert(agent).inserted { say("listed twice", "remove one") }
                }
            }
            guard self.task.isMeeting, self.task.attendees.isEmpty else { return found }
            return found + [
                Diagnostic(
                    "plan.attendee",
                    "task \(self.task.id) is a meeting without attendees",
                    remedy: "add attendees; it is done as a task of one agent",
                    at: self.path,
                    severity: .warning
                )
            ]
        }

        var faults: [Diagnostic] {
            var found: [Diagnostic] = []
            let names = self.attendees.map(\.id.text)
            if let leader = self.task.facilitator, !names.contains(leader.text) {
                let near = NearestName.of(leader.text, among: names).map { "did you mean \($0)?" }
                found.append(
                    self.say(
                        "\(PlainText.line(leader.text, limit: 60)) leads meeting \(self.task.id) and is none of its attendees",
                        near ?? "add it to attendees",
                        "facilitator"
                    )
                )
            }
            if let writer = self.task.minutesBy, self.plan.agents.first(where: { $0.id == writer })?.kind != .model {
                found.append(
                    self.say(
                        "\(PlainText.line(writer.text, limit: 60)) writes the minutes of meeting \(self.task.id) and is no agent with a model",
                        "name one that has a model, or leave it out: then Baton reads them by a rule",
                        "minutes_by"
                    )
                )
            }
            let utterances = names.count * Meeting.rounds(of: self.task)
            if utterances > Meeting.mostUtterances {
                found.append(
                    self.say(
                        "\(names.count) attendees in \(Meeting.rounds(of: self.task)) rounds speak \(utterances) times in meeting "
                            + "\(self.task.id); \(Meeting.mostUtterances) is the most",
                        "invite fewer, or write fewer rounds",
                        "attendees"
                    )
                )
            }
            let twice = Dictionary(grouping: Minutes.kinds + self.task.fields) { $0 }.first { $0.value.count > 1 }
            if let twice = twice?.key {
                found.append(
                    self.say("the minutes of meeting \(self.task.id) list \(twice) twice", "take one out", "fields")
                )
            }
            return found
        }

        // A guide to good meetings: docs/people.md.
        var advice: [Diagnostic] {
            var found: [Diagnostic] = []
            let attendees = self.attendees
            let warn = { (message: String, remedy: String, key: String?) in
                found.append(self.say(message, remedy, key, .warning))
            }
            let id = self.task.id
            if attendees.count == 1 {
                warn(
                    "\(attendees[0].id) meets nobody in meeting \(id)",
                    "add attendees, or take meeting_required out",
                    "attendees"
                )
            }
            if self.task.estimatedHours > MeetingCheck.longestHours {
                warn(
                    "meeting \(id) takes over 2 hours",
                    "split it, or give it an agenda that needs less",
                    "estimated_hours"
                )
            }
            if self.task.description.isBlank, self.task.agenda.isEmpty {
                warn(
                    "meeting \(id) has no objective",
                    "say in its description what is to be decided, or give it an agenda",
                    nil
                )
            }
            let minutes = self.task.agenda.compactMap(\.minutes).reduce(0, +)
            if Double(minutes) > self.task.estimatedHours * 60 + 1e-9 {
                warn(
                    "the agenda of meeting \(id) takes \(minutes) minutes, and the meeting \(Int(self.task.estimatedHours * 60))",
                    "raise estimated_hours, or shorten the agenda",
                    "agenda"
                )
            }
            let skills = self.task.requiredSkills.entries.map(\.name)
            for agent in attendees where !skills.isEmpty && attendees.count > 1 {
                guard !skills.contains(where: { (agent.skillLevels.hundredths(of: $0) ?? 0) > 0 }) else { continue }
                warn(
                    "\(agent.id) attends meeting \(id) and brings none of its skills (\(skills.prefix(5).joined(separator: ", ")))",
                    "leave \(agent.id) out, or add its skill to required_skills",
                    "attendees"
                )
            }
            return found
        }

        /// Words that mean something in meetings alone.
        var idle: [Diagnostic] {
            let keys: [(String, Bool)] = [
                ("agenda", !self.task.agenda.isEmpty),
                ("facilitator", self.task.facilitator != nil && self.task.partOf == nil),
                ("minutes_by", self.task.minutesBy != nil),
                ("extraction_objective", self.task.extractionObjective != nil),
                ("fields", !self.task.fields.isEmpty), ("broadcast", !self.task.isBroadcast),
                ("spawn_tasks", !self.task.spawnsTasks),
            ]
            return keys.filter(\.1).map { key, _ in
                Diagnostic(
                    "plan.no_effect",
                    "\(key) of task \(self.task.id) is read and has no effect: it is no meeting",
                    remedy: "add meeting_required: true and attendees, or take it out",
                    at: self.path[key],
                    severity: .warning
                )
            }
        }
    }
}
