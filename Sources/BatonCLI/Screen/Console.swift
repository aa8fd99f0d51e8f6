import BatonCore
import BatonEngine
import BatonReports
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard output and error.
///
/// Everything that did not come from our own source is passed through ``PlainText`` first.
enum Console {
    static let isTerminal = isatty(1) == 1
    static let canAsk = isatty(0) == 1 && isatty(1) == 1
    static let hasColour =
        isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// How many columns there are; a pipe has room.
    static let width: Int = {
        var size = winsize()
        guard isTerminal, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return 120 }
        return Int(size.ws_col)
    }()

    /// How a piece of text looks where there is colour.
    enum Style: String {
        case good = "32"
        case bad = "31"
        case waiting = "33"
        case faint = "2"
        case strong = "1"
    }

    static func styled(_ text: String, _ style: Style) -> String {
        Self.hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    static func print(_ line: StyledText) { Self.write(line.rendered(colour: Self.hasColour) + "\n", to: 1) }

    static func print(_ line: String) { Self.write(line + "\n", to: 1) }

    static func note(_ line: String) { Self.write(line + "\n", to: 2) }

    static func print(_ value: JSON) { Self.write(value.description + "\n", to: 1) }

    static func complain(_ error: BatonError, asJSON: Bool) {
        guard asJSON else { return Self.note(error.description) }
        Self.print(
            [
                "error": [
                    "code": .string(error.code.text), "message": .string(PlainText.of(error.message)),
                    "remedy": .string(PlainText.of(error.remedy)),
                ]
            ]
        )
    }

    // Whole lines in one call where the kernel allows it; a reader that went away is not our error.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Somebody made the pipe non-blocking: wait until it takes more.
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, 1000)
                continue
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The text in so many columns: cut with an ellipsis or filled with spaces.
    static func column(_ text: String, _ width: Int) -> String {
        let shown = PlainText.line(text, limit: width)
        return shown + String(repeating: " ", count: max(0, width - shown.count))
    }

    /// A span as people say it: `40 ms`, `1.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    static func span(_ duration: Duration) -> String {
        let seconds = Double(duration.microseconds) / 1_000_000
        if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
        if seconds < 10 { return "\(Double(Int(seconds * 10)) / 10) s" }
        let whole = Int(seconds)
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
    }

    /// The time of day here.
    static func localTime(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.microseconds / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    }
}
