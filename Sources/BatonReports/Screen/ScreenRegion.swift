/// The rows at the end of a terminal that a live screen redraws in place: makes the bytes, sends none.
///
/// It sets no mode, hides no cursor and takes no second screen, so whatever becomes of the process, the terminal is
/// whole: what it sends is text, colours, moves within its own rows, and clearing from there.
package struct ScreenRegion: Sendable {
    private let hasColour: Bool
    private var drawn: [StyledText] = []
    private var prompt = ""
    /// As drawn; nil while nothing is.
    private var size: LiveScreen.Size?
    /// Rows from the prompt's to the cursor's: somebody has pressed Enter.
    private var below = 0

    package init(hasColour: Bool) { self.hasColour = hasColour }

    /// Whether it was drawn for a terminal of another size.
    package func isOther(_ size: LiveScreen.Size) -> Bool { self.size.map { $0 != size } ?? false }

    /// How many rows a screen may have: while somebody may be typing at the prompt, no more than it has.
    package func room(in size: LiveScreen.Size) -> LiveScreen.Size {
        let most = size.height - 1
        let isTyping = self.size == size && !self.prompt.isEmpty && self.below == 0
        return LiveScreen.Size(width: size.width, height: isTyping ? min(most, self.drawn.count) : most)
    }

    /// A line was typed at the prompt: the terminal has moved the cursor below it.
    package mutating func typed(_ line: String) {
        guard let size = self.size else { return }
        // A row that is just full leaves the cursor on it.
        self.below = max(0, TextWidth.of(self.prompt) + TextWidth.of(line) - 1) / size.width + 1
    }

    /// The bytes that show these lines, and the prompt behind them; what was typed at the same prompt stays.
    ///
    /// - Parameter asking: lines that stay just above the prompt.
    package mutating func show(
        _ lines: [StyledText],
        asking: [StyledText] = [],
        prompt: String,
        size: LiveScreen.Size
    ) -> String {
        let isSame = self.size == size && self.prompt == prompt && self.below == 0
        // Rows that are not needed any more are left empty: a screen that jumps is hard to read.
        let spare = isSame ? max(0, self.drawn.count - lines.count - asking.count) : 0
        let lines = lines + Array(repeating: StyledText(), count: spare) + asking
        guard isSame, lines.count == self.drawn.count else { return self.redraw(lines, prompt, size) }
        defer { self.drawn = lines }
        guard lines != self.drawn else { return "" }
        var out = "\u{1B}7" + Self.up(lines.count) + "\r"
        for (line, old) in zip(lines, self.drawn) {
            if line != old { out += line.rendered(colour: self.hasColour) + "\u{1B}[K" }
            out += "\r\n"
        }
        return out + "\u{1B}8"
    }

    private mutating func redraw(_ lines: [StyledText], _ prompt: String, _ size: LiveScreen.Size) -> String {
        var out = self.clear(size: size)
        for line in lines { out += line.rendered(colour: self.hasColour) + "\r\n" }
        self.drawn = lines
        self.prompt = prompt
        self.size = size
        return out + prompt
    }

    /// The bytes that take the region away and leave the cursor where it began.
    package mutating func clear(size: LiveScreen.Size) -> String {
        guard let old = self.size else { return "" }
        let rows = self.drawn.count + (self.below > 0 ? self.below : TextWidth.of(self.prompt) / old.width)
        self.drawn = []
        self.prompt = ""
        self.size = nil
        self.below = 0
        // Nobody can tell how a terminal of another size has broken the old rows: begin on a clean one.
        return old == size ? Self.up(rows) + "\r\u{1B}[J" : "\u{1B}[2J\u{1B}[H"
    }

    private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }
}
