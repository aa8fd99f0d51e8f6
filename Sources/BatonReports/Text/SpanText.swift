/// Spans of time in words.
package enum SpanText {
    /// How long something may still take; until anything is measured, by what its plan says.
    static func left(_ duration: Duration, isMeasured: Bool) -> String {
        isMeasured ? "about \(Self.of(duration)) left" : "\(Self.of(duration)) by the plan"
    }

    /// A span as people say it: `40 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    package static func of(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if seconds < 0 { return "0 ms" }
        if seconds < 1 { return "\(milliseconds) ms" }
        if seconds < 10 { return "\(seconds).\(milliseconds / 100) s" }
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        if seconds < 86_400 { return "\(seconds / 3600) h \(seconds % 3600 / 60) min" }
        return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
    }
}
