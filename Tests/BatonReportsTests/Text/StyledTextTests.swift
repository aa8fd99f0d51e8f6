import BatonCore
import BatonReports
import Testing

/// What reaches a terminal is safe and fits.
@Suite struct StyledTextTests {
    @Test func `no control but our own colours is rendered, over a million random texts`() {
        var draws = SplitMix64(seed: 1, subject: [])
        var steering = 0
        for _ in 0..<1_000_000 {
            let text = Self.random(&draws)
            let rendered = StyledText(text, .bad).rendered(colour: true)
            if rendered.isEmpty { continue }
            if Self.hasControl(rendered.dropFirst("\u{1B}[31m".count).dropLast("\u{1B}[0m".count)) { steering += 1 }
        }
        #expect(steering == 0)
    }

    @Test func `a name that is cut inside keeps both ends and never takes more room than it has`() {
        #expect(TextWidth.cutInside("abcdefghij", to: 10) == "abcdefghij")
        #expect(TextWidth.cutInside("abcdefghijk", to: 10) == "abcde…hijk")
        for name in ["abcdefghij", "日本語の長い名前", "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}"] {
            for columns in 0...12 {
                let shown = TextWidth.cutInside(name, to: columns)
                #expect(TextWidth.of(shown) <= max(0, columns), "\(shown)")
            }
        }
    }

    @Test func `a text of lines keeps newline and tab and no other control, and JSON keeps its value`() throws {
        var draws = SplitMix64(seed: 2, subject: [])
        for _ in 0..<20_000 {
            let text = Self.random(&draws)
            let lines = PlainText.of(text, keepingLines: true)
            #expect(!Self.hasControl(lines.filter { $0 != "\n" && $0 != "\t" }[...]))
            let json = PlainText.json(JSON.string(text).description)
            #expect(!Self.hasControl(json[...]))
            #expect(try JSON(parsing: json.utf8) == .string(text))
        }
    }

    // Half of its characters are from where the dangerous ones are.
    private static func random(_ draws: inout SplitMix64) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<draws.below(6) {
            let value = draws.below(2) == 0 ? draws.below(0x100) : draws.below(0x110000)
            if let scalar = Unicode.Scalar(UInt32(value)) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    private static func hasControl(_ text: Substring) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
    }

    @Test func `a line is cut to columns, wide characters counted twice`() {
        #expect(TextWidth.of("abc") == 3)
        #expect(TextWidth.of("日本") == 4)
        #expect(TextWidth.of("e\u{301}") == 1)
        // At most: some terminals join these, others do not.
        #expect(TextWidth.of("👍🏽") == 4)
        #expect(TextWidth.of("❤️") == 2)
        #expect(TextWidth.of("की") == 2)
        #expect(TextWidth.cut("日本語", to: 5) == "日本…")
        #expect(TextWidth.cut("日本語", to: 4) == "日…")
        #expect(TextWidth.column("ab", 4) == "ab  ")
        let line = StyledText("task ", .strong) + StyledText("日本語日本語", .good)
        #expect(line.cut(to: 17) == line)
        #expect(line.cut(to: 10).plain == "task 日本…")
        for columns in 0...20 { #expect(line.cut(to: columns).width <= columns) }
    }

    @Test func `a span is said in the two units that matter`() {
        let spans: [(Duration, String)] = [
            (.milliseconds(40), "40 ms"), (.milliseconds(1449), "1.4 s"), (.seconds(12), "12 s"),
            (.seconds(185), "3 min 5 s"), (.seconds(7800), "2 h 10 min"), (.seconds(273_600), "3 d 4 h"),
            (.seconds(-1), "0 ms"),
        ]
        for (span, words) in spans { #expect(SpanText.of(span) == words) }
    }

    @Test func `a line is broken at spaces, keeps its looks, and fits`() {
        let line = StyledText("one two ", .strong) + StyledText("three four日本語五六七八九", .good)
        let rows = line.wrapped(to: 10, indent: 2)
        #expect(rows.map(\.plain) == ["one two", "  three", "  four日本", "  語五六七", "  八九"])
        #expect(rows[0].rendered(colour: true) == "\u{1B}[1mone two\u{1B}[0m")
        #expect(line.wrapped(to: 10, indent: 2, most: 2).map(\.plain) == ["one two", "  three f…"])
        #expect(line.wrapped(to: 100) == [line])
        for columns in 4...40 {
            for row in line.wrapped(to: columns, indent: 6) { #expect(row.width <= columns) }
        }
    }
}
