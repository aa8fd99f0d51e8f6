import HeapModule

/// Ready tasks by what they demand, and which demands may be served now.
///
/// Tasks that ask for the same agents share a demand with a heap of its own, so a busy agent blocks nobody else. A
/// demand whose agents are all busy is parked with them; an agent that becomes free opens the best demand parked with it. All
/// of this follows from the events; entries that have become stale are skipped when they surface.
package struct ReadyQueue: Sendable {
    /// Who may serve a demand.
    package struct Demand: Sendable {
        package let candidates: Eligibility.Candidates
        fileprivate var tasks = Heap<DispatchOrder>()
        fileprivate var isParked = false

        /// Agents whose becoming free may let the demand be served.
        fileprivate var agents: [AgentIndex] {
            switch candidates {
            case .eligible(let agents), .attendees(let agents), .nearest(let agents, _): agents
            case .nobody: []
            }
        }
    }

    fileprivate struct Entry: Comparable, Sendable {
        let head: DispatchOrder
        let demand: Int32

        static func < (left: Entry, right: Entry) -> Bool {
            left.head == right.head ? left.demand < right.demand : left.head < right.head
        }
    }

    package private(set) var demands: [Demand] = []
    private var indexes: [Eligibility.Candidates: Int32] = [:]
    private var open = Heap<Entry>()
    private var parked: [Heap<Entry>]

    package init(agents: Int) { self.parked = Array(repeating: Heap(), count: agents) }

    /// The number of the demand, new or known.
    package mutating func demand(for candidates: Eligibility.Candidates) -> Int32 {
        if let known = self.indexes[candidates] { return known }
        let index = Int32(self.demands.count)
        self.indexes[candidates] = index
        self.demands.append(Demand(candidates: candidates))
        return index
    }

    package mutating func insert(_ order: DispatchOrder, demand: Int32) {
        let index = Int(demand)
        let isNewHead = self.demands[index].tasks.min.map { order < $0 } ?? true
        self.demands[index].tasks.insert(order)
        guard isNewHead else { return }
        let entry = Entry(head: order, demand: demand)
        if self.demands[index].isParked {
            for agent in self.demands[index].agents { self.parked[agent.offset].insert(entry) }
        } else {
            self.open.insert(entry)
        }
    }

    /// The best task of an open demand; `isReady` tells stale entries from live ones.
    package mutating func best(where isReady: (TaskIndex) -> Bool) -> (task: TaskIndex, demand: Int32)? {
        while let entry = self.open.min {
            guard !self.demands[Int(entry.demand)].isParked else {
                self.open.removeMin()
                continue
            }
            guard let head = self.head(entry.demand, isReady) else {
                self.open.removeMin()
                continue
            }
            if head == entry.head { return (head.task, entry.demand) }
            self.open.removeMin()
            self.open.insert(Entry(head: head, demand: entry.demand))
        }
        return nil
    }

    private mutating func head(_ demand: Int32, _ isReady: (TaskIndex) -> Bool) -> DispatchOrder? {
        while let order = self.demands[Int(demand)].tasks.min {
            if isReady(order.task) { return order }
            self.demands[Int(demand)].tasks.removeMin()
        }
        return nil
    }

    /// Nobody can serve the demand before one of these is free.
    package mutating func park(_ demand: Int32, with busy: [AgentIndex]) {
        guard let head = self.demands[Int(demand)].tasks.min else { return }
        self.demands[Int(demand)].isParked = true
        for agent in busy { self.parked[agent.offset].insert(Entry(head: head, demand: demand)) }
    }

    /// Opens the best demand that waits for this agent; false if none does.
    package mutating func unparkBest(of agent: AgentIndex, where isReady: (TaskIndex) -> Bool) -> Bool {
        while let entry = self.parked[agent.offset].popMin() {
            guard self.demands[Int(entry.demand)].isParked else { continue }
            guard let head = self.head(entry.demand, isReady) else {
                self.demands[Int(entry.demand)].isParked = false
                continue
            }
            if head > entry.head {
                self.parked[agent.offset].insert(Entry(head: head, demand: entry.demand))
                continue
            }
            self.demands[Int(entry.demand)].isParked = false
            self.open.insert(Entry(head: head, demand: entry.demand))
            return true
        }
        return false
    }
}
