/// Which faults a schedule has, and how often: a subset, so that some schedules are calm in all but one respect.
struct Faults {
    /// Rates are shares of 1000 of the moments at which the fault could happen.
    enum Kind: Int, CaseIterable {
        /// The engine dies around an append or between two.
        case crash
        /// It dies again while it takes over.
        case crashInRecovery
        /// The adapter tears a batch: between the rows of two runs, or inside a row.
        case tornAppend
        /// EIO or ENOSPC; the rows may be on disk all the same.
        case failedAppend
        case slowAppend
        /// A result of a dead engine's step arrives at the next engine.
        case lateResult
        case doubledResult
        case failingStep
        /// It does not return before its timeout.
        case hungStep
        case longStep
        /// It finishes just as the stop reaches it.
        case racingStop
        case clockJump
        case lateAlarm
        /// Nobody starts the engine again for a day.
        case longOutage
        case controls
        case changes
        /// Commands that make no sense, are late, or come twice.
        case nonsense
        case slowPeople
        /// Agents work for other runs too: what this one may have of them shrinks and grows.
        case sharedAgents
    }

    private var rates = [Int](repeating: 0, count: Kind.allCases.count)
    private(set) var isHealed = false

    init(_ choices: inout Choices) {
        // One in sixteen has none at all.
        guard choices.below(16, .faults) > 0 else { return }
        for kind in Kind.allCases {
            let stream = kind == .sharedAgents ? Choices.Stream.agents : .faults
            guard choices.below(2, stream) == 1 else { continue }
            let strength = choices.below(3, stream)
            self.rates[kind.rawValue] = Self.rates(of: kind)[strength]
        }
    }

    private static func rates(of kind: Kind) -> [Int] {
        switch kind {
        case .crash: [20, 80, 250]
        case .crashInRecovery: [100, 300, 600]
        case .tornAppend: [100, 300, 600]
        case .failedAppend: [10, 30, 100]
        case .slowAppend: [50, 200, 500]
        case .lateResult: [100, 400, 900]
        case .doubledResult: [30, 100, 400]
        case .failingStep: [100, 300, 700]
        case .hungStep: [20, 80, 250]
        case .longStep: [50, 200, 500]
        case .racingStop: [200, 500, 900]
        case .clockJump: [5, 20, 60]
        case .lateAlarm: [100, 300, 600]
        case .longOutage: [50, 150, 400]
        case .controls: [10, 30, 90]
        case .changes: [10, 40, 120]
        case .nonsense: [20, 60, 200]
        case .slowPeople: [400, 700, 900]
        case .sharedAgents: [30, 100, 300]
        }
    }

    func rate(_ kind: Kind) -> Int { self.isHealed ? 0 : self.rates[kind.rawValue] }

    mutating func leaveOut(_ kind: Kind) { self.rates[kind.rawValue] = 0 }

    /// From now on the world behaves.
    mutating func heal() { self.isHealed = true }
}
