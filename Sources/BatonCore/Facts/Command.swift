/// A wish put to a run.
///
/// All input, time and capacity and start-up among it, comes as a command. Large payloads are boxed: most commands are
/// small results, and there are many.
package enum Command: Sendable {
    case returned(StepKey, StepResult)
    /// How many attempts the run may have in hand now; it fills them in dispatch order.
    case slots(Int)
    /// How many attempts of each agent the run may have in hand now, where the agent works for other runs too.
    case shares([AgentIndex: Int])
    /// `nextWake` has come.
    case tick
    /// First after a start: what was owed to the dead engine has an unknown fate.
    case recovered(engine: String)
    indirect case answer(QuestionID, Answer)
    case pause(now: Bool)
    case resume
    case cancel
    case skip(TaskIndex, note: String = "")
    /// Becomes another run; what differs in the seed's plan begins anew with all that follows from it.
    indirect case fork(RunSeed, retrying: [TaskIndex] = [], isCarried: Bool = true)
    /// A task that failed or was skipped begins anew, and with it all that was given up because of it; one that rests
    /// does not wait any longer.
    case retry(TaskIndex)
    case reprioritize(TaskIndex, Int)
    case add([TaskSpec])
    indirect case edit(TaskIndex, TaskSpec)
    indirect case steer(Directive.Audience, Content)
}

/// Why a command is not carried out.
package struct Refusal: Error, Hashable, Sendable {
    /// Stable, such as `run.ended`.
    package let code: String
    /// What is refused and why.
    package let message: String
    /// The next step.
    package let remedy: String

    package init(_ code: String, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

/// What handling a command brought: facts to store, and what may be done once they are stored.
package struct Emission: Sendable {
    package var facts: [Recorded] = []
    package var changes = Changes()

    package init() {}
}

/// Acts that events authorise; replay throws them away.
package struct Changes: Sendable {
    package var started: [StepKey] = []
    package var stopped: [StepKey] = []

    package init() {}
}
