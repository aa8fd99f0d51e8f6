import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Synchronization

/// `baton watch`: the live screen of a run that another process carries.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Shows a run as it goes on, from another terminal; ends with the run.",
        discussion: """
            Examples:
              baton watch
              baton watch demo-20261121-090000 --plain
            Ctrl-C ends the watching, not the run. Exit code as for `baton run`; 69 if nothing carries the run.
            """
    )

    /// How often the journal is looked at.
    private static let beat = Duration.milliseconds(40)

    @Argument(help: "The run. Default: the newest.") var run: String?
    @Flag(help: "Print a line for every change, also on a terminal.") var plain = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let run = try await folder.run(self.run)
            // An unknown run is an error, not an empty screen.
            _ = try await folder.head(of: run)
            var display = Display.of(plain: self.plain, self.output, dataFolder: folder.path)
            try await self.follow(run, folder, &display)
            display.close()
            try await self.close(try await folder.sheet(of: run), folder)
        }
    }

    // Until the run has ended, or nothing carries it any more.
    private func follow(_ run: RunID, _ folder: ReadOnly, _ display: inout Display) async throws {
        let reader = JournalReader(folder.journal)
        var cursor = JournalReader.Cursor(run: run)
        var isCarried = true
        var beats = 0
        // Nothing is asked here; a line that is typed all the same moves the terminal's cursor.
        let typed = TypedLines()
        if Console.canAsk, !self.output.json { Keyboard.read { typed.put($0) } }
        while true {
            let facts = try await reader.next(&cursor)
            display.take(facts)
            if display.standing?.isEnded == true { return }
            // What was written before the engine ended is read before leaving.
            if facts.isEmpty, !isCarried { return }
            guard facts.isEmpty else { continue }
            try await Task.sleep(for: Self.beat)
            beats += 1
            for line in typed.take() { display.typed(line) }
            display.beat()
            if beats == 1 || beats.isMultiple(of: 10) {
                isCarried = DataFolder.holder(of: folder.path).standing == .held
            }
        }
    }

    private func close(_ sheet: RunSheet, _ folder: ReadOnly) async throws {
        let viewer = Console.viewer(dataFolder: folder.path)
        try await Console.summarise(sheet, Outputs(folder.journal), for: viewer, asJSON: self.output.json)
        if case .ended(let end) = sheet.run.phase {
            if let code = Exit.code(of: end) { throw code }
            return
        }
        Console.note("nothing carries this run now; go on with: \(viewer.command(["resume", sheet.run.id.text]))")
        throw Exit.unavailable
    }
}

/// Lines that somebody types while nothing is asked.
private final class TypedLines: Sendable {
    private let lines = Mutex<[String]>([])

    func put(_ line: String?) {
        guard let line else { return }
        self.lines.withLock { $0.append(line) }
    }

    func take() -> [String] {
        self.lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}
