import BatonAgents
import BatonCore
import BatonEngine
import BatonReports

/// Draws the live screen of a run on the terminal, at most ten times a second.
///
/// What has happened is drawn at once, but for 110 ms after the last such frame. The spinner turns only when nothing
/// has been drawn for 200 ms, so it delays no news, and the two together stay below ten frames in any second.
struct LiveView {
    /// The question at the prompt.
    private struct Asked {
        let question: Question
        let plan: Plan
        /// Why the last line that was typed is no answer to it.
        var refusal: String?

        var prompt: String { "\(self.question.id)> " }
    }

    private static let betweenNews = Duration.milliseconds(110)
    private static let longestPause = Duration.seconds(2)
    private static let betweenTurns = Duration.milliseconds(200)

    private(set) var board: LiveBoard?
    private var region = ScreenRegion(hasColour: Console.hasColour)
    private let live: LiveFiles
    private let dataFolder: String
    private let glyphs: Glyphs
    private let clock = SystemClock()
    private var asked: Asked?
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
        if self.region.isOther(size), self.asked != nil { self.isRedrawn = true }
        // A redrawn prompt does not show what was typed, which the terminal still holds.
        let prompt = self.asked.map { self.isRedrawn ? "\($0.prompt)(Ctrl-R shows what was typed) " : $0.prompt }
        let asking = self.asking(in: size)
        let lines = self.screen(of: board, size, below: asking.count).lines
        Console.draw(self.region.show(lines, asking: asking, prompt: prompt ?? "", size: size))
    }

    // What has to be read before something is typed: at most half of the screen.
    private func asking(in size: LiveScreen.Size) -> [StyledText] {
        guard let asked = self.asked else { return [] }
        let most = size.height - 1
        let rows = min(most, max(3, most / 2))
        let lines = QuestionLines.prompt(
            asked.question,
            in: asked.plan,
            told: self.board?.directives(for: asked.question) ?? [],
            refusal: asked.refusal,
            columns: size.width - 1,
            rows: rows
        )
        // Set off where there is room for it.
        return (most > 12 && lines.count < rows ? [StyledText()] : []) + lines
    }

    private func screen(of board: LiveBoard, _ size: LiveScreen.Size, below asking: Int = 0) -> LiveScreen {
        let (live, folder) = (self.live, self.dataFolder)
        let room = self.region.room(in: size)
        return LiveScreen(
            board,
            size: LiveScreen.Size(width: room.width, height: max(0, room.height - asking)),
            now: self.clock.now(),
            glyphs: self.glyphs,
            tick: self.tick,
            asked: self.asked?.question.id,
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

    /// Puts a question with its prompt below the screen, where both stay until it is answered.
    mutating func ask(_ question: Question, in plan: Plan, refusal: String?) {
        let isNew = self.asked?.question.id != question.id
        self.asked = Asked(question: question, plan: plan, refusal: refusal)
        self.isRedrawn = false
        // Nobody says yes to an action of which a part is out of sight.
        let size = Console.size
        let whole = QuestionLines.prompt(question, in: plan)[0].wrapped(to: max(20, size.width - 1))
        if isNew, question.kind == .action, whole.count > 1, whole.count + 2 > max(3, (size.height - 1) / 2) {
            self.say(whole)
        } else {
            self.draw()
        }
    }

    /// Takes question and prompt away.
    mutating func stopAsking() {
        guard self.asked != nil else { return }
        self.asked = nil
        self.isRedrawn = false
        self.draw()
    }

    /// A line was typed at the prompt.
    mutating func typed(_ line: String) {
        self.region.typed(line)
        self.asked?.refusal = nil
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
