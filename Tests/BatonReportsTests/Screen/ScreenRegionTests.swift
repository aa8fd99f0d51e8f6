import BatonCore
import BatonReports
import BatonTestKit
import Testing

/// What the region does to a terminal.
@Suite struct ScreenRegionTests {
    private static let size = LiveScreen.Size(width: 40, height: 12)

    private static func terminal() -> PaperTerminal {
        var terminal = PaperTerminal(width: 40, height: 12)
        terminal.take("$ baton run\r\n")
        return terminal
    }

    private static func lines(_ texts: String...) -> [StyledText] { texts.map { StyledText($0, .good) } }

    @Test func `frames are drawn over one another, and what was above stays`() {
        var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: true))
        terminal.take(region.show(Self.lines("one", "two"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "one", "two"])
        terminal.take(region.show(Self.lines("one", "2"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "one", "2"])
        terminal.take(region.show(Self.lines("1", "2", "3"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "1", "2", "3"])
        terminal.take(region.show(Self.lines("only"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "only"])
        terminal.take(region.clear(size: Self.size) + "done\r\n")
        #expect(terminal.all == ["$ baton run", "done"])
        #expect(terminal.unknown.isEmpty)
    }

    @Test func `what is typed at a prompt stays while frames go on`() {
        var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: false))
        terminal.take(region.show(Self.lines("a", "b"), prompt: "q1> ", size: Self.size))
        terminal.take("shi")
        terminal.take(region.show(Self.lines("a", "c"), prompt: "q1> ", size: Self.size))
        terminal.take("p it")
        #expect(terminal.all == ["$ baton run", "a", "c", "q1> ship it"])
        #expect(region.room(in: Self.size).height == 2)
        terminal.take("\r\n")
        region.typed("ship it")
        terminal.take(region.show(Self.lines("a", "d", "e"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "a", "d", "e"])
    }

    @Test func `what is asked stays just above the prompt, whatever becomes of the lines over it`() {
        var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: false))
        let asking = Self.lines("May it begin?", "yes or no:")
        terminal.take(region.show(Self.lines("a", "b", "c"), asking: asking, prompt: "q1> ", size: Self.size))
        terminal.take("ye")
        terminal.take(region.show(Self.lines("d"), asking: asking, prompt: "q1> ", size: Self.size))
        #expect(terminal.all == ["$ baton run", "d", "", "", "May it begin?", "yes or no:", "q1> ye"])
        terminal.take("p\r\n")
        region.typed("yep")
        let refused = asking + Self.lines("no answer")
        terminal.take(region.show(Self.lines("d"), asking: refused, prompt: "q1> ", size: Self.size))
        #expect(terminal.all == ["$ baton run", "d", "May it begin?", "yes or no:", "no answer", "q1>"])
    }

    @Test func `an answer longer than a row leaves nothing behind`() {
        var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: false))
        terminal.take(region.show(Self.lines("a"), prompt: "q1> ", size: Self.size))
        let answer = String(repeating: "word ", count: 20)
        terminal.take(answer + "\r\n")
        region.typed(answer)
        terminal.take(region.show(Self.lines("b"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "b"])
    }

    @Test func `an answer that just fills the row takes nothing from above`() {
        var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: false))
        terminal.take(region.show(Self.lines("a"), prompt: "q1> ", size: Self.size))
        let answer = String(repeating: "x", count: 36)
        terminal.take(answer + "\r\n")
        region.typed(answer)
        terminal.take(region.show(Self.lines("b"), prompt: "", size: Self.size))
        #expect(terminal.all == ["$ baton run", "b"])
    }

    @Test func `a terminal of another size begins clean`() {
        var region = ScreenRegion(hasColour: false)
        _ = region.show(Self.lines("a long line that will be broken"), prompt: "q1> ", size: Self.size)
        var terminal = PaperTerminal(width: 20, height: 8)
        terminal.take("a long line that wil\r\nl be broken\r\nq1> ")
        terminal.take(region.show(Self.lines("short"), prompt: "q1> ", size: LiveScreen.Size(width: 20, height: 8)))
        #expect(terminal.all == ["short", "q1>"])
    }

    @Test func `a hundred random frames at the foot of a full terminal never leave a row behind`() {
        for seed in UInt64(0)..<50 {
            var draws = SplitMix64(seed: seed, subject: [7])
            var (terminal, region) = (Self.terminal(), ScreenRegion(hasColour: true))
            var said = ["$ baton run"]
            for _ in 0..<100 {
                if draws.below(5) == 0 {
                    let line = "said \(said.count)"
                    terminal.take(region.clear(size: Self.size) + line + "\r\n")
                    said.append(line)
                }
                let lines = (0...draws.below(region.room(in: Self.size).height)).map { row in
                    StyledText("row \(row) \(draws.below(100))")
                }
                terminal.take(region.show(lines, prompt: "", size: Self.size))
                #expect(terminal.all == said + lines.map(\.plain))
            }
            #expect(terminal.unknown.isEmpty)
        }
    }

    @Test func `nothing is sent when nothing has changed`() {
        var region = ScreenRegion(hasColour: true)
        let lines = Self.lines("one", "two")
        #expect(!region.show(lines, prompt: "", size: Self.size).isEmpty)
        #expect(region.show(lines, prompt: "", size: Self.size).isEmpty)
    }
}
