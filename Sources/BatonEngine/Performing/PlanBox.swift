import BatonCore

/// A run's plan behind one reference: orders of thousands of steps share it instead of copying their task and agent.
final class PlanBox: Sendable {
    let run: RunID
    let value: Plan
    let prices: PriceTable
    let seed: UInt64

    init(_ value: Plan, of run: RunID, _ prices: PriceTable = .none, seed: UInt64 = 0) {
        self.run = run
        self.value = value
        self.prices = prices
        self.seed = seed
    }

    func input(of task: TaskIndex) -> JSON { self.value.tasks[task.offset].input }

    func id(of task: TaskIndex) -> TaskID { self.value.tasks[task.offset].id }

    func description(of task: TaskIndex) -> String { self.value.tasks[task.offset].description }
}
