import BatonCore
import BatonSimulation

/// `scripts/sim`: plays seeds, replays one, hunts planted bugs, or goes through small scopes exhaustively.
@main
struct Main {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case "--seeds": Self.sweep(words.dropFirst().first ?? "0..20000") { .seed($0) }
        case "--bound-seeds": Self.sweep(words.dropFirst().first ?? "0..20000") { .bound($0) }
        case "--seed", "--choices", "--bound-seed": Self.replay(Schedule(words: words.map { $0[...] }))
        case "--exhaustive":
            let numbers = words.dropFirst().compactMap { Int($0) }
            Hunts.exhaustive(depth: numbers.first ?? 12, wishes: numbers.dropFirst().first ?? 1)
        case "--planted": Hunts.planted(Array(words.dropFirst()))
        case "--corpus": Hunts.corpus(words.dropFirst().first ?? "Tests/Fixtures/simulation-corpus")
        default: Self.usage()
        }
    }

    static func usage() -> Never {
        print(
            "sim [--seeds A..B | --bound-seeds A..B | --seed N | --bound-seed N | --choices a,b,… | --planted [bug…] | --exhaustive [depth [commands]] | --corpus FILE]; see docs/simulator.md"
        )
        Hunts.end(64)
    }

    // MARK: Many

    private static func sweep(_ range: String, _ schedule: (UInt64) -> Schedule) {
        let ends = range.split(separator: ".").compactMap { UInt64($0) }
        guard ends.count == 2, ends[0] < ends[1] else { Self.usage() }
        var sweep = Sweep()
        let clock = ContinuousClock()
        let began = clock.now
        for seed in ends[0]..<ends[1] {
            do {
                try sweep.play(schedule(seed), seed)
            } catch {
                Hunts.report(schedule(seed), error)
                Hunts.end(1)
            }
        }
        let seconds = (clock.now - began) / .seconds(1)
        Self.show(sweep, seconds)
        // What is bound to a sum of money does not meet everything else.
        if case .bound = schedule(0) {
            return print("the dearest run was billed \(sweep.billed) of \(Schedule.budget)")
        }
        if sweep.schedules >= 10_000, !sweep.reached.missing.isEmpty {
            print("never reached: \(sweep.reached.missing.map { "\($0)" }.joined(separator: ", "))")
            Hunts.end(1)
        }
    }

    private static func show(_ sweep: Sweep, _ seconds: Double) {
        let count = Double(max(1, sweep.schedules))
        let rate = { (value: Int) in Int(Double(value) / max(seconds, 0.001)) }
        let tenths = { (value: Int) in "\(Double(Int(Double(value) / count * 10)) / 10)" }
        print(
            "\(sweep.schedules) schedules, 0 violations, \(Int(seconds * 10) / 10) s: \(rate(sweep.schedules)) schedules/s, "
                + "\(rate(sweep.applied)) applied events/s"
        )
        print(
            "a schedule has on average \(tenths(sweep.events)) events, \(tenths(sweep.replays)) crash-replays "
                + "(\(tenths(sweep.crashes)) crashes of the whole world), \(tenths(sweep.applied)) applied events"
        )
        let situations = Sometimes.allCases.count
        print("situations reached: \(situations - sweep.reached.missing.count) of \(situations)")
    }

    // MARK: One

    private static func replay(_ schedule: Schedule?) {
        guard let schedule else { Self.usage() }
        var world = schedule.world(isTraced: true)
        do {
            let report = try world.play()
            for line in world.trace { print(line) }
            print("no violation: \(report.events) events, \(report.crashes) crashes, trace \(report.trace)")
        } catch {
            for line in world.trace { print(line) }
            Hunts.end(1)
        }
    }
}
