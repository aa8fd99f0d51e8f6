import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

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

    @Argument(help: "The run. Default: the newest that goes on, else the newest.") var run: String?
    @Flag(help: "Print a line for every change, also on a terminal.") var plain = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let run = try await folder.run(self.run, goingOn: true)
            // An unknown run is an error, not an empty screen.
            let source = try await FactSource(run, in: folder)
            var display = Display.of(plain: self.plain, self.output, dataFolder: folder.path)
            try await self.follow(source.feed, &display)
            display.close()
            await source.close()
            try await self.close(try await folder.sheet(of: run), folder)
        }
    }

    private enum News: Sendable {
        case facts([Recorded])
        case typed(String)
        case beat
    }

    // Until the run has ended, or nothing carries it any more.
    private func follow(_ feed: FactFeed, _ display: inout Display) async throws {
        let (news, put) = AsyncStream.makeStream(of: News.self)
        let pace = display.pace
        // Nothing is asked here; a line that is typed all the same moves the terminal's cursor.
        if Console.canAsk, !self.output.json { Keyboard.read { line in line.map { _ = put.yield(.typed($0)) } } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { put.finish() }
                while let facts = try await feed.next() { put.yield(.facts(facts)) }
            }
            group.addTask {
                while (try? await Task.sleep(for: pace)) != nil { put.yield(.beat) }
            }
            for await item in news {
                switch item {
                case .facts(let facts): display.take(facts)
                case .typed(let line): display.typed(line)
                case .beat: display.beat()
                }
                if display.standing?.isEnded == true { break }
            }
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error as BatonError) = result { throw error }
            }
        }
    }

    private func close(_ sheet: RunSheet, _ folder: ReadOnly) async throws {
        let viewer = Console.viewer(dataFolder: folder.path)
        try await Console.summarise(sheet, Readings(folder.journal), for: viewer, asJSON: self.output.json)
        if case .ended(let end) = sheet.run.phase {
            if let code = Exit.code(of: end) { throw code }
            return
        }
        Console.note("nothing carries this run now; go on with: \(viewer.command(["resume", sheet.run.id.text]))")
        throw Exit.unavailable
    }
}
