/// What an attempt is told, by its length.
struct PromptWords {
    let task: TaskIndex
    let lead: AgentIndex
    /// Bytes of all before the first answer, words of people apart.
    let base: Int64
    private let directives: [(number: Int32, bytes: Int64)]

    init(_ run: Run, _ task: TaskIndex, _ assignment: Assignment) {
        let spec = run.spec(task)
        self.task = task
        self.lead = assignment.lead
        let output = { (index: TaskIndex) -> Int64 in
            switch run.tasks[index.offset].state {
            case .ended(.completed(let content)): PromptBound.bytes(of: content)
            case .ended(.failed(let failure)): Int64(failure.message.utf8.count)
            case .ended, .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: 16
            }
        }
        let filled = { (text: JSON) -> Int64 in
            var bytes: Int64 = 0
            // Within a value an output is quoted once more.
            let rest = Template(text).expanded(
                { _ in nil },
                otherwise: { id in
                    bytes += 2 * (run.index(of: id).map(output) ?? 0)
                    return .null
                }
            )
            return bytes + Int64(rest.description.utf8.count)
        }
        var base = PromptBound.frame + PromptBound.bytes(of: run.profile(assignment.lead))
        base += Int64(spec.id.text.utf8.count) + filled(.string(spec.description)) + filled(spec.input)
        base += Int64(spec.form(by: run.profile(assignment.lead))?.description.utf8.count ?? 0)
        for tool in spec.tools(of: run.profile(assignment.lead)) { base += BuiltInTool.named(tool)?.bytes ?? 0 }
        for line in run.plan.colleagues(of: run.profile(assignment.lead), for: spec) {
            base += Int64(line.utf8.count) + 4
        }
        for dependency in run.graph.dependencies[task] {
            let index = TaskIndex(Int(dependency))
            base += output(index) + Int64(run.spec(index).id.text.utf8.count) + PromptBound.fence
            base += run.source(of: index)?.bytes ?? 0
        }
        base += run.asker(of: task)?.bytes ?? 0
        if let meeting = run.plan.meeting(of: spec) {
            base += 64 + Int64(meeting.agenda.reduce(0) { max($0, $1.topic.utf8.count) })
        }
        if let (above, content) = run.claimed(by: task) {
            base += PromptBound.bytes(of: content) + Int64(run.spec(above).id.text.utf8.count) + PromptBound.fence
        }
        self.base = base
        self.directives = run.directives(for: task, assignment).map {
            (
                $0.number,
                PromptBound.bytes(of: $0.text) + 64
                    + ($0.sender == .person ? 0 : Int64($0.sender.agent?.text.utf8.count ?? 0) + 96 + PromptBound.fence)
            )
        }
    }

    /// Bytes of what people have said to the attempt, up to a directive.
    func said(until number: Int32) -> Int64 {
        self.directives.reduce(0) { $1.number <= number ? $0 + $1.bytes : $0 }
    }
}
