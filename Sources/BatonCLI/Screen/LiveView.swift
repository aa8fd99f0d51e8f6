import BatonAgents
import BatonCore
import BatonEngine
import BatonReports

/// Draws the live screen of a run on the terminal, at most ten times a second.
///
/// What has happened is drawn at once, but for 110 ms after the last such frame. The spinner turns only when nothing
/// has been drawn for 200 ms, so it delays no news, and the two together stay below ten frames in any second.
struct LiveView {
    private static let betweenNews = Duration.milliseconds(110)
    private static let longestPause = Duration.seconds(2)
    private static let betweenTurns = Duration.milliseconds(200)

    private(set) var board: LiveBoard?
    private var region = ScreenRegion(hasColour: Console.hasColour)
    private let live: LiveFiles
    private let dataFolder: String
    private let glyphs: Glyphs
    private let clock = SystemClock()
    private var prompt = ""
    private var isRedrawn = false
    private var beatAt: ContinuousClock.Instant?
    private var drawnAt: ContinuousClock.Instant?
    private var toldAt: ContinuousClock.Instant?
    private var hasNews = true
    private var tick = 0

    init(dataFolder: String) {
        self.live = LiveFiles(dataFolder: dataFolder)
        self.dataFolder = dataFolder
        self.glyphs = Console.showsUnicode ? .unicode : .ascii
    }

    mutating func take(_ facts: [Recorded]) {
        // Nothing is no news: a frame drawn for it would hold back the next.
        guard !facts.isEmpty else { return }
        for fact in facts {
            if self.board == nil { self.board = LiveBoard(fact) } else { self.board?.take(fact) }
        }
        self.hasNews = true
        self.tell()
    }

    /// Called some ten times a second or more often: draws what could not be drawn yet, turns the spinner.
    mutating func beat() {
        // So long without a beat: the process was stopped (Ctrl-Z), and the shell has written below. Begin anew there.
        if let last = self.beatAt, .now - last > Self.longestPause {
            self.region = ScreenRegion(hasColour: Console.hasColour)
            self.drawnAt = nil
            self.hasNews = true
        }
        self.beatAt = .now
        self.tell()
        let now = ContinuousClock.now
        let pause = (self.board?.progress.runningTasks ?? 0) > 0 ? Self.betweenTurns : .seconds(1)
        guard self.drawnAt.map({ now - $0 >= pause }) ?? false else { return }
        self.tick += 1
        self.draw()
    }

    private mutating func tell() {
        let now = ContinuousClock.now
        guard self.hasNews, self.toldAt.map({ now - $0 >= Self.betweenNews }) ?? true else { return }
        self.toldAt = now
        self.hasNews = false
        self.draw()
    }

    private mutating func draw() {
        self.board?.estimate()
        guard let board = self.board else { return }
        self.drawnAt = .now
        let size = Console.size
        if self.region.isOther(size), !self.prompt.isEmpty { self.isRedrawn = true }
        // A redrawn prompt does not show what was typed, which the terminal still holds.
        let prompt =
            self.isRedrawn && !self.prompt.isEmpty ? "\(self.prompt)(Ctrl-R shows what was typed) " : self.prompt
        Console.draw(self.region.show(self.screen(of: board, size).lines, prompt: prompt, size: size))
    }

    private func screen(of board: LiveBoard, _ size: LiveScreen.Size) -> LiveScreen {
        let (live, folder) = (self.live, self.dataFolder)
        return LiveScreen(
            board,
            size: self.region.room(in: size),
            now: self.clock.now(),
            glyphs: self.glyphs,
            tick: self.tick,
            said: { live.lastLine(of: board.run, $0, attempt: $1) },
            command: { CommandHint.line($0, dataFolder: folder) }
        )
    }

    /// Puts lines above the screen, where they stay.
    mutating func say(_ lines: [StyledText]) {
        Console.draw(self.region.clear(size: Console.size))
        for line in lines { Console.print(line) }
        self.draw()
    }

    /// Puts a prompt before the cursor, after lines that stay above the screen; an empty one asks nothing.
    mutating func ask(_ prompt: String, saying lines: [StyledText]) {
        guard prompt != self.prompt || !lines.isEmpty else { return }
        self.prompt = prompt
        self.isRedrawn = false
        if lines.isEmpty { self.draw() } else { self.say(lines) }
    }

    /// A line was typed at the prompt.
    mutating func typed(_ line: String) {
        self.region.typed(line)
        self.isRedrawn = false
        self.draw()
    }

    /// Takes the screen away; of a run that has not ended, its first two lines stay.
    mutating func close() {
        guard let board = self.board else { return }
        let size = Console.size
        Console.draw(self.region.clear(size: size))
        if !board.isEnded { for line in self.screen(of: board, size).lines.prefix(2) { Console.print(line) } }
        self.board = nil
    }
}
