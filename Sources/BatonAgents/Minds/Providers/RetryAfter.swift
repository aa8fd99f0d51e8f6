package import BatonCore
import Foundation

/// How long a provider asks us to wait.
package enum RetryAfter {
    /// Whoever asks for more is asked again then.
    static let longest = Duration.seconds(600)

    /// - Parameters:
    ///   - seconds: a number of seconds, or a date as HTTP has it.
    ///   - milliseconds: a number, which goes before.
    package static func read(seconds: String?, milliseconds: String? = nil, now: Timestamp) -> Duration? {
        if let text = milliseconds, let value = Double(text), value.isFinite, value >= 0 {
            return min(.seconds(fraction: min(value, 1e9) / 1000), Self.longest)
        }
        guard let text = seconds?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if let value = Double(text) {
            guard value.isFinite, value >= 0 else { return nil }
            return min(.seconds(fraction: min(value, 1e9)), Self.longest)
        }
        guard let moment = Self.date(text) else { return nil }
        return min(max(moment - now, .zero), Self.longest)
    }

    // Such as: Sun, 06 Nov 1994 08:49:37 GMT.
    private static func date(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = Self.months.firstIndex(of: String(parts[2])).map({ $0 + 1 }), 1970...9999 ~= year,
            1...CivilDate.daysInMonth(month, of: year) ~= day
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, 0...23 ~= clock[0], 0...59 ~= clock[1], 0...60 ~= clock[2] else { return nil }
        var date = CivilDate(year: year, month: month, day: day)
        (date.hour, date.minute, date.second) = (clock[0], clock[1], clock[2])
        return date.timestamp
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
