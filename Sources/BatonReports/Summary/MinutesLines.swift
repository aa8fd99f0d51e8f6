package import BatonCore

/// The minutes of the meetings of a run, for a terminal.
package enum MinutesLines {
    private static let mostItems = 100

    /// - Parameter outputs: outputs that the run itself does not hold.
    package static func of(_ run: Run, outputs: [TaskIndex: JSON], for viewer: Viewer) -> [StyledText] {
        let mark = run.seed.mode == .rehearsal ? [StyledText(RunReport.rehearsalWords, .waiting)] : []
        let all = MeetingRecord.all(in: run, outputs: outputs)
        return mark + all.flatMap { Self.lines(MeetingWords(meeting: $0, run: run), viewer) }
    }

    private static func lines(_ words: MeetingWords, _ viewer: Viewer) -> [StyledText] {
        var lines = [StyledText(words.summary)]
        if let emptiness = words.emptiness { lines.append(StyledText(emptiness)) }
        for (heading, items) in words.lists {
            lines += [StyledText(), StyledText(heading, .strong)]
            lines += items.prefix(Self.mostItems).map { StyledText("  - \(words.line(of: $0))") }
            if items.count > Self.mostItems { lines.append(StyledText("  … and \(items.count - Self.mostItems) more")) }
        }
        return lines.flatMap { $0.wrapped(to: max(40, viewer.width), most: 20) }
    }
}
