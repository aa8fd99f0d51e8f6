import HeapModule

/// Ready tasks by what they demand, and which demands may be served now.
///
/// Tasks that ask for the same agents share a demand with a heap of its own, so a busy agent blocks nobody else. A
/// demand whose agents are all busy is parked with them; when one of them becomes free, its demands compete with the
/// open ones. All of this follows from the events; entries that have become stale are skipped when they surface.
package struct ReadyQueue: Sendable {
    /// Who may serve a demand.
    package struct Demand: Sendable {
        package let candidates: Eligibility.Candidates
        fileprivate var tasks = Heap<Waiting>()
        fileprivate var isParked = false

        /// Agents whose becoming free may let the demand be served.
        fileprivate var agents: [AgentIndex] {
            switch candidates {
            case .eligible(let agents), .attendees(let agents), .nearest(let agents, _): agents
            case .nobody: []
            }
        }
    }

    // What tells demands apart: tasks of one can be served by the same agents at any time.
    private struct Served: Hashable {
        let candidates: Eligibility.Candidates
        let near: Int
    }

    /// A task that became ready once; stale as soon as it becomes ready again.
    fileprivate struct Waiting: Comparable, Sendable {
        let order: DispatchOrder
        let ticket: Int32

        static func < (left: Waiting, right: Waiting) -> Bool {
            left.order == right.order ? left.ticket < right.ticket : left.order < right.order
        }
    }

    /// The demands that wait for one agent, each with one entry that counts; others of it are stale.
    private struct Parking: Sendable {
        private var entries = Heap<Entry>()
        // The head that counts of each demand: never behind the best task of the demand, so that this surfaces in time.
        private var heads: [Int32: DispatchOrder] = [:]

        var isEmpty: Bool { self.heads.isEmpty }

        func holds(_ demand: Int32) -> Bool { self.heads[demand] != nil }

        /// The best entry that counts.
        var min: Entry? {
            mutating get {
                while let entry = self.entries.min {
                    if self.heads[entry.demand] == entry.head { return entry }
                    self.entries.removeMin()
                }
                return nil
            }
        }

        /// Takes an entry, unless it has one of the demand that is as good.
        mutating func insert(_ entry: Entry) {
            if let known = self.heads[entry.demand], planted(.parkingKeepsWorseHead) || known <= entry.head { return }
            self.heads[entry.demand] = entry.head
            self.entries.insert(entry)
        }

        mutating func remove(_ entry: Entry) { self.heads[entry.demand] = nil }
    }

    fileprivate struct Entry: Comparable, Sendable {
        let head: DispatchOrder
        let demand: Int32

        static func < (left: Entry, right: Entry) -> Bool {
            left.head == right.head ? left.demand < right.demand : left.head < right.head
        }
    }

    /// So few demands are looked through one by one; more have a heap of their heads.
    private static let few = 8

    package private(set) var demands: [Demand] = []
    private var indexes: [Served: Int32] = [:]
    private var open = Heap<Entry>()
    private var parked: [Parking]
    // Agents that became free while demands were parked with them.
    private var freed: [AgentIndex] = []
    // How often each task became ready: tells its last entry from older ones, which replay has never popped.
    private var tickets: [Int32]

    package init(agents: Int, tasks: Int) {
        self.parked = Array(repeating: Parking(), count: agents)
        self.tickets = Array(repeating: 0, count: tasks)
    }

    /// The number of the demand, new or known.
    ///
    /// - Parameter near: how many of the nearest may do it, where nobody fits.
    package mutating func demand(for candidates: Eligibility.Candidates, near: Int = 0) -> Int32 {
        let served = Served(candidates: candidates, near: near)
        if let known = self.indexes[served] { return known }
        let index = Int32(self.demands.count)
        self.indexes[served] = index
        self.demands.append(Demand(candidates: candidates))
        if self.demands.count == Self.few + 1 { self.beginHeap() }
        return index
    }

    private mutating func beginHeap() {
        for (index, demand) in self.demands.enumerated() where !demand.isParked {
            if let head = demand.tasks.min { self.open.insert(Entry(head: head.order, demand: Int32(index))) }
        }
    }

    /// Makes room for tasks that have been added to the plan.
    package mutating func grow(to tasks: Int) {
        guard tasks > self.tickets.count else { return }
        self.tickets += Array(repeating: 0, count: tasks - self.tickets.count)
    }

    /// Makes room for agents that have come to the plan.
    mutating func growAgents(to agents: Int) {
        guard agents > self.parked.count else { return }
        self.parked += Array(repeating: Parking(), count: agents - self.parked.count)
    }

    package mutating func insert(_ order: DispatchOrder, demand: Int32) {
        let index = Int(demand)
        self.tickets[order.task.offset] += 1
        let waiting = Waiting(order: order, ticket: self.tickets[order.task.offset])
        let isNewHead = self.demands[index].tasks.min.map { waiting < $0 } ?? true
        self.demands[index].tasks.insert(waiting)
        guard isNewHead else { return }
        let entry = Entry(head: order, demand: demand)
        if self.demands[index].isParked {
            if planted(.parkedDeafToBetter) { return }
            for agent in self.demands[index].agents where self.parked[agent.offset].holds(demand) {
                self.parked[agent.offset].insert(entry)
            }
        } else {
            self.offer(entry)
        }
    }

    private mutating func offer(_ entry: Entry) {
        if self.demands.count > Self.few { self.open.insert(entry) }
    }

    /// The best task that may be served: of an open demand, or of one that is parked with an agent who is free again.
    ///
    /// `isReady` tells stale entries from live ones.
    package mutating func best(
        isFree: (AgentIndex) -> Bool,
        isReady: (TaskIndex) -> Bool
    ) -> (task: TaskIndex, demand: Int32)? {
        var best = self.bestOpen(isReady)
        var opener: AgentIndex?
        self.freed = self.freed.filter { isFree($0) && !self.parked[$0.offset].isEmpty }
        for agent in self.freed {
            guard let entry = self.bestParked(with: agent, isReady), best.map({ entry < $0 }) ?? true else { continue }
            (best, opener) = (entry, agent)
        }
        guard let best else { return nil }
        if let opener {
            self.parked[opener.offset].remove(best)
            self.demands[Int(best.demand)].isParked = false
            self.offer(best)
        }
        return (best.head.task, best.demand)
    }

    private mutating func bestOpen(_ isReady: (TaskIndex) -> Bool) -> Entry? {
        guard self.demands.count > Self.few else {
            var best: Entry?
            for index in self.demands.indices where !self.demands[index].isParked {
                guard let head = self.head(Int32(index), isReady) else { continue }
                let entry = Entry(head: head, demand: Int32(index))
                if best.map({ entry < $0 }) ?? true { best = entry }
            }
            return best
        }
        while let entry = self.open.min {
            guard !self.demands[Int(entry.demand)].isParked, let head = self.head(entry.demand, isReady) else {
                self.open.removeMin()
                continue
            }
            if head == entry.head { return entry }
            self.open.removeMin()
            self.open.insert(Entry(head: head, demand: entry.demand))
        }
        return nil
    }

    private mutating func bestParked(with agent: AgentIndex, _ isReady: (TaskIndex) -> Bool) -> Entry? {
        while let entry = self.parked[agent.offset].min {
            guard self.demands[Int(entry.demand)].isParked else {
                self.parked[agent.offset].remove(entry)
                continue
            }
            guard let head = self.head(entry.demand, isReady) else {
                self.demands[Int(entry.demand)].isParked = false
                continue
            }
            if head == entry.head { return entry }
            self.parked[agent.offset].remove(entry)
            self.parked[agent.offset].insert(Entry(head: head, demand: entry.demand))
        }
        return nil
    }

    private mutating func head(_ demand: Int32, _ isReady: (TaskIndex) -> Bool) -> DispatchOrder? {
        while let first = self.demands[Int(demand)].tasks.min {
            let task = first.order.task
            if first.ticket == self.tickets[task.offset], isReady(task) { return first.order }
            self.demands[Int(demand)].tasks.removeMin()
        }
        return nil
    }

    /// Nobody can serve the demand before one of these is free.
    package mutating func park(_ demand: Int32, with busy: [AgentIndex]) {
        guard let head = self.demands[Int(demand)].tasks.min else { return }
        self.demands[Int(demand)].isParked = true
        // Most still have an entry from the last time. A worse one surfaces too early and is brought up to date then; one
        // that was made before a better task came would surface too late.
        for agent in busy { self.parked[agent.offset].insert(Entry(head: head.order, demand: demand)) }
    }

    /// The agent has room again: what is parked with it may be served.
    package mutating func free(_ agent: AgentIndex) {
        guard !self.parked[agent.offset].isEmpty, !self.freed.contains(agent) else { return }
        self.freed.append(agent)
    }
}
