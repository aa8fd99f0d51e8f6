/// A fact of a run; never changes once it is in the journal.
package enum Event: Hashable, Sendable {
    // Large payloads are boxed, so that the common events stay small.
    indirect case created(RunSeed)
    /// An engine took the run over after another one had ended or died.
    case recovered(engine: String)
    case attemptStarted(TaskIndex, attempt: Int32, Assignment)
    /// Authorises the act; a higher delivery hands the same step out again.
    case stepOwed(StepKey, StepRequest)
    case stopRequested(StepKey, StopReason)
    case stepReturned(StepKey, StepResult)
    /// Nobody can tell any more what became of the step.
    case stepLost(StepKey)
    /// A step was stopped by a pause, and its attempt goes on from there when the run does.
    case attemptHeld(TaskIndex)
    /// A result whose key is not owed: recorded and ignored.
    case staleResult(StepKey)
    indirect case taskRested(TaskIndex, until: Timestamp, Failure)
    /// The last attempt failed, and the task is done another way from now on.
    indirect case taskFellBack(TaskIndex, Failure)
    /// A wait for time is over.
    case taskReady(TaskIndex)
    case taskEnded(TaskIndex, TaskEnd)
    indirect case asked(Question)
    indirect case answered(QuestionID, Answer)
    case paused
    case resumed
    /// From here on it is another run with a plan of its own, which shares all that was before.
    indirect case forked(RunSeed, from: RunID, at: Position)
    /// No more starts; what runs is told to stop.
    case stopping(StopCause)
    /// New tasks, behind those that there are.
    indirect case tasksAdded([TaskSpec], made: [AgentProfile] = [])
    /// An agent called for another one to do something: that is a task now, or was refused.
    indirect case delegated(Delegation)
    /// A task that has not started is another one from here on; its identifier stays.
    indirect case taskEdited(TaskIndex, TaskSpec)
    case taskReprioritized(TaskIndex, priority: Int32)
    /// Ended tasks begin anew, with all their attempts before them.
    indirect case tasksReset([TaskIndex])
    indirect case steered(Directive)
    case ended(RunEnd)
}

/// An event with its place, its time and who caused it.
package struct Recorded: Hashable, Sendable {
    package let position: Position
    package let at: Timestamp
    package let by: Origin
    package let event: Event

    package init(position: Position, at: Timestamp, by: Origin, event: Event) {
        self.position = position
        self.at = at
        self.by = by
        self.event = event
    }
}

/// Who caused an event.
package enum Origin: Hashable, Sendable {
    case engine
    case person(String)
    /// In an attempt of that task.
    case agent(AgentID, TaskID)
}

/// Everything that the rules ever read about a run from outside: fixed in its first event.
package struct RunSeed: Hashable, Sendable {
    package let run: RunID
    package let plan: Plan
    /// Where the journal keeps the plan's text; the plan itself is read from there.
    package let stored: Digest
    /// What jitter and stand-ins draw from.
    package let seed: UInt64
    package let mode: RunMode
    /// The version of the engine that made the run.
    package let engine: String
    /// Of the models that the plan names.
    package let prices: PriceTable

    package init(
        run: RunID,
        plan: Plan,
        stored: Digest,
        seed: UInt64,
        mode: RunMode,
        engine: String,
        prices: PriceTable = .none
    ) {
        self.run = run
        self.plan = plan
        self.stored = stored
        self.seed = seed
        self.mode = mode
        self.engine = engine
        self.prices = prices
    }
}

/// Whether the work is real.
package enum RunMode: String, Hashable, Sendable {
    /// Agents do the work.
    case real
    /// Stand-ins play every agent in virtual time, repeatable by seed.
    case rehearsal
}

/// How a task ended.
package indirect enum TaskEnd: Hashable, Sendable {
    case completed(Content)
    case failed(Failure)
    case skipped(SkipReason)
    case cancelled(StopCause)
}

package enum SkipReason: Hashable, Sendable {
    /// A task that it needs did not complete.
    case dependency(TaskIndex)
    /// With the reason, if one was given.
    case person(note: String)
    /// Nobody answered this question in time, and the plan leaves the task out then.
    case unanswered(QuestionID)
    /// What this task brought, or that it was left out itself, says that nobody needs it.
    case unneeded(TaskIndex)
    /// The vote that it is a part of was decided without it.
    case decided

    /// What those are told who come after a task that was left out.
    package static let leftOut = "skipped: not needed"
    /// What a vote is told of a voter whom nobody asked any more.
    package static let spared = "skipped: the vote was decided without it"
}

/// Why a run stops before its tasks are through.
package enum StopCause: Hashable, Sendable {
    case person
    /// A strict task failed.
    case strict(TaskIndex)
    case timeLimit
}

/// How a run ended.
public enum RunEnd: String, Hashable, Sendable, CaseIterable {
    /// All tasks are done.
    case completed
    /// Some tasks failed or were skipped because of a failure; the rest is done and kept.
    case partial
    /// Nothing came of it, or a strict task failed.
    case failed
    /// A person stopped it.
    case cancelled
}
