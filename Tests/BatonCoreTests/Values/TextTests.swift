import BatonCore
import Testing

@Suite struct TextTests {
    // MARK: UTF8Check

    @Test(arguments: [
        ([0x41, 0xC0, 0x80], 1), ([0xC1, 0xBF], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0),
        ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0x80], 0),
        ([0x41, 0xE2, 0x82], 1), ([0xE2, 0x28, 0xA1], 0), ([0xF0, 0x9F, 0x98], 0), ([0xFF], 0), ([0xC3], 0),
        ([0xF0, 0x9F, 0x28, 0x80], 0),
    ])
    func `the first byte that is not UTF-8 is found`(bytes: [UInt8], place: Int) {
        #expect(UTF8Check.firstFault(in: bytes) == place)
    }

    @Test func `every scalar passes the check`() {
        for value in stride(from: UInt32(0), to: 0x11_0000, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(UTF8Check.firstFault(in: Array(String(Character(scalar)).utf8)) == nil)
        }
    }

    @Test func `the check agrees with the standard library on random bytes`() {
        var draws = SplitMix64(seed: 3)
        for _ in 0..<2000 {
            let bytes = (0..<draws.below(6)).map { _ in UInt8(truncatingIfNeeded: draws.next() | 0x80) }
            #expect((UTF8Check.firstFault(in: bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }

    // MARK: PlainText

    private static func text(_ draws: inout SplitMix64) -> String {
        let pool: [UInt32] = [
            0, 7, 9, 10, 13, 0x1B, 0x41, 0x7F, 0x9B, 0xAD, 0x61C, 0x200B, 0x200F, 0x202E, 0x2066, 0x2028, 0xFEFF, 0x301,
            0x1F600, 0xE0041, 0x5C,
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<draws.below(20) {
            if let scalar = Unicode.Scalar(pool[draws.below(pool.count)]) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }

    @Test func `no text steers a terminal, and a second pass changes nothing`() {
        var draws = SplitMix64(seed: 11)
        for _ in 0..<1500 {
            let text = Self.text(&draws)
            let flat = PlainText.of(text)
            #expect(!flat.unicodeScalars.contains(where: Self.steers))
            #expect(PlainText.of(flat) == flat)
            let kept = PlainText.of(text, keepingLines: true)
            #expect(!kept.unicodeScalars.contains { Self.steers($0) && $0 != "\n" && $0 != "\t" })
            #expect(PlainText.of(kept, keepingLines: true) == kept)
            #expect(kept.unicodeScalars.filter { $0 == "\n" }.count == text.unicodeScalars.filter { $0 == "\n" }.count)
            let line = PlainText.line(text, limit: 8)
            #expect(line.count <= 8)
            #expect(!line.unicodeScalars.contains(where: Self.steers))
        }
    }

    @Test(arguments: [
        ("a\u{1B}[31mb", "a\\u{1b}[31mb"), ("a\nb\t", "a\\nb\\t"), ("\u{202E}abc", "\\u{202e}abc"), ("été 😀", "été 😀"),
    ])
    func `what could steer is shown`(text: String, shown: String) {
        #expect(PlainText.of(text) == shown)
    }

    @Test func `a line is cut with an ellipsis only if there was more`() {
        #expect(PlainText.line("abcd", limit: 4) == "abcd")
        #expect(PlainText.line("abcde", limit: 4) == "abc…")
        #expect(PlainText.line("a\nb", limit: 4) == "a b")
    }

    // MARK: NameRule and NearestName

    @Test(arguments: ["a", "A-b_c.9", "_", String(repeating: "a", count: 128)])
    func `plain names pass`(name: String) {
        #expect(NameRule.fault(of: name) == nil)
    }

    @Test(arguments: [
        ("", "it is empty"), (".a", "it begins with ."), ("-rf", "it begins with -"), ("a..b", "it has .."),
        ("a b", "it has the character space"), ("a/b", "it has the character '/'"),
        ("é", "it has the character U+00E9"),
        ("a\u{0}", "it has the character U+0000"), ("😀", "it has the character U+1F600"),
        (String(repeating: "a", count: 129), "it has 129 bytes"),
    ])
    func `other names are refused with a reason`(name: String, why: String) {
        #expect(NameRule.fault(of: name) == why)
    }

    @Test(arguments: [
        ("dependancies", "dependencies"), ("descripton", "description"), ("TASKS", "tasks"), ("tsaks", "tasks"),
        ("zzzzzz", nil), ("", nil),
    ])
    func `a slip finds what was meant, anything else finds nothing`(name: String, meant: String?) {
        #expect(NearestName.of(name, among: ["tasks", "description", "dependencies"]) == meant)
    }

    @Test func `of names equally near the earlier one is meant`() {
        #expect(NearestName.of("cat", among: ["bat", "hat"]) == "bat")
        #expect(NearestName.of("hat", among: ["bat", "hat"]) == "hat")
    }
}
