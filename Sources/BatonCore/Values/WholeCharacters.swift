extension Collection where Self: BidirectionalCollection, Element == UInt8 {
    /// The same without the beginning of a character at its end of which the rest is missing; for UTF-8.
    package var withoutCutEnd: SubSequence {
        var (lead, there) = (self.endIndex, 0)
        while lead != self.startIndex, there < 4 {
            lead = self.index(before: lead)
            there += 1
            if self[lead] & 0xC0 != 0x80 { break }
        }
        guard there > 0, self[lead] >= 0xC0 else { return self[...] }
        let length = self[lead] >= 0xF0 ? 4 : self[lead] >= 0xE0 ? 3 : 2
        return there < length ? self[..<lead] : self[...]
    }

    /// The same from the first whole character on.
    package var withoutCutBeginning: SubSequence { self.drop { $0 & 0xC0 == 0x80 } }
}

/// A part of a long text, and where the next one begins.
package struct TextPart: Hashable, Sendable {
    package let text: String
    /// In bytes; nil if this is the last part.
    package let nextOffset: Int?

    /// - Parameters:
    ///   - offset: the first byte; a character that begins before it is left out.
    ///   - most: no part has more bytes.
    package init(of text: String, from offset: Int, most: Int) {
        var rest = text.utf8.dropFirst(max(0, offset)).withoutCutBeginning
        let isLast = rest.count <= most
        if !isLast { rest = rest.prefix(most).withoutCutEnd }
        self.text = String(Substring(rest))
        let start = text.utf8.distance(from: text.utf8.startIndex, to: rest.endIndex)
        self.nextOffset = isLast ? nil : start
    }
}
