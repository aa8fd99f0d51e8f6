/// Bugs that the simulator has to find: `scripts/sim --planted` builds with `-DBATON_PLANTED` and switches on one at a time.
package enum PlantedBug: String, CaseIterable, Sendable {
    // In the rules.
    case meetingNeverEnds, decisionsForgotten
    case staleResultAccepted, deliveryNotRaised, failedDependencyTakenAsDone, pausedStillDispatches
    case cancelLeavesResting, questionNumberReused, answerTakenTwice, timeoutCountsFromFirstDelivery
    case retriesForgottenAtRecovery, timeLimitLostAtFold, dueOnlyWhenPast, stoppingFreesItsAgent, parkedNeverWoken
    case agingTooFast, strictIgnored, grantedNotCounted, timeLimitIgnoredWhilePaused, attendeesNotFreed
    case chosenLeadLostAtRecovery, retryAfterIgnored, backoffDoesNotGrow, skipLeavesDependents
    case unrepeatableRepeated, cancelledCompletes, agentTakesOneMore, pauseLostAtRecovery, permanentTriedAgain
    case oneAttemptTooMany, approvalKeptByReset, approvalNotWaitedFor, answerDeadlineForgotten
    case parkingKeepsWorseHead, parkedDeafToBetter, shareWakesOnlyIdle, retryAfterReplacesBackoff
    case editKeepsChosenLead, blockerAnswerToEveryone, nearTasksShareDemand
    case retryLeavesFurtherBehind, retryLeavesCancelled, retryRepeatsCancelled, formerFollowerForgotten,
        yesLeavesFallen, followersNotRecounted
    case resetKeepsHasBegun, retryTakesWhatPeopleSkipped, skipForgetsNote, answerRefusedWhilePaused
    case pauseStopsFirstOnly, pausedHandsOutAgain, priorityTakenTooLow, addTakesFirstOnly
    case forkForgetsPause, forkLeavesFallen, forkForgetsWords, forkKeepsOldCapacities, forkLeavesFreed,
        forkKeepsOldClocks, forkCutsCommands
    // In the engine's loop.
    case ackBeforeAppend, effectBeforeAppend, stateKeptAfterFailedAppend, doubleRecovery, slotsOverspent
    case decidedMeanwhileLeaves
    // Conversations.
    case pausedTalksOn, heldNeverGoesOn, heldBeginsAnew, toolRepeatedAfterCrash, refusedCallMade, questionForgetsWords,
        failureEndsConversation, otherModelForgotten
    case newStepTakenForLost
    case actionWithoutYes
    case managerAskedTwice, plannedApart
    case foreignToolTrusted
    case catalogueForgotten
    case fallbackForgotten, spawnsWithoutEnd
    case delegatorKeepsAgent, delegatorNotTold, delegatesInCircles, delegatesPastBudget, childGetsMoreTools,
        partsGoOnAlone,
        maskForgotten
    case strictStepIgnored, patternFallsWithPart
    case conditionIgnored, branchNotLeftOut, voteDecidedTooSoon
    case loopNotSeen, questionsWithoutEnd
    case modelsNotWeighed, timeNotHeld
    // Budgets.
    case claimTakenForDone, refutedCompletes, laterChecksForgotten, reviewedByItself
    case budgetNotHeld, lostIsUnspent, billTakenOnTrust, boundForgetsTurns, raiseForgotten

    #if BATON_PLANTED
    /// The one that is switched on.
    // Set by the hunt before it plays, which does so on one thread.
    nonisolated(unsafe) package static var active: PlantedBug?
    #else
    static let active: PlantedBug? = nil
    #endif
}

/// Whether this bug is switched on: never in a normal build, where the optimiser leaves nothing of it.
@inline(__always)
package func planted(_ bug: PlantedBug) -> Bool {
    #if BATON_PLANTED
    PlantedBug.active == bug
    #else
    false
    #endif
}

extension Run {
    /// What planted bugs forget when another engine takes over.
    mutating func forgetAsPlanted() {
        if planted(.chosenLeadLostAtRecovery) { self.leads = [:] }
        if planted(.pauseLostAtRecovery), self.phase == .paused { self.phase = .running }
        guard planted(.retriesForgottenAtRecovery) else { return }
        for task in self.tasks.indices { self.tasks[task].granted = self.tasks[task].attempts }
    }
}
