import BatonCore
import BatonEngine

/// Prints a line for every change of a run: time, percent, agent, task, what.
struct RunPrinter {
    private let asJSON: Bool
    private(set) var sheet: RunSheet?
    private var view: EventView?
    private var taskWidth = 8
    private var agentWidth = 8

    init(asJSON: Bool) { self.asJSON = asJSON }

    /// Takes facts in; prints them unless they are old.
    mutating func take(_ facts: [Recorded], isOld: Bool = false) {
        for fact in facts {
            if self.sheet == nil { self.begin(fact) } else { self.sheet?.take(fact) }
            guard let event = self.view?.view(fact), !isOld else { continue }
            if self.asJSON {
                Console.print(event.json)
            } else if Self.isForPeople(fact.event) {
                Console.print(self.line(event, fact))
            }
        }
    }

    private mutating func begin(_ fact: Recorded) {
        self.sheet = RunSheet(fact)
        self.view = EventView(fact)
        guard let plan = self.sheet?.run.plan else { return }
        self.taskWidth = min(24, plan.tasks.map(\.id.text.count).max() ?? 8)
        self.agentWidth = min(14, plan.agents.map(\.id.text.count).max() ?? 8)
    }

    // Bookkeeping of steps says nothing that the lines about tasks do not say.
    private static func isForPeople(_ event: Event) -> Bool {
        switch event {
        case .stepOwed(let key, _): key.delivery > 1
        case .stepReturned, .stepLost: false
        case .created, .recovered, .attemptStarted, .stopRequested, .staleResult, .taskRested, .taskReady, .taskEnded,
            .asked,
            .answered, .paused, .resumed, .stopping, .ended:
            true
        }
    }

    private func line(_ event: RunEvent, _ fact: Recorded) -> String {
        let percent = padding("\(Int(self.sheet?.progress.percentage ?? 0))%", 4)
        let agent = Console.column(event.agent?.text ?? "", self.agentWidth)
        let task = Console.column(event.task?.text ?? "", self.taskWidth)
        let what = PlainText.line(event.summary, limit: 300)
        let head = Console.styled("\(self.time(fact.at)) \(percent)", .faint)
        let shown = Self.style(fact.event).map { Console.styled(what, $0) } ?? what
        return "\(head)  \(agent)  \(task)  \(shown)\(self.left(after: fact.event))"
    }

    // After a task: how long the rest may take, once there is something to judge by.
    private func left(after event: Event) -> String {
        guard case .taskEnded = event, let left = self.sheet?.progress.remaining, left >= .seconds(1) else { return "" }
        return Console.styled(", about \(Console.span(left)) left", .faint)
    }

    private func time(_ moment: Timestamp) -> String {
        guard self.sheet?.run.seed.mode == .rehearsal else { return Console.localTime(moment) }
        let date = CivilDate(moment)
        return "\(padded(date.month, 2))-\(padded(date.day, 2)) \(date.time)"
    }

    private static func style(_ event: Event) -> Console.Style? {
        switch event {
        case .taskEnded(_, .completed), .ended(.completed): .good
        case .taskEnded(_, .failed), .taskRested, .ended(.failed), .ended(.partial), .ended(.cancelled): .bad
        case .asked, .paused, .stopping, .taskEnded(_, .skipped), .taskEnded(_, .cancelled): .waiting
        case .created, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult,
            .taskReady,
            .answered, .resumed:
            nil
        }
    }

    /// A line for when nothing changes: how far, who is at work, how long it may last.
    func progressLine(at now: Timestamp) -> String? {
        guard let sheet = self.sheet, !self.asJSON else { return nil }
        let progress = sheet.progress
        let busy = progress.agents.filter { !$0.inHand.isEmpty }.prefix(4).map { load in
            "\(load.agent.text): \(load.inHand.prefix(3).map(\.text).joined(separator: " "))"
        }
        let left = progress.remaining.map { ", about \(Console.span($0)) left" } ?? ""
        return "\(self.time(now)) \(padding("\(Int(progress.percentage))%", 4))  "
            + "\(progress.endedTasks) of \(progress.totalTasks) ended, \(progress.runningTasks) in hand\(left)"
            + (busy.isEmpty ? "" : "  (\(busy.joined(separator: "; ")))")
    }
}

private func padding(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
