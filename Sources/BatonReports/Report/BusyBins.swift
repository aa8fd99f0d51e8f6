import BatonCore

/// How much each agent had in hand in each of many equal pieces of the time of a run.
struct BusyBins {
    static let count = 140
    /// The heights that are told apart.
    static let levels = 4

    /// A piece of time in which an agent was as busy throughout.
    struct Span: Hashable {
        let from: Duration
        let to: Duration
        /// 1 to ``BusyBins/levels``.
        let level: Int
    }

    private let width: Double
    private var busy: [[Double]]
    private let capacities: [Double]

    init(_ report: RunReport) {
        let total = report.elapsed.inSeconds
        self.width = total / Double(Self.count)
        self.capacities = report.plan.agents.map { Double(max(1, $0.maxConcurrentTasks)) }
        self.busy = report.plan.agents.map { _ in Array(repeating: 0, count: Self.count) }
        guard self.width > 0 else { return }
        for account in report.tasks {
            for (attempt, piece) in account.attempts.flatMap({ attempt in
                attempt.stretches(at: report.now).map { (attempt, $0) }
            }) {
                let start = max(0, (piece.from - report.run.began).inSeconds)
                let end = min(total, (piece.to - report.run.began).inSeconds)
                guard start < end else { continue }
                for agent in attempt.assignment.agents where self.busy.indices.contains(agent.offset) {
                    self.add(from: start, to: end, &self.busy[agent.offset])
                }
            }
        }
    }

    private func add(from start: Double, to end: Double, _ bins: inout [Double]) {
        let first = min(Self.count - 1, Int(start / self.width))
        let last = min(Self.count - 1, Int(end / self.width))
        for bin in first...max(first, last) {
            let (left, right) = (Double(bin) * self.width, Double(bin + 1) * self.width)
            bins[bin] += max(0, min(right, end) - max(left, start))
        }
    }

    func spans(of agent: AgentIndex) -> [Span] {
        guard self.busy.indices.contains(agent.offset), self.width > 0 else { return [] }
        let levels = self.busy[agent.offset].map { self.level($0, of: self.capacities[agent.offset]) }
        var spans: [Span] = []
        var start = 0
        for bin in 1...Self.count where bin == Self.count || levels[bin] != levels[start] {
            if levels[start] > 0 {
                spans.append(Span(from: self.time(start), to: self.time(bin), level: levels[start]))
            }
            start = bin
        }
        return spans
    }

    private func time(_ bin: Int) -> Duration { .seconds(fraction: Double(bin) * self.width) }

    // What is busy at all is seen.
    private func level(_ seconds: Double, of capacity: Double) -> Int {
        let share = seconds / (self.width * capacity)
        guard share.isFinite, share > 0.001 else { return 0 }
        return min(Self.levels, max(1, Int((min(1, share) * Double(Self.levels)).rounded(.up))))
    }
}
