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
        seed: UInt64,
        isExact: Bool = false
    ) -> Reply {
        var draws = SplitMix64(
            seed: seed,
            subject: [SplitMix64.number(of: task.id.text), UInt64(UInt32(bitPattern: key.attempt)), 1]
        )
        // Work takes 90 to 110 percent of its estimate; meetings take theirs.
        let percent = task.isMeeting || isExact ? 100 : 90 + draws.below(21)
        let micros = Int64(task.estimatedHours * 36_000_000) * Int64(percent)
        let lead = plan.agents[assignment.lead.offset]
        let others = assignment.agents.filter { $0 != assignment.lead }.map { plan.agents[$0.offset] }
        let words =
            if let said = Self.utterance(in: task, by: lead, plan, seed: seed) {
                said
            } else if task.isPlanning, let whole = task.partOf {
                Managing.sample("\(Self.mark): \(lead.name)", plan.agents, whole)
            } else {
                Self.words(for: task, attempt: Int(key.attempt), agents: [lead] + others, seed: seed)
            }
        return Reply(result: .done(.inline(words), .none), after: .microseconds(micros))
    }

    /// Whether a stand-in made this output; it has none of the members that real work would have.
    static func said(_ output: JSON) -> Bool { output["rehearsal"] == true }

    /// What the first of the agents says of the task.
    package static func words(for task: TaskSpec, attempt: Int, agents: [AgentProfile], seed: UInt64) -> JSON {
        var draws = SplitMix64(seed: seed, subject: [SplitMix64.number(of: task.id.text), UInt64(attempt)])
        let subject = PlainText.line(task.description.isEmpty ? task.id.text : task.description, limit: 200)
        let openings = ["has finished", "has worked through", "reports on", "is done with"]
        let lead = agents.first.map { $0.occupation.isEmpty ? $0.name : "\($0.name) (\($0.occupation))" } ?? "nobody"
        let manner = agents.first.map { Self.manner(of: $0, task, attempt, seed) } ?? ""
        let summary = "\(Self.mark): \(lead) \(openings[draws.below(openings.count)])\(manner): \(subject)"
        if task.proves?.review != nil { return ["approved": true, "findings": []] }
        if task.isResolving { return ["action": "work_around", "words": .string(summary)] }
        if task.isPlanning, let whole = task.partOf { return Managing.sample(summary, agents, whole) }
        // Made up of its form alone the tasks would wait for nobody knows whom.
        if task.produces == nil, let lead = agents.first, lead.type == "planner", lead.produces != nil {
            return Managing.sample(summary, [], task.id)
        }
        let form = agents.first.map(task.form(by:)) ?? task.produces
        if let form = form.flatMap({ try? JSONSchema($0) }),
            let sample = JSONSample.value(of: form, seed: draws.next(), words: summary)
        {
            return sample
        }
        let words: JSON = ["rehearsal": true, "summary": .string(summary)]
        guard task.isMeeting, agents.count > 1 else { return words }
        return words.adding("attendees", .array(agents.prefix(20).map { .string($0.name) }))
    }

    // The agent's traits with what its persona says of its style, and one of its interests, another one in another task.
    static func manner(of agent: AgentProfile, _ task: TaskSpec, _ attempt: Int, _ seed: UInt64) -> String {
        var draws = SplitMix64(seed: seed, subject: [SplitMix64.number(of: task.id.text), UInt64(attempt), 2])
        let traits = (agent.allTraits + (agent.persona?.words(of: "style") ?? [])).prefix(12).map(Self.shortly)
        let interests = agent.allInterests
        let interest = interests.isEmpty ? "" : interests[draws.below(interests.count)]
        return (traits.isEmpty ? "" : ", as somebody \(traits.joined(separator: ", ")) does")
            + (interest.isEmpty ? "" : ", with an eye on \(PlainText.line(interest, limit: 80))")
    }

    // "You are curious and love to learn." is curious.
    private static func shortly(_ trait: String) -> String {
        var words = PlainText.line(trait, limit: 200)[...]
        for opening in ["You are ", "A ", "Very ", "very "] where words.hasPrefix(opening) {
            words = words.dropFirst(opening.count)
        }
        return String(words.prefix { !".,;:(".contains($0) }.prefix(40))
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
