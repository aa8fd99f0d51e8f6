/// What happened, in order, for people: without the bookkeeping of steps, and of a long run only what is notable.
package struct Timeline: Sendable {
    /// More entries than this nobody reads.
    package static let most = 400

    package let entries: [RunEvent]
    /// How many events for people are not among the entries.
    package let leftOut: Int
    /// Whether only what is notable is shown: no starts and no ends of tasks that completed.
    package let isNotableOnly: Bool

    init(_ facts: [Recorded]) {
        let shown = facts.count { Self.isForPeople($0.event) }
        self.isNotableOnly = shown > Self.most
        let chosen =
            self.isNotableOnly
            ? facts.filter { Self.isForPeople($0.event) && Self.isNotable($0.event) }
            : facts.filter { Self.isForPeople($0.event) }
        // Of too many, how it began and how it ended tell most.
        let head = chosen.prefix(chosen.count <= Self.most ? chosen.count : Self.most / 2)
        let tail = chosen.dropFirst(head.count).suffix(Self.most / 2)
        let wanted = Set((head + tail).map(\.position))
        var entries: [RunEvent] = []
        if let first = facts.first, var view = EventView(first) {
            for fact in facts {
                if wanted.contains(fact.position) { entries.append(view.view(fact)) } else { view.pass(fact) }
            }
        }
        self.entries = entries
        self.leftOut = shown - entries.count
    }

    // Bookkeeping of steps says nothing that the entries about tasks do not say.
    private static func isForPeople(_ event: Event) -> Bool {
        switch event {
        case .stepOwed(let key, _): key.delivery > 1
        case .stepReturned: false
        case .created, .recovered, .attemptStarted, .stopRequested, .stepLost, .staleResult, .attemptHeld, .taskRested,
            .taskFellBack,
            .taskReady,
            .taskEnded, .asked, .answered, .paused, .resumed, .stopping, .ended, .tasksAdded, .delegated, .taskEdited,
            .taskReprioritized, .tasksReset, .steered, .forked:
            true
        }
    }

    private static func isNotable(_ event: Event) -> Bool {
        switch event {
        case .attemptStarted(_, _, let assignment): !assignment.gaps.isEmpty
        case .taskReady, .taskEnded(_, .completed), .taskEnded(_, .skipped(.dependency)), .taskEnded(_, .cancelled):
            false
        case .created, .recovered, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult, .attemptHeld,
            .taskRested, .taskFellBack,
            .taskEnded, .asked, .answered, .paused, .resumed, .stopping, .ended, .tasksAdded, .delegated, .taskEdited,
            .taskReprioritized, .tasksReset, .steered, .forked:
            true
        }
    }
}
