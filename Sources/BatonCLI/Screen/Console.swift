import BatonCore
import BatonEngine
import BatonReports
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard output and error.
///
/// The one way out for text: all of it is passed through ``PlainText`` here, so no caller can forget to.
enum Console {
    static let isTerminal = isatty(1) == 1
    static let canAsk = isatty(0) == 1 && isatty(1) == 1
    static let hasColour = canDraw && Surroundings.variables["NO_COLOR"] == nil

    /// Whether a screen can be drawn: on a terminal that knows how to move its cursor.
    static let canDraw = isTerminal && Surroundings.variables["TERM"].map { $0 != "dumb" } ?? false

    /// Whether the terminal's character set has more than ASCII, as far as its user says.
    static let showsUnicode: Bool = {
        let variables = Surroundings.variables
        let named = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
        return named.uppercased().contains("UTF-8") || named.uppercased().contains("UTF8")
    }()

    /// How many columns and rows there are just now; a pipe has room.
    static var size: LiveScreen.Size {
        var size = winsize()
        guard isTerminal, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return LiveScreen.Size(width: 120, height: 50)
        }
        return LiveScreen.Size(width: max(2, Int(size.ws_col)), height: max(2, Int(size.ws_row)))
    }

    /// Whoever reads what is printed here.
    static func viewer(dataFolder: String) -> Viewer {
        Viewer(
            width: Self.size.width,
            now: SystemClock().now(),
            timeOfDay: { Self.localTime($0) },
            command: { CommandHint.line($0, dataFolder: dataFolder) }
        )
    }

    static func print(_ line: StyledText) { Self.write(line.rendered(colour: Self.hasColour) + "\n", to: 1) }

    static func print(_ text: String) { Self.write(PlainText.of(text, keepingLines: true) + "\n", to: 1) }

    static func note(_ text: String) { Self.write(PlainText.of(text, keepingLines: true) + "\n", to: 2) }

    static func print(_ value: JSON) { Self.write(PlainText.json(value.description) + "\n", to: 1) }

    /// Frames of a screen, which are safe by themselves: nothing else goes out as it is.
    static func draw(_ frame: String) { Self.write(frame, to: 1) }

    /// How a run stands, at the end of a command that followed it.
    static func summarise(_ sheet: RunSheet, _ outputs: Readings, for viewer: Viewer, asJSON: Bool) async throws {
        guard !asJSON else {
            return Self.print(["kind": "summary", "position": .integer(sheet.run.head.value), "run": sheet.json])
        }
        let texts = try await outputs.texts(of: sheet)
        for line in RunSummary(sheet, outputs: texts, for: viewer).lines { Self.print(line) }
    }

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
        // An error that nobody was told would be worse than one that is told as text.
        if Self.loss != nil { Self.note(error.description) }
    }

    /// Bytes for a file or a program, never for a terminal.
    static func emit(_ bytes: [UInt8]) { Self.write(bytes, to: 1) }

    private static func write(_ text: String, to descriptor: Int32) { Self.write(Array(text.utf8), to: descriptor) }

    // Whole lines in one call where the kernel allows it; a reader that went away is not our error.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Somebody made the pipe non-blocking: wait until it takes more.
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, 1000)
                continue
            }
            guard count > 0 else {
                if count < 0, errno != EPIPE, descriptor == 1 { Self.lost.store(errno, ordering: .relaxed) }
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    // The error with which standard output took no more; 0 if it has taken all.
    private static let lost = Atomic<Int32>(0)

    /// Why some of what was printed is lost, such as a disk that is full; nil if it is not, or if its reader went away.
    static var loss: String? {
        let code = Self.lost.load(ordering: .relaxed)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    /// The time of day here.
    static func localTime(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.microseconds / 1_000_000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return "\(padded(Int(parts.tm_hour), 2)):\(padded(Int(parts.tm_min), 2)):\(padded(Int(parts.tm_sec), 2))"
    }
}
