import OrderedCollections

/// Plays an agent without a model: what it says and how long it takes follow from seed, task and attempt alone.
package enum StandIn {
    package struct Reply: Hashable, Sendable {
        package let result: StepResult
        /// In project time.
        package let after: Duration
    }

    /// The word that every output of a rehearsal carries.
    package static let mark = "REHEARSAL"

    package static func reply(
        to key: StepKey,
        task: TaskSpec,
        assignment: Assignment,
        plan: Plan,
        seed: UInt64
    ) -> Reply {
        var draws = SplitMix64(
            seed: seed,
            subject: [SplitMix64.number(of: task.id.text), UInt64(UInt32(bitPattern: key.attempt))]
        )
        // Work takes 90 to 110 percent of its estimate; meetings take theirs.
        let percent = task.isMeeting ? 100 : 90 + draws.below(21)
        let micros = Int64(task.estimatedHours * 36_000_000) * Int64(percent)
        return Reply(
            result: .done(.inline(Self.output(task, assignment, plan, &draws)), .none),
            after: .microseconds(micros)
        )
    }

    private static func output(
        _ task: TaskSpec,
        _ assignment: Assignment,
        _ plan: Plan,
        _ draws: inout SplitMix64
    ) -> JSON {
        let people = assignment.agents.prefix(20).map { plan.agents[$0.offset] }
        let lead = plan.agents[assignment.lead.offset]
        let subject = PlainText.line(task.description.isEmpty ? task.id.text : task.description, limit: 200)
        let openings = ["has finished", "has worked through", "reports on", "is done with"]
        let role = lead.occupation.isEmpty ? "" : " (\(lead.occupation))"
        var members: JSON = [
            "rehearsal": true,
            "summary": .string(
                "\(Self.mark): \(lead.name)\(role) \(openings[draws.below(openings.count)]): \(subject)"
            ),
        ]
        if task.isMeeting, people.count > 1 {
            members = members.adding("attendees", .array(people.map { .string($0.name) }))
        }
        return members
    }
}

extension JSON {
    /// The object with one more member; other values stay as they are.
    package func adding(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}
