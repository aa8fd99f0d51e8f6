package import BatonCore

/// What the machine has to offer, judged: numbers in, lines out.
package enum MachineChecks {
    // MARK: The disk

    private static let leastBytes: UInt64 = 16 << 20
    private static let fewBytes: UInt64 = 1 << 30
    private static let fewFiles: UInt64 = 1000

    /// The free space of the disk, and how many files it can still take.
    ///
    /// - Parameter allFiles: 0 where the file system does not count them.
    package static func disk(freeBytes: UInt64, freeFiles: UInt64, allFiles: UInt64, at path: String) -> [Checkup] {
        let remedy = "free space on the disk of \(path)"
        let free = "\(Self.size(freeBytes)) free"
        let space: Checkup =
            if freeBytes < Self.leastBytes {
                .error("disk", "\(free): runs will stop", remedy: remedy, .disk)
            } else if freeBytes < Self.fewBytes {
                .warning("disk", free, remedy: remedy)
            } else {
                .ok("disk", free)
            }
        guard allFiles > 0, freeFiles < Self.fewFiles else { return [space] }
        let files = "\(freeFiles) inodes free"
        return [
            space,
            freeFiles == 0
                ? .error("disk", "\(files): no file can be made", remedy: remedy, .disk)
                : .warning("disk", files, remedy: "delete small files on the disk of \(path)"),
        ]
    }

    /// `1.4 GiB`.
    static func size(_ bytes: UInt64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var rest = bytes
        var tenths: UInt64 = 0
        var unit = 0
        while rest >= 1024, unit + 1 < units.count {
            tenths = rest % 1024 * 10 / 1024
            rest /= 1024
            unit += 1
        }
        return unit == 0 || rest >= 10 ? "\(rest) \(units[unit])" : "\(rest).\(tenths) \(units[unit])"
    }

    // MARK: The terminal

    /// What a process finds at its standard output and in its environment.
    package struct Terminal: Hashable, Sendable {
        package var isTerminal: Bool
        /// Nil where it does not say.
        package var columns: Int?
        package var rows: Int?
        package var hasColour: Bool
        package var environment: [String: String]

        package init(isTerminal: Bool, columns: Int?, rows: Int?, hasColour: Bool, environment: [String: String]) {
            self.isTerminal = isTerminal
            self.columns = columns
            self.rows = rows
            self.hasColour = hasColour
            self.environment = environment
        }
    }

    package static func terminal(_ terminal: Terminal) -> [Checkup] {
        [Self.screen(terminal), Self.locale(terminal.environment)]
    }

    private static func screen(_ terminal: Terminal) -> Checkup {
        guard terminal.isTerminal else {
            return .ok("terminal", "the output is no terminal: plain lines, no colour, no questions")
        }
        let type = terminal.environment["TERM"] ?? ""
        guard !type.isEmpty, type != "dumb", type != "unknown" else {
            return .warning("terminal", "TERM is \"\(type)\": plain lines", remedy: "export TERM=xterm-256color")
        }
        guard let columns = terminal.columns, let rows = terminal.rows, columns > 0, rows > 0 else {
            return .warning(
                "terminal",
                "\(type), which does not tell its size",
                remedy: "run `resize` or `stty cols 80 rows 24`"
            )
        }
        let size =
            "\(type), \(columns) columns, \(rows) rows, \(terminal.hasColour ? "colour" : "no colour (NO_COLOR)")"
        return columns < 60 || rows < 10
            ? .warning("terminal", "\(size): tables are cut", remedy: "make it at least 60 by 10")
            : .ok("terminal", size)
    }

    // The first of these that is set counts, as for every program.
    private static func locale(_ environment: [String: String]) -> Checkup {
        let name = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let plain = name.lowercased().filter { $0 != "-" }
        guard plain.hasSuffix("utf8") || plain.contains("utf8@") else {
            return .warning(
                "locale",
                name.isEmpty
                    ? "none is set: signs may be shown wrong" : "\(name) is not UTF-8: signs may be shown wrong",
                remedy: "export LC_ALL=C.UTF-8"
            )
        }
        return .ok("locale", name)
    }

    // MARK: Limits, clock, versions

    /// How many files the process may have open.
    package static func openFiles(_ limit: Int) -> Checkup {
        // Unlimited is told as a negative number.
        let words = limit < 0 ? "any number of open files" : "\(limit) open files"
        return limit >= 0 && limit < 256
            ? .warning("limits", "\(words): enough for few commands at once", remedy: "ulimit -n 1024")
            : .ok("limits", words)
    }

    /// Whether the clock of the machine agrees with what was stored.
    package static func clock(now: Timestamp, lastStored: Timestamp?) -> Checkup {
        // Clocks of two machines that share a copy may differ a little.
        guard let lastStored, lastStored - now > .seconds(60) else { return .ok("clock", "\(now)") }
        return .warning(
            "clock",
            "it says \(now), but something was stored at \(lastStored)",
            remedy: "set the clock; until then times of runs go on from the later one"
        )
    }

    /// The version of SQLite, which need not be new for us.
    package static func sqlite(_ version: String) -> Checkup {
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        let isOld = numbers.lexicographicallyPrecedes([3, 51, 3])
        return .ok(
            "sqlite",
            isOld ? "\(version); its bug with two writers cannot happen with one" : version
        )
    }
}
