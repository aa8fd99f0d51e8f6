import BatonCore

extension LiveScreen {
    // MARK: What needs a look: questions, then failures, then what is tried again

    func alerts(rows: Int) -> [StyledText] {
        let questions = self.board.openQuestions.filter { $0.id != self.asked }
        let resting = self.board.resting.values.sorted { $0.task < $1.task }
        let failed = self.board.progress.failedTasks
        guard questions.count + resting.count + failed > 0, rows > 0 else { return [] }
        let mishaps = (self.board.failures.reversed() + resting).map { self.row(of: $0) }
        let all = questions.count + resting.count + failed
        guard all > rows else { return questions.map { self.row(of: $0) } + mishaps }
        // Neither hides the other: each may have half, and what the other leaves.
        let half = (rows - 1) / 2
        let asked = min(questions.count, max(rows - 1 - min(mishaps.count, half), half))
        let broken = min(mishaps.count, rows - 1 - asked)
        let hidden = [
            (questions.count - asked, "to answer"), (failed + resting.count - broken, "failed"),
        ].filter { $0.0 > 0 }.map { "\($0.0) more \($0.1)" }
        return questions.prefix(asked).map { self.row(of: $0) } + mishaps.prefix(broken)
            + [
                StyledText(
                    "… \(hidden.joined(separator: ", ")); see: \(self.command(["why", self.board.run.text]))",
                    .faint
                )
            ]
    }

    private func row(of question: Question) -> StyledText {
        StyledText(
            "\(self.glyphs.question) \(question.id)  \(QuestionLines.words(question, in: self.board.plan))",
            .waiting
        )
    }

    private func row(of mishap: LiveBoard.Mishap) -> StyledText {
        let agent = mishap.agent.flatMap { self.profile($0)?.id.text } ?? ""
        let head = "\(self.column(task: mishap.task))  \(TextWidth.column(name: agent, self.agentWidth))  "
        let words = PlainText.line(mishap.failure.lastWords, limit: 300)
        guard let until = mishap.until else {
            return StyledText("\(self.glyphs.failed) \(head)", .bad)
                + StyledText("failed [\(mishap.failure.code)]: \(words)", .bad)
        }
        let wait = SpanText.of(max(.zero, until - self.now))
        return StyledText("\(self.glyphs.resting) \(head)next try in \(wait): \(words)", .waiting)
    }

    // MARK: Tasks, in hand first where not all fit

    func tasks(rows: Int) -> [StyledText] {
        guard rows > 0 else { return [] }
        let count = self.board.stands.count
        if count <= rows { return (0..<count).map { self.row(ofTask: TaskIndex($0)) } }
        let inHand = self.board.progress.tasksInHand
        var shown = Array(inHand.prefix(rows - 1))
        var waiting = 0
        for (offset, stand) in self.board.stands.enumerated() where stand == .waiting {
            waiting += 1
            if shown.count < rows - 1 { shown.append(TaskIndex(offset)) }
        }
        var rest: [String] = []
        let hidden = max(0, inHand.count - (rows - 1))
        if hidden > 0 { rest.append("\(hidden) more in hand") }
        if waiting > 0 { rest.append("\(waiting) waiting") }
        rest.append("\(self.board.progress.endedTasks) ended")
        return shown.map { self.row(ofTask: $0) } + [StyledText("… \(rest.joined(separator: ", "))", .faint)]
    }

