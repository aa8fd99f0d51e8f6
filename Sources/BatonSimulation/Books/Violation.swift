/// A rule that did not hold.
package struct Violation: Error, CustomStringConvertible {
    /// Such as `I-03 one terminal event`.
    package let rule: String
    package let detail: String

    init(_ rule: String, _ detail: @autoclosure () -> String) {
        self.rule = rule
        self.detail = detail()
    }

    package var description: String { "\(self.rule): \(self.detail)" }
}

/// Rare situations that a good simulator reaches; each at least once in 10,000 seeds, or the run of seeds fails.
package enum Sometimes: Int, CaseIterable, Sendable {
    case crashBeforeAppend, crashAfterAppend, crashWithinRelease, crashBetweenBatches
    case crashInRecovery, crashThriceInARow, crashWhilePaused, crashWhileStopping, crashWithNothingInHand
    case rowTorn, batchTornBetweenRuns, appendFailed, appendFailedYetStored
    case resultDuringSlowAppend, decidedWhileWriting, lateResultAfterRedelivery, lateResultAfterTaskEnded,
        lateResultAfterRunEnded
    case doubledResult, resultMeetsStop
    case completedThoughTimedOut, completedThoughPaused, cancelledThoughDone
    case timeoutFired, timedOutAndTriedAgain, triesUsedUp, retryAfterObeyed
    case unknownOutcomeAsked, unknownOutcomeAgain, unknownOutcomeAccepted
    case approvalAsked, approvalGiven, blockerAsked, blockerResolved, nobodyAnswered
    case staffingAsked, staffingAssigned, workAsked, workDone, workExpired
    case answeredTwice, answeredUnasked, pausedWithWorkInHand, pausedAtOnce, resumedAfterCrash
    case cancelledWhileResting, cancelledTwice, skippedWhileRunning, skipCascaded, failureCascaded
    case strictStopped, timeLimitWhileRunning, timeLimitWhilePaused, meetingBegan
    case clockJumpedForward, clockJumpedBack, outageOfADay
    case resetAfterFailure, restCutShort, editedWhileReady, editedWhileBlocked, addedTasks, reprioritizedReady, steered
    case endedCompleted, endedPartial, endedFailed, endedCancelled
    case runsShareSlots, slotsUsedUp, authorisedAndTakenBack, contradictionInOneBatch, handedOutThrice
    case ranInSpiteOfFailure
    case retryAfterTooShort, meetingAfterChoice, toldSeveralThings
    case followerLost, followerGained, fellBeforeTheYes, roseFurtherBehind, roseFromCancelled, waitedAnew
    case forked, forkedPaused, forkedAfterTheEnd, forkedAndRetried, forkedAndChanged, forkedLaterWithQuestions
    case forkedAmidCommand
    case toolsLookedUp, allCallsRefused, modelToldOfFailure, modelAskedAgain, otherModelAsked, conversationHeld,
        heldWentOn,
        conversationResumed
    case budgetAsked, budgetRaised, budgetStopped, cheaperAsked, shortWaited, lostCountedAsSpent, billClamped
    case actionAsked, actionDenied, consulted
    case wentInCircles, askedTooOften, fellBack
    case modelsWeighed, modelFellBehind
    case timeHeld, timeAsked
    case countedLongTokens, spawned, spawnedBySpawned
    case delegated, delegatedToMade, delegatedOn, delegationRefused, delegatorToldOfFailure, partGivenUp
    case phaseEntered, callMasked
    case claimed, proved, refuted, checkLeftOut
    case leftOut, branchLeftOut, neededAfterAll, voteDecided, voterStopped, meetingOver, followedThrough,
        askedAfterAll
    case brokenDown, planRefused, replanned, managerCalled, managerAnswered
    case shareBelowWhatIsInHand, shareOfBusyAgentGrew, passedWhoIsBusy
}

/// Which of them were reached.
package struct Reached: Equatable, Sendable {
    private var words: [UInt64] = [0, 0, 0]

    package init() {}

    mutating func insert(_ situation: Sometimes) {
        self.words[situation.rawValue / 64] |= 1 << UInt64(situation.rawValue % 64)
    }

    package mutating func formUnion(_ other: Reached) {
        for place in self.words.indices { self.words[place] |= other.words[place] }
    }

    package func contains(_ situation: Sometimes) -> Bool {
        self.words[situation.rawValue / 64] >> UInt64(situation.rawValue % 64) & 1 == 1
    }

    package var missing: [Sometimes] { Sometimes.allCases.filter { !self.contains($0) } }
}
