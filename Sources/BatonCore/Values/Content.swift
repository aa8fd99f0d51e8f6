/// A value of a run: in the event itself when small, else stored once by its SHA-256.
package enum Content: Hashable, Sendable {
    /// Texts over this many bytes are stored by hash.
    package static let inlineLimit = 1024

    case inline(JSON)
    case stored(Digest, bytes: Int)

    package var inlined: JSON? {
        if case .inline(let value) = self { return value }
        return nil
    }
}

extension Content {
    /// What fits into a line for people: a short value itself, of a stored one its size.
    package var shown: String {
        switch self {
        case .inline(let value): value.plainText
        case .stored(_, let bytes): "a text of \(bytes) bytes"
        }
    }
}
