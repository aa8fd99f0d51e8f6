public import BatonCore

// Each pattern in one call: a run of its own, journaled, whose only task has the pattern.
extension Engine {
    /// Does tasks one after the other; each is given the results before it.
    ///
    /// A task that fails is told to the next one, unless it is strict: then nothing after it runs, and the whole fails.
    ///
    /// - Parameters:
    ///   - tasks: what is to be done, in this order.
    ///   - agents: who there is.
    ///   - options: how the run begins.
    /// - Returns: what came of it; the output is a list with `task_id`, `status` and `output` or `error` of each, in the order of `tasks`.
    /// - Throws: ``BatonError``: none of the agents can do a task, or the journal takes no more.
    public func sequence(
        _ tasks: [TaskSpec],
        among agents: [AgentProfile],
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = TaskSpec(id: "sequence", description: "One after the other.")
        (whole.pattern, whole.subtasks) = (.sequential, tasks)
        return try await self.together(whole, agents, options)
    }

    /// Does tasks all at once; see ``sequence(_:among:options:)``.
    ///
    /// - Returns: the same list, in the order of `tasks` whatever came first.
    /// - Throws: ``BatonError``, as there.
    public func parallel(
        _ tasks: [TaskSpec],
        among agents: [AgentProfile],
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = TaskSpec(id: "parallel", description: "All at once.")
        (whole.pattern, whole.subtasks) = (.parallel, tasks)
        return try await self.together(whole, agents, options)
    }

    /// Lets specialists do the parts of one thing, and joins what they bring.
    ///
    /// - Parameters:
    ///   - description: the thing.
    ///   - subtasks: its parts, which may depend on one another.
    ///   - aggregation: how their results become one; with synthesis `by` makes it.
    ///   - by: who makes a synthesis.
    ///   - agents: who there is.
    ///   - options: how the run begins.
    /// - Returns: what came of it; the output has `results` and `subtask_details`, of a synthesis it is what `by` made.
    /// - Throws: ``BatonError``: none of the agents can do a part, or the journal takes no more.
    public func hierarchy(
        _ description: String,
        subtasks: [TaskSpec],
        aggregation: Aggregation = .concat,
        by: AgentID? = nil,
        among agents: [AgentProfile],
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = TaskSpec(id: "hierarchy", description: Template.literal(description))
        (whole.pattern, whole.subtasks, whole.aggregation) = (.hierarchical, subtasks, aggregation)
        whole.assignedAgent = by
        return try await self.together(whole, agents, options)
    }

    /// Asks several agents the same, each by itself, and says what they agree on.
    ///
    /// - Parameters:
    ///   - question: what they are asked.
    ///   - input: what they get besides.
    ///   - voters: agents, types or capabilities; one named three times is asked three times, of other agents first.
    ///   - minAgreement: the share of all who were asked that has to agree, over 0 up to 1.
    ///   - judge: who says which answers mean the same; nil compares them by value.
    ///   - agents: who there is.
    ///   - options: how the run begins.
    /// - Returns: what came of it; the output has `consensus`, `winning_result`, `agreement` and `minority`.
    /// - Throws: ``BatonError``: fewer than two voters, nobody of that name, or the journal takes no more.
    public func consensus(
        _ question: String,
        input: JSON = .null,
        voters: [String],
        minAgreement: Double = 0.6,
        judge: AgentID? = nil,
        among agents: [AgentProfile],
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = TaskSpec(id: "consensus", description: Template.literal(question))
        whole.input = Template.literal(input)
        (whole.pattern, whole.voters, whole.minAgreement, whole.judge) = (.consensus, voters, minAgreement, judge)
        return try await self.together(whole, agents, options)
    }

    /// Lets agents talk in rounds, and writes down what that brings.
    ///
    /// - Parameters:
    ///   - about: what it is about.
    ///   - attendees: who comes: agents by identifier or name, functions and people among them.
    ///   - rounds: how often each of them speaks, 1 to 20.
    ///   - agenda: what is talked about, one item after the other.
    ///   - agents: who there is.
    ///   - options: how the run begins.
    /// - Returns: what came of it; the output has `decisions`, `action_items`, `insights`, `risks`, `next_steps` and `open_questions`.
    /// - Throws: ``BatonError``: nobody of that name, or the journal takes no more.
    public func meeting(
        _ about: String,
        attendees: [String],
        rounds: Int = 4,
        agenda: [AgendaItem] = [],
        among agents: [AgentProfile],
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = TaskSpec(id: "meeting", description: Template.literal(about))
        (whole.isMeeting, whole.attendees, whole.rounds, whole.agenda) = (true, attendees, rounds, agenda)
        // What it decides is the caller's matter.
        whole.spawnsTasks = false
        return try await self.together(whole, agents, options)
    }

    private func together(
        _ whole: TaskSpec,
        _ agents: [AgentProfile],
        _ options: StartOptions
    ) async throws -> RunOutcome.TaskOutcome {
        var whole = whole
        // Parts without a name are called by their places.
        for place in whole.subtasks.indices where whole.subtasks[place].id.text.isEmpty {
            whole.subtasks[place].id = TaskID("\(whole.id).\(place + 1)")
        }
        let plan = Plan(id: whole.id.text, agents: agents, tasks: [whole])
        // Its parts stand behind it.
        return try await self.start(plan, options: options).outcome().tasks[0]
    }
}
