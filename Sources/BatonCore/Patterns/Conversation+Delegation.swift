// Calls that are other agents' work: the conversation waits until all of them that stand in a row have ended.
extension Conversation {
    /// What a call came to that was handed on, or whose end it waits for.
    enum HandedOn: Hashable, Sendable {
        case task(TaskIndex)
        case result(ToolResult)
    }

    /// The place of the call that can be handed on now; nil if there is none.
    ///
    /// Calls that stand in a row are handed on together, so that their work goes on side by side.
    var nextDelegation: Int32? {
        guard self.asked == nil, self.ended == nil, let last = self.turns.last else { return nil }
        let place = last.results.count + self.handedOn.count
        guard place < last.reply.calls.count, self.isDelegation(last.reply.calls[place]) else { return nil }
        return Int32(place)
    }

    // Whether a call is other agents' work, and in order.
    private func isDelegation(_ call: ToolCall) -> Bool {
        guard case .delegation? = self.nature(of: call.tool) else { return false }
        return self.objection(to: call) == nil
    }

    /// Whether a task is waited for.
    func waits(for task: TaskIndex) -> Bool { self.handedOn.values.contains(.task(task)) }

    /// The tasks that it waits for, in the order of the calls.
    package var othersTasks: [TaskIndex] {
        self.handedOn.sorted { $0.key < $1.key }.compactMap { if case .task(let task) = $0.value { task } else { nil } }
    }

    /// Whether it waits for others' work.
    var waitsForOthers: Bool { !self.handedOn.isEmpty }

    /// A call has become a task.
    mutating func handOn(_ place: Int32, to task: TaskIndex) { self.handedOn[place] = .task(task) }

    /// A call was refused, with why.
    mutating func refuse(_ place: Int32, _ words: String) {
        self.handedOn[place] = .result(ToolResult(content: .inline(.string(words)), isError: true))
        self.takeHandedOn()
    }

    /// A task that it waits for has ended.
    mutating func hear(_ result: ToolResult, of task: TaskIndex) {
        guard let place = self.handedOn.first(where: { $0.value == .task(task) })?.key else { return }
        self.handedOn[place] = .result(result)
        self.takeHandedOn()
    }

    // All together, when nothing is waited for any more: the agent is asked again with all of them anyway.
    private mutating func takeHandedOn() {
        guard self.handedOn.values.allSatisfy({ if case .result = $0 { true } else { false } }) else { return }
        let results = self.handedOn.sorted { $0.key < $1.key }
        self.handedOn = [:]
        for case (_, .result(let result)) in results { self.take(result) }
    }
}
