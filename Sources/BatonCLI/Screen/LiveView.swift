import BatonAgents
import BatonCore
import BatonEngine
import BatonReports

/// Draws the live screen of a run on the terminal, at most ten times a second.
struct LiveView {
    private static let frame = Duration.milliseconds(100)

    private(set) var board: LiveBoard?
    private var region = ScreenRegion(hasColour: Console.hasColour)
    private let live: LiveFiles
    private let glyphs: Glyphs
    private let clock = SystemClock()
    private var prompt = ""
    private var drawnAt: ContinuousClock.Instant?
    private var isStale = true
    private var tick = 0

    init(dataFolder: String) {
        self.live = LiveFiles(dataFolder: dataFolder)
        self.glyphs = Console.showsUnicode ? .unicode : .ascii
    }

    mutating func take(_ facts: [Recorded]) {
        for fact in facts {
            if self.board == nil { self.board = LiveBoard(fact) } else { self.board?.take(fact) }
        }
        self.isStale = true
        self.drawIfDue()
    }

    /// Called every 100 ms: draws what has changed since, turns the spinner, lets the clock go on.
    mutating func beat() {
        self.tick += 1
        let spins = self.board?.inHand.isEmpty == false && self.tick.isMultiple(of: 2)
        if spins || self.tick.isMultiple(of: 10) { self.isStale = true }
        self.drawIfDue()
    }

    private mutating func drawIfDue() {
        let now = ContinuousClock.now
        guard self.isStale, self.drawnAt.map({ now - $0 >= Self.frame }) ?? true else { return }
        self.drawnAt = now
        self.draw()
    }

    private mutating func draw() {
        guard let board = self.board else { return }
        self.isStale = false
        let size = Console.size
        Console.draw(self.region.show(self.screen(of: board, size).lines, prompt: self.prompt, size: size))
    }

    private func screen(of board: LiveBoard, _ size: LiveScreen.Size) -> LiveScreen {
        let live = self.live
        return LiveScreen(
            board,
            size: self.region.room(in: size),
            now: self.clock.now(),
            glyphs: self.glyphs,
            tick: self.tick / 2,
            said: { live.lastLine(of: board.run, $0, attempt: $1) }
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
        if lines.isEmpty { self.draw() } else { self.say(lines) }
    }

    /// A line was typed at the prompt.
    mutating func typed(_ line: String) {
        self.region.typed(line)
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
