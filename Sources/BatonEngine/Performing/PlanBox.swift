import BatonCore

/// A plan behind one reference: orders of thousands of steps share it instead of copying their task and agent.
final class PlanBox: Sendable {
    let value: Plan

    init(_ value: Plan) { self.value = value }

    func input(of task: TaskIndex) -> JSON { self.value.tasks[task.offset].input }

    func id(of task: TaskIndex) -> TaskID { self.value.tasks[task.offset].id }

    func description(of task: TaskIndex) -> String { self.value.tasks[task.offset].description }
}
