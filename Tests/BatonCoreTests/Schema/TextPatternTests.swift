import BatonCore
import Testing

/// Patterns of others, and how long they may take.
@Suite struct TextPatternTests {
    private func matches(_ pattern: String, _ text: String) -> Bool? {
        var allowance = TextPattern.Allowance()
        return TextPattern(pattern)?.matches(text, &allowance)
    }

    @Test(arguments: [
        ("", "x", true), ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("^abc$", "abc", true),
        ("^a|b$", "xb", true), ("^(a|b)$", "ab", false), ("^(?:ab)*$", "abab", true), ("^(ab)*$", "aba", false),
        ("^a?b+c*$", "bb", true), ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaa", true), ("^a{2}$", "aa", true),
        ("^a{0}$", "", true), ("a{x}", "a{x}", true), ("^[a-c]+$", "abcd", false), ("^[^a-c]+$", "xyz", true),
        ("^[-a]$", "-", true), ("^[\\]\\d]+$", "]7", true), ("^\\d{4}-\\d{2}$", "2026-11", true),
        ("^\\w+$", "a_9", true), ("^\\w$", "ä", false), ("^\\s$", "\u{A0}", true), ("^.$", "ä", true),
        ("^.$", "\n", false),
        ("^\\W$", "é", true), ("^\\D\\S$", "ab", true), ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false),
        ("^\\Bb", "b", false), ("^\\x41\\u0042\\u{43}$", "ABC", true), ("^\\p{L}+$", "Straße", true),
        ("^\\p{Letter}$", "1", false), ("^\\p{Lu}\\P{Lu}$", "Äö", true), ("^\\p{gc=Nd}$", "٣", true),
        ("^(?!.*secret).*$", "a secret", false), ("^(?=.*\\d)[a-z\\d]+$", "ab1", true), ("^(?<year>\\d+)$", "12", true),
        ("^a+?$", "aaa", true), ("^\\$\\.\\/$", "$./", true), ("^(|a)+$", "aa", true), ("^(a*)*$", "b", false),
        ("^\\cJ$", "\n", true), ("^[\\b]$", "\u{8}", true),
    ])
    func `a pattern means what it means in other programs`(pattern: String, text: String, fits: Bool) {
        #expect(self.matches(pattern, text) == fits, "\(pattern) \(text)")
    }

    @Test(arguments: [
        ("^(a+)+b$", 1000), ("^([a-zA-Z0-9]+)*@example\\.com$", 1000), ("^(a|a)*b$", 1000), ("^((a*)b)*$", 1000),
        ("^a*a*a*a*a*a*b$", 900),
        ("^" + String(repeating: "a?", count: 30) + String(repeating: "a", count: 30) + "b$", 30),
        ("^(a|aa)+b$", 1000), ("(.*)(.*)(.*)(.*)(.*)[^a]$", 1000),
    ])
    func `a pattern that others take for ever with is decided`(pattern: String, count: Int) {
        #expect(self.matches(pattern, String(repeating: "a", count: count)) == false)
    }

    @Test func `what would take longer than is allowed is not decided, and ends`() {
        let hard = "^" + String(repeating: "(?=(.*a", count: 20) + "z" + String(repeating: "))", count: 20)
        var allowance = TextPattern.Allowance(100_000)
        #expect(TextPattern(hard)?.matches(String(repeating: "a", count: 2000), &allowance) == nil)
        #expect(allowance.left <= 0)
        #expect(self.matches("a", String(repeating: "b", count: 30_000_000)) == nil)
    }

    @Test func `pieces of patterns in any order never trap and end`() {
        let pieces = [
            "(", ")", "[", "]", "{", "}", "1", ",", "*", "+", "?", "|", "^", "$", "\\", "a", "-", ".", "(?=", "p{L}",
            "\u{1F600}",
        ]
        var draws = SplitMix64(seed: 7)
        var read = 0
        for _ in 0..<20_000 {
            let pattern = (0..<(1 + draws.below(12))).map { _ in pieces[draws.below(pieces.count)] }.joined()
            guard let found = TextPattern(pattern) else { continue }
            read += 1
            var allowance = TextPattern.Allowance(10_000)
            _ = found.matches("aa1-{}😀", &allowance)
        }
        #expect(read > 1000)
    }
}
