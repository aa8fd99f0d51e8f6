import BatonCore

// Phases of agents: what may not be called in one is not, and nobody is done in one that is for thinking.
extension Ledger {
    static let phaseTool = "enter_phase"
    static let phases = ["planning", "executing"]

    /// Whether a call may be made, or handed on; one that enters a phase needs nobody.
    func mayCall(_ call: ToolCall, _ task: TaskIndex) -> Bool {
        guard self.has(call.tool, task), let talk = self.tasks[task.offset].talk else { return false }
        if call.tool == Ledger.phaseTool {
            guard let phase = call.input.inlined?["phase"]?.string, talk.phases.contains(phase) else { return false }
            self.tasks[task.offset].talk?.phase = phase
            self.reached.insert(.phaseEntered)
            return false
        }
        let acts = [Ledger.action, Ledger.foreignAction, Ledger.delegate].contains(call.tool)
        guard acts, talk.phase == "planning" else { return true }
        self.reached.insert(.callMasked)
        return false
    }

    /// It has said all, unless it may not be done yet: then it is asked again, twice at most.
    func answered(_ task: TaskIndex) {
        guard let talk = self.tasks[task.offset].talk, talk.phase == "planning" else {
            self.tasks[task.offset].talk?.next = .nothing
            return
        }
        guard talk.sentBack < 2 else { return self.cap(task, .permanent, "mind.phase") }
        self.tasks[task.offset].talk?.sentBack += 1
        self.goOn(task, from: talk.calls.count)
    }
}