    private func row(ofTask task: TaskIndex) -> StyledText {
        let stand = self.board.stands[task.offset]
        let agent = self.board.agent(of: task).flatMap { self.profile($0)?.id.text } ?? ""
        let (sign, style) = self.sign(of: stand)
        var line = StyledText("\(sign) ", style)
        line.append("\(self.column(task: task))  ")
        line.append("\(TextWidth.column(name: agent, self.agentWidth))  ", .faint)
        switch stand {
        case .inHand, .stopping:
            guard let since = self.board.progress.hands.since(of: task) else { break }
            let attempt = self.board.attempt(of: task)
            line.append(TextWidth.column(SpanText.of(self.now - since), Self.timeWidth), style)
            if attempt > 1 { line.append("  try \(attempt)", .waiting) }
            if stand == .stopping { line.append("  is told to stop", .waiting) }
            let id = self.id(of: task)
            if let words = self.said(TaskID(id), attempt) {
                line.append("  \(PlainText.line(PlainText.uncoloured(words), limit: 300))", .faint)
            }
        case .completed:
            line.append(self.board.spans[task].map { SpanText.of($0) } ?? "done", style)
        case .waiting, .resting, .blocked, .failed, .skipped, .cancelled:
            line.append(Self.word(of: stand), style)
        }
        return line
    }

    private func sign(of stand: LiveBoard.Stand) -> (String, StyledText.Style) {
        switch stand {
        case .waiting: (self.glyphs.waiting, .faint)
        case .inHand: (self.glyphs.spinner[self.tick % self.glyphs.spinner.count], .active)
        case .stopping: (self.glyphs.spinner[self.tick % self.glyphs.spinner.count], .waiting)
        case .resting: (self.glyphs.resting, .waiting)
        case .blocked: (self.glyphs.question, .waiting)
        case .completed: (self.glyphs.completed, .good)
        case .failed: (self.glyphs.failed, .bad)
        case .skipped, .cancelled: (self.glyphs.left, .waiting)
        }
    }

    private static func word(of stand: LiveBoard.Stand) -> String {
        switch stand {
        case .waiting: "waiting"
        case .resting: "failed, is tried again"
        case .blocked: "waits for a person"
        case .failed: "failed"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        case .inHand, .stopping, .completed: ""
        }
    }

    // MARK: Agents

    func agents(rows: Int) -> [StyledText] {
        guard rows > 2 else { return [] }
        let loads = self.board.progress.agents
        var order = Array(loads.indices)
        let isCut = order.count > rows - 1
        if isCut { order.sort { (-loads[$0].inHand.count, $0) < (-loads[$1].inHand.count, $1) } }
        let shown = isCut ? order.prefix(rows - 2) : order[...]
        var lines = [
            StyledText("  \(TextWidth.column("AGENT", self.agentWidth))  DONE  FAILED  WAITING  IN HAND", .faint)
        ]
        lines += shown.map { self.row(ofAgent: $0, loads[$0]) }
        guard isCut else { return lines }
        let left = order.dropFirst(rows - 2)
        let busy = left.filter { !loads[$0].inHand.isEmpty }.count
        return lines + [StyledText("  … and \(left.count) more agents, \(busy) of them at work", .faint)]
    }

    private func row(ofAgent offset: Int, _ load: Progress.AgentLoad) -> StyledText {
        var line = StyledText("  \(TextWidth.column(name: load.agent.text, self.agentWidth))")
        line.append("  \(TextWidth.column("\(load.completed)", 4))")
        line.append("  \(TextWidth.column("\(load.failed)", 6))", load.failed > 0 ? .bad : .plain)
        line.append("  \(TextWidth.column("\(self.board.waiting[offset])", 7))  ")
        line.append(load.inHand.isEmpty ? "idle" : load.inHand.prefix(8).map(\.text).joined(separator: " "), .faint)
        return line
    }

    // MARK: Names

    private static let timeWidth = 9

    private func column(task: TaskIndex) -> String { TextWidth.column(name: self.id(of: task), self.taskWidth) }

    private func id(of task: TaskIndex) -> String {
        self.board.plan.tasks.indices.contains(task.offset) ? self.board.plan.tasks[task.offset].id.text : "#\(task)"
    }

    private func profile(_ agent: AgentIndex) -> AgentProfile? {
        self.board.plan.agents.indices.contains(agent.offset) ? self.board.plan.agents[agent.offset] : nil
    }

    private var taskWidth: Int { min(self.board.longestTaskName, max(10, self.size.width / 4)) }

    private var agentWidth: Int { max(5, min(self.board.longestAgentName, max(6, self.size.width / 6))) }
}
