import BatonCore
import BatonEngine
import BatonReports

/// Prints a line for every change of a run, for people or as JSON.
struct RunPrinter {
    private let asJSON: Bool
    private let shows: Showing
    private var lines = RunLines(timeOfDay: Console.localTime)

    init(asJSON: Bool, shows: Showing = .run) {
        self.asJSON = asJSON
        self.shows = shows
    }

    var sheet: RunSheet? { self.lines.sheet }

    /// Takes facts in; prints them unless they are old.
    mutating func take(_ facts: [Recorded], isOld: Bool = false) {
        for fact in facts {
            guard let (event, line) = self.lines.take(fact), !isOld, self.shows == .run else { continue }
            if self.asJSON { Console.print(event.json) } else if let line { Console.print(line) }
        }
    }

    /// Says where the run stands, for when nothing changes.
    func printProgress(at now: Timestamp) {
        guard !self.asJSON, self.shows == .run, let line = self.lines.progressLine(at: now) else { return }
        Console.print(line)
    }

    /// Says something to whoever sits here.
    func say(_ line: StyledText) {
        switch self.shows {
        case .run: Console.print(line)
        case .answer, .minutes: Console.note(line.plain)
        }
    }
}
