import BatonCore
import Testing

/// Texts that are cut, never in the midst of a character.
@Suite struct WholeCharactersTests {
    @Test(arguments: ["", "a", "é", "€", "😀", "aé€😀b"])
    func `a beginning ends at a whole character, and the rest begins there`(text: String) {
        let bytes = Array(text.utf8)
        for length in 0...bytes.count {
            let kept = bytes.prefix(length).withoutCutEnd
            let words = String(decoding: kept, as: UTF8.self)
            #expect(text.hasPrefix(words) && !words.contains("\u{FFFD}"))
            #expect(length - kept.count < 4)
            #expect(Array(text.utf8.dropFirst(kept.count).withoutCutBeginning) == Array(bytes.dropFirst(kept.count)))
        }
    }

    @Test func `parts in their order are the text`() {
        let text = String(repeating: "a é € 😀 ", count: 50)
        var (read, offset) = ("", Int?.some(0))
        while let from = offset {
            let part = TextPart(of: text, from: from, most: 64)
            #expect(part.text.utf8.count <= 64)
            (read, offset) = (read + part.text, part.nextOffset)
        }
        #expect(read == text)
        #expect(TextPart(of: "é", from: 1, most: 4) == TextPart(of: "", from: 0, most: 4), "from within a character")
        #expect(TextPart(of: "abc", from: 9, most: 4).text.isEmpty)
    }
}
