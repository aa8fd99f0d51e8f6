import BatonCore

/// Every decision of a schedule, drawn from a seed or given as a list.
///
/// Each subject has a stream of its own, so that one more draw in one of them shifts nothing in the others. The choice 0
/// is always the calm one: no fault, the smallest number. So a list that ends early plays on calmly, and the shrinker
/// makes lists shorter and smaller.
package struct Choices: Sendable {
    package enum Stream: Int, CaseIterable, Sendable {
        case plan
        case faults
        case people
        case work
        case agents
        case links
        case forks
        case minds
        case budgets
        case tools
        case loops
        case models
        case teams
        case delegations
        case proofs
        case needs
        case managers
        case meetings
    }

    private var streams: [SplitMix64]
    private let given: [UInt32]?
    private var used = 0
    private let isRecording: Bool
    /// What was chosen, in order, if it is recorded.
    package private(set) var made: [UInt32] = []

    package init(seed: UInt64, isRecording: Bool = false) {
        self.streams = Stream.allCases.map { SplitMix64(seed: seed, subject: CollectionOfOne(UInt64($0.rawValue))) }
        self.given = nil
        self.isRecording = isRecording
    }

    package init(_ given: [UInt32]) {
        self.streams = []
        self.given = given
        self.isRecording = true
    }

    /// A number from 0 up to but not including `bound`.
    package mutating func below(_ bound: Int, _ stream: Stream) -> Int {
        guard bound > 1 else { return 0 }
        let choice: Int
        if let given = self.given {
            choice = self.used < given.count ? Int(given[self.used]) % bound : 0
            self.used += 1
        } else {
            choice = self.streams[stream.rawValue].below(bound)
        }
        if self.isRecording { self.made.append(UInt32(choice)) }
        return choice
    }

    /// A number from `first` up to but not including `bound`.
    mutating func between(_ first: Int, _ bound: Int, _ stream: Stream) -> Int {
        first + self.below(bound - first, stream)
    }

    /// True in `share` of 1000 draws.
    package mutating func chance(_ share: Int, _ stream: Stream) -> Bool {
        share > 0 && self.below(1000, stream) >= 1000 - share
    }
}
