import BatonCore

/// The figures of a run for people, in the order in which they are asked for.
enum ReportFigures {
    static func of(_ report: RunReport) -> [(name: String, value: String)] {
        let statistics = report.statistics
        let counts = report.run.counts.shown
        var figures = [
            (
                "Tasks",
                "\(counts.total): \(counts.completed) completed, \(counts.failed) failed, \(counts.skipped) skipped, "
                    + "\(counts.cancelled) cancelled, \(statistics.spawnedTasks) added by agents"
            ),
            ("Time", SpanText.of(statistics.elapsed)),
            (
                "Attempts",
                "\(statistics.attempts), \(statistics.retries) of them after a first one"
            ),
            (
                "Agents' busy time",
                SpanText.of(statistics.busy)
                    + (statistics.parallelism.map { ", on average \(NumberText.tenths($0)) at work at once" } ?? "")
            ),
            (
                "Questions to people",
                "\(statistics.questions)"
                    + (statistics.questions > 0
                        ? ", open for \(SpanText.of(statistics.waitedForPeople)) of the time" : "")
            ),
        ]
        if statistics.meetingsHeld > 0 { figures.append(("Meetings held", "\(statistics.meetingsHeld)")) }
        if statistics.recoveries > 0 {
            figures.append(("Taken over by a new engine", CountText.of(statistics.recoveries, "time")))
        }
        let used = [UsageText.models(statistics.usage), UsageText.machine(statistics.usage)].compactMap { $0 }
        if !used.isEmpty { figures.append(("Used", used.joined(separator: "; "))) }
        figures.append(("Plan", report.plan.id))
        return figures
    }
}
