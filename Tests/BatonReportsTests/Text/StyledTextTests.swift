import BatonCore
import BatonReports
import Testing

/// What reaches a terminal is safe and fits.
@Suite struct StyledTextTests {
    @Test func `no control but our own colours is rendered, over a million random characters`() {
        var draws = SplitMix64(seed: 1, subject: [])
        for _ in 0..<10_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<100 {
                // Half of them from where the dangerous ones are.
                let value = draws.below(2) == 0 ? draws.below(0x100) : draws.below(0x110000)
                if let scalar = Unicode.Scalar(UInt32(value)) { scalars.append(scalar) }
            }
            let text = StyledText(String(scalars), .bad)
            #expect(!Self.hasControl(text.plain))
            let rendered = text.rendered(colour: true)
            #expect(!Self.hasControl(String(rendered.dropFirst("\u{1B}[31m".count).dropLast("\u{1B}[0m".count))))
        }
    }

    private static func hasControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
    }

    @Test func `a line is cut to columns, wide characters counted twice`() {
        #expect(TextWidth.of("abc") == 3)
        #expect(TextWidth.of("日本") == 4)
        #expect(TextWidth.of("e\u{301}") == 1)
        #expect(TextWidth.of("👩‍💻") == 2)
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
}
