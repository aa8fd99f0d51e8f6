/// A moment in engine time: microseconds since 1970-01-01T00:00:00Z, never going back within an engine.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970, UTC.
    public let microseconds: Int64

    /// Wraps microseconds since 1970, UTC.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// 1970-01-01T00:00:00Z.
    public static let zero = Timestamp(microseconds: 0)

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// A later moment; stays at the ends of the range instead of trapping.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        let (sum, overflow) = left.microseconds.addingReportingOverflow(right.microseconds)
        guard overflow else { return Timestamp(microseconds: sum) }
        return Timestamp(microseconds: right.microseconds > 0 ? .max : .min)
    }

    /// The time between two moments.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        let (difference, overflow) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return .microseconds(overflow ? (left > right ? .max : .min) : difference)
    }

    /// ISO 8601 in UTC with milliseconds, such as `2026-11-21T09:00:00.000Z`.
    public var description: String { CivilDate(self).text(milliseconds: true) }
}

extension Duration {
    /// Whole microseconds, rounded toward zero, clamped to what an `Int64` holds.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds > 0 ? .max : .min }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return carried ? (seconds > 0 ? .max : .min) : sum
    }

    /// The duration as seconds with a fraction, to whole microseconds, for readers outside.
    package var inSeconds: Double { Double(self.microseconds) / 1_000_000 }

    /// The sum, staying at the ends of what microseconds can tell instead of trapping.
    package func addingSaturated(_ other: Duration) -> Duration {
        .microseconds(self.microseconds.addingSaturated(other.microseconds))
    }

    /// A duration of so many seconds, kept to whole microseconds; callers pass values already in range.
    package static func seconds(fraction value: Double) -> Duration {
        .microseconds(Int64(exactly: (value * 1_000_000).rounded()) ?? (value > 0 ? .max : 0))
    }
}
