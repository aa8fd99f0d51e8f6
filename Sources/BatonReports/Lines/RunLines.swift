package import BatonCore

/// A line for every change of a run: time, percent, agent, task, what.
package struct RunLines: Sendable {
    /// What the facts so far add up to.
    package private(set) var sheet: RunSheet?
    private var view: EventView?
    private var eta = Eta()
    private var taskWidth = 8
    private var agentWidth = 8
    private let timeOfDay: @Sendable (Timestamp) -> String

    package init(timeOfDay: @escaping @Sendable (Timestamp) -> String) { self.timeOfDay = timeOfDay }

    /// Takes a fact in.
    ///
    /// - Returns: the event, and its line if it says something to people; nil before the first event of a run.
    package mutating func take(_ fact: Recorded) -> (event: RunEvent, line: StyledText?)? {
        if self.sheet == nil { self.begin(fact) } else { self.sheet?.take(fact) }
        switch fact.event {
        case .tasksAdded, .delegated: self.measure()
        default: break
        }
        if let sheet = self.sheet { self.eta.take(sheet.progress, in: sheet.run.graph) }
        guard let event = self.view?.view(fact) else { return nil }
        return (event, Self.isForPeople(fact.event) ? self.line(event, fact) : nil)
    }

    private mutating func begin(_ fact: Recorded) {
        self.sheet = RunSheet(fact)
        self.view = EventView(fact)
        self.measure()
    }

    private mutating func measure() {
        guard let plan = self.sheet?.run.plan else { return }
        self.taskWidth = min(24, plan.tasks.map(\.id.text.count).max() ?? 8)
        self.agentWidth = min(14, plan.agents.map(\.id.text.count).max() ?? 8)
    }

    // Bookkeeping of steps says nothing that the lines about tasks do not say.
    private static func isForPeople(_ event: Event) -> Bool {
        switch event {
        case .stepOwed(let key, _): key.delivery > 1
        case .stepReturned, .stepLost: false
        case .created, .recovered, .attemptStarted, .stopRequested, .staleResult, .attemptHeld, .taskRested,
            .taskFellBack, .taskReady,
            .taskEnded,
            .asked, .answered, .paused, .resumed, .stopping, .ended, .tasksAdded, .delegated, .taskEdited,
            .taskReprioritized,
            .tasksReset, .steered, .forked:
            true
        }
    }

    private func line(_ event: RunEvent, _ fact: Recorded) -> StyledText {
        var line = self.head(fact.at)
        line.append("  \(TextWidth.column(event.agent?.text ?? "", self.agentWidth))")
        line.append("  \(TextWidth.column(event.task?.text ?? "", self.taskWidth))  ")
        line.append(PlainText.line(event.summary, limit: 300), Self.style(fact.event))
        line.append(self.left(after: fact.event), .faint)
        return line
    }

    private func head(_ moment: Timestamp) -> StyledText {
        let percent = "\(Int(self.sheet?.progress.percentage ?? 0))%"
        return StyledText(
            "\(self.time(moment)) \(String(repeating: " ", count: max(0, 4 - percent.count)))\(percent)",
            .faint
        )
    }

    // After a task: how long the rest may take, once there is something to judge by.
    private func left(after event: Event) -> String {
        guard case .taskEnded = event, self.eta.isMeasured, let now = self.sheet?.run.now,
            let left = self.eta.left(at: now), left >= .seconds(1)
        else { return "" }
        return ", \(SpanText.left(left, isMeasured: true))"
    }

    private func time(_ moment: Timestamp) -> String {
        guard self.sheet?.run.seed.mode == .rehearsal else { return self.timeOfDay(moment) }
        let date = CivilDate(moment)
        return "\(padded(date.month, 2))-\(padded(date.day, 2)) \(date.time)"
    }

    private static func style(_ event: Event) -> StyledText.Style {
        switch event {
        case .taskEnded(_, .completed), .ended(.completed): .good
        case .taskEnded(_, .failed), .taskRested, .taskFellBack, .ended(.failed), .ended(.partial), .ended(.cancelled):
            .bad
        case .delegated(let delegation): delegation.spec == nil ? .bad : .plain
        case .asked, .paused, .stopping, .taskEnded(_, .skipped), .taskEnded(_, .cancelled): .waiting
        case .created, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult,
            .attemptHeld, .taskReady, .answered, .resumed, .tasksAdded, .taskEdited, .taskReprioritized, .tasksReset,
            .steered,
            .forked:
            .plain
        }
    }

    /// A line for when nothing changes: how far, who is at work, how long it may last; nil before the first event.
    package func progressLine(at now: Timestamp) -> StyledText? {
        guard let progress = self.sheet?.progress else { return nil }
        let busy = progress.agents.filter { !$0.inHand.isEmpty }.prefix(4).map { load in
            "\(load.agent.text): \(load.inHand.prefix(3).map(\.text).joined(separator: " "))"
        }
        let left = self.eta.left(at: now).map { ", \(SpanText.left($0, isMeasured: self.eta.isMeasured))" } ?? ""
        var line = self.head(now)
        line.append("  \(progress.endedTasks) of \(progress.totalTasks) ended, \(progress.runningTasks) in hand\(left)")
        if !busy.isEmpty { line.append("  (\(busy.joined(separator: "; ")))") }
        return line
    }
}
