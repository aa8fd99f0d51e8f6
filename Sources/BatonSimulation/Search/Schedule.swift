package import BatonCore

/// One schedule: a seed, or a list of choices.
package enum Schedule: Sendable, CustomStringConvertible {
    case seed(UInt64)
    case choices([UInt32])
    /// A seed whose runs all have ``budget``, and no other limit.
    case bound(UInt64)

    /// What the runs of bound schedules may cost: half a US dollar.
    package static let budget = Money(microUSD: 500_000)

    package var description: String {
        switch self {
        case .seed(let seed): "--seed \(seed)"
        case .bound(let seed): "--bound-seed \(seed)"
        case .choices(let list): "--choices \(list.map(String.init).joined(separator: ","))"
        }
    }

    /// The world of the schedule, before anything has happened in it.
    package func world(isTraced: Bool = false, isRecording: Bool = false, crashAtAppend: Int? = nil) -> World {
        switch self {
        case .seed(let seed):
            World(
                Choices(seed: seed, isRecording: isRecording),
                number: seed,
                isTraced: isTraced,
                crashAtAppend: crashAtAppend
            )
        case .bound(let seed):
            World(
                Choices(seed: seed, isRecording: isRecording),
                number: seed,
                isTraced: isTraced,
                crashAtAppend: crashAtAppend,
                budget: Self.budget
            )
        case .choices(let list): World(Choices(list), isTraced: isTraced, crashAtAppend: crashAtAppend)
        }
    }

    /// Plays it to its end.
    package func play() throws -> World.Report {
        var world = self.world()
        return try world.play()
    }

    /// All facts of its first run, which shares no agent: what is left of one is no fact, so nobody could tell from these
    /// why another one was chosen.
    package func history() throws -> [Recorded] {
        var world = self.world()
        world.faults.leaveOut(.sharedAgents)
        _ = try world.play()
        return world.history
    }
}

/// Plays many seeds and adds up what they came to.
package struct Sweep: Sendable {
    package private(set) var schedules = 0
    package private(set) var events = 0
    package private(set) var applied = 0
    package private(set) var crashes = 0
    package private(set) var replays = 0
    package private(set) var reached = Reached()
    /// The most that providers have billed a run of.
    package private(set) var billed = Money.zero

    package init() {}

    /// - Throws: the violation of a schedule.
    package mutating func play(_ schedule: Schedule, _ seed: UInt64) throws {
        let report = try schedule.play()
        self.billed = max(self.billed, report.billed)
        self.schedules += 1
        self.events += report.events
        self.applied += report.applied
        self.crashes += report.crashes
        self.replays += report.replays
        self.reached.formUnion(report.reached)
        // One in a hundred twice: nothing may come from anywhere but the seed.
        guard seed % 100 == 0, try schedule.play() != report else { return }
        throw Violation("I-05 the same seed gives the same history", "seed \(seed)")
    }
}

extension Schedule {
    /// A schedule in the words of ``description``; nil if they are none.
    package init?(words: some Collection<Substring>) {
        guard words.count == 2, let kind = words.first, let value = words.dropFirst().first else { return nil }
        switch kind {
        case "--seed":
            guard let seed = UInt64(value) else { return nil }
            self = .seed(seed)
        case "--bound-seed":
            guard let seed = UInt64(value) else { return nil }
            self = .bound(seed)
        case "--choices":
            let list = value.split(separator: ",").map { UInt32($0) }
            guard list.allSatisfy({ $0 != nil }) else { return nil }
            self = .choices(list.compactMap(\.self))
        default: return nil
        }
    }

    /// Reads a schedule a line; what follows a `#` is for people.
    package static func corpus(_ text: String) throws -> [Schedule] {
        var schedules: [Schedule] = []
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(separator: " ")
            if words.isEmpty { continue }
            guard let schedule = Schedule(words: words) else {
                throw Violation("a corpus holds schedules", "line \(offset + 1): \(line)")
            }
            schedules.append(schedule)
        }
        return schedules
    }
}
