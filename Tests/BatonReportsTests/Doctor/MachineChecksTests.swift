import BatonCore
import Testing

@testable import BatonReports

@Suite struct MachineChecksTests {
    @Test func `a full disk is an error, a nearly full one a warning`() {
        func levels(_ bytes: UInt64, _ files: UInt64, of all: UInt64 = 10_000) -> [Checkup.Level] {
            MachineChecks.disk(freeBytes: bytes, freeFiles: files, allFiles: all, at: "/data").map(\.level)
        }
        #expect(levels(5 << 30, 5000) == [.ok])
        #expect(levels(500 << 20, 5000) == [.warning])
        #expect(levels(0, 5000) == [.error])
        #expect(levels(5 << 30, 3) == [.ok, .warning])
        #expect(levels(5 << 30, 0) == [.ok, .error])
        // Some file systems do not count their files.
        #expect(levels(5 << 30, 0, of: 0) == [.ok])
        let full = MachineChecks.disk(freeBytes: 0, freeFiles: 9, allFiles: 0, at: "/data")[0]
        #expect(full.fault == .disk)
        #expect(full.remedy == "free space on the disk of /data")
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (20 << 20, "20 MiB"),
            (UInt64.max, "15 EiB"),
        ] as [(UInt64, String)]
    )
    func `sizes are told in the unit that fits`(bytes: UInt64, words: String) {
        #expect(MachineChecks.size(bytes) == words)
    }

    private static func terminal(
        _ environment: [String: String],
        isTerminal: Bool = true,
        columns: Int? = 100
    ) -> [Checkup.Level] {
        MachineChecks.terminal(
            .init(isTerminal: isTerminal, columns: columns, rows: 30, hasColour: true, environment: environment)
        ).map(\.level)
    }

    @Test func `a terminal is judged by type, size and locale`() {
        let good = ["TERM": "xterm", "LANG": "en_US.UTF-8"]
        #expect(Self.terminal(good) == [.ok, .ok])
        #expect(Self.terminal(good, columns: 30) == [.warning, .ok])
        #expect(Self.terminal(good, columns: 0) == [.warning, .ok])
        #expect(Self.terminal(good, columns: nil) == [.warning, .ok])
        #expect(Self.terminal(["TERM": "dumb", "LANG": "C.utf8"]) == [.warning, .ok])
        #expect(Self.terminal(["LANG": "C.utf8"], isTerminal: false) == [.ok, .ok])
        #expect(Self.terminal(["TERM": "xterm"]) == [.ok, .warning])
        // The first variable that is set hides the others.
        #expect(Self.terminal(["TERM": "xterm", "LC_ALL": "C", "LANG": "C.UTF-8"]) == [.ok, .warning])
        #expect(Self.terminal(["TERM": "xterm", "LC_ALL": "", "LC_CTYPE": "de_DE.utf8@euro"]) == [.ok, .ok])
    }

    @Test func `few open files, a clock behind the journal and an old SQLite are told`() {
        #expect(MachineChecks.openFiles(1024).level == .ok)
        #expect(MachineChecks.openFiles(-1).level == .ok)
        #expect(MachineChecks.openFiles(64).level == .warning)
        let now = Timestamp(microseconds: 1_000_000_000_000_000)
        #expect(MachineChecks.clock(now: now, lastStored: nil).level == .ok)
        #expect(MachineChecks.clock(now: now, lastStored: now + .seconds(30)).level == .ok)
        #expect(MachineChecks.clock(now: now, lastStored: now + .seconds(3600)).level == .warning)
        #expect(MachineChecks.clock(now: now, lastStored: Timestamp(microseconds: .max)).level == .warning)
        for (version, isOld) in [("3.40.1", true), ("3.51.2", true), ("3.51.3", false), ("3.52", false), ("?", true)] {
            #expect(MachineChecks.sqlite(version).text.contains("bug") == isOld, "\(version)")
            #expect(MachineChecks.sqlite(version).level == .ok)
        }
    }

    @Test func `a line says how it is, what was looked at, what was found and what to do`() {
        let warning = Checkup.warning("lock", "dead\u{1B}[2J", remedy: "resume")
        #expect(warning.line.plain == "warning  lock       dead\\u{1b}[2J; resume")
        #expect(Checkup.ok("disk", "fine").line.plain == "ok       disk       fine")
        #expect(warning.json == ["check": "lock", "level": "warning", "text": "dead\\u{1b}[2J", "remedy": "resume"])
    }
}
