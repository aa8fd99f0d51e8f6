import BatonCore
import BatonSimulation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What takes many schedules to tell.
enum Hunts {
    static func end(_ code: Int32) -> Never {
        fflush(nil)
        exit(code)
    }

    /// Shrinks a schedule that fails and shows what is left of it.
    static func report(_ schedule: Schedule, _ error: any Error) {
        print("VIOLATION \(schedule): \(error)")
        guard let shrunk = Shrinker.shrink(schedule) else { return }
        print("the smallest schedule found that breaks the same rule, \(shrunk.tries) tries:")
        for line in shrunk.trace { print("  \(line)") }
        print("replay it: scripts/sim \(shrunk.schedule)")
        print(
            "or the whole: scripts/sim \(schedule); when it is mended, add both lines to Tests/Fixtures/simulation-corpus"
        )
    }

    /// Plays the schedules that once failed.
    static func corpus(_ path: String) {
        guard let file = fopen(path, "r") else {
            print("cannot read \(path)")
            Self.end(66)
        }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        fclose(file)
        do {
            let schedules = try Schedule.corpus(text)
            for schedule in schedules { Self.play(schedule) }
            print("\(schedules.count) schedules of \(path), 0 violations")
        } catch {
            print("\(path): \(error)")
            Self.end(65)
        }
    }

    private static func play(_ schedule: Schedule) {
        do {
            _ = try schedule.play()
        } catch {
            Self.report(schedule, error)
            Self.end(1)
        }
    }

    static func exhaustive(depth: Int, wishes: Int) {
        let clock = ContinuousClock()
        let began = clock.now
        do {
            let found = try Exhaustive.search(depth: depth, wishes: wishes) { scope in print(scope) }
            let seconds = Int((clock.now - began) / .seconds(1))
            print("\(found.states) distinct states, \(found.steps) steps, 0 violations, \(seconds) s")
        } catch {
            print("VIOLATION \(error)")
            Self.end(1)
        }
    }

    /// Switches each planted bug on until a seed finds it; or only those of these names.
    static func planted(_ names: [String]) {
        #if BATON_PLANTED
        var missed: [PlantedBug] = []
        let bugs = PlantedBug.allCases.filter { names.isEmpty || names.contains($0.rawValue) }
        for bug in bugs {
            PlantedBug.active = bug
            var found: (UInt64, String)?
            for seed in 0..<UInt64(40_000) where found == nil {
                do { _ = try Schedule.seed(seed).play() } catch { found = (seed, "\(error)") }
            }
            if let (seed, rule) = found {
                print("found   \(bug) at seed \(seed): \(rule.prefix(100))")
            } else {
                print("MISSED  \(bug)")
                missed.append(bug)
            }
            fflush(nil)
        }
        print("\(bugs.count - missed.count) of \(bugs.count) planted bugs found")
        if !missed.isEmpty { Self.end(1) }
        #else
        print("this build has no planted bugs: scripts/sim --planted makes one that has")
        Self.end(64)
        #endif
    }
}
