/// What whoever reads a report can do next.
package enum NextStep: Hashable, Sendable {
    /// A question is open.
    case answer(Question)
    /// A task failed for good; the remedy of its failure says what to mend.
    case mend(TaskIndex, Failure)
    /// The run has not ended: it goes on, or waits for somebody to let it go on.
    case goOn
    /// The run ended without all that was wanted.
    case runAgain
    /// Stand-ins have played the plan to its end; now it can be run for real.
    case runForReal
    /// All is done: the results can be used.
    case use
}

extension RunReport {
    /// What to do next, the most urgent first.
    package var nextSteps: [NextStep] {
        let answers = self.run.openQuestions.map { NextStep.answer($0) }
        let mends = self.rootFailures.compactMap { group -> NextStep? in
            guard case .failure(let task, let failure) = group.cause else { return nil }
            return .mend(task, failure)
        }
        guard case .ended(let end) = self.run.phase else { return answers + mends + [.goOn] }
        switch end {
        case .completed: return [self.isRehearsal ? .runForReal : .use]
        // Where all that is missing was left out on purpose, a fork would end as this run did.
        case .partial, .failed, .cancelled: return mends + [self.run.unfinished.isEmpty ? .use : .runAgain]
        }
    }
}
