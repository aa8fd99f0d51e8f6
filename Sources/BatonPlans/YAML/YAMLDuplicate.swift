import BatonCore
import Yams

/// A key that is twice in one object.
///
/// Yams says only where it stands first; the other place is found by giving the first another name.
struct YAMLDuplicate {
    private let name: String
    private let first: SourcePlace

    init(_ name: String, at mark: Mark) {
        self.name = name
        self.first = YAMLTree.place(mark)
    }

    func fault(in bytes: [UInt8]) -> ParseFault {
        let shown = "\"\(PlainText.line(self.name, limit: 60))\""
        guard let root = self.distinct(in: bytes)?.root, let second = self.twin(in: root) else {
            return ParseFault(
                "duplicate_key",
                "\(shown) is here and again further on in the same object",
                remedy: "remove one",
                at: self.first
            )
        }
        return ParseFault(
            "duplicate_key",
            "\(shown) is here twice, first at \(self.first.line):\(self.first.column)",
            remedy: "remove one",
            at: second
        )
    }

    /// A text in which the first key, and further doubles found on the way, have other names, so that it has a tree.
    func distinct(in bytes: [UInt8]) -> (text: [UInt8], root: Node)? {
        var text = bytes
        var target = self.first
        for number in 0..<8 {
            guard let changed = Self.renamed(text, at: target, prefix: Self.prefix(number)) else { return nil }
            text = changed
            do throws(ComposeFault) {
                return (text, try YAMLComposer.root(of: text))
            } catch {
                guard case .duplicate(let next) = error else { return nil }
                target = next.first
            }
        }
        return nil
    }

    private static func prefix(_ number: Int) -> [UInt8] { Array("x9\(number)y".utf8) }

    // Within quotes or before a plain key; keys that begin otherwise are left alone.
    private static func renamed(_ bytes: [UInt8], at place: SourcePlace, prefix: [UInt8]) -> [UInt8]? {
        var cursor = YAMLCursor(bytes)
        guard let start = cursor.offset(of: place), start < bytes.count else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ">"): return nil
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return bytes[...start] + prefix + bytes[(start + 1)...]
        default: return bytes[..<start] + prefix + bytes[start...]
        }
    }

    private func twin(in node: Node) -> SourcePlace? {
        switch node {
        case .scalar, .alias: return nil
        case .sequence(let sequence):
            for element in sequence { if let place = self.twin(in: element) { return place } }
            return nil
        case .mapping(let mapping):
            let keys = mapping.map(\.key)
            if let index = keys.firstIndex(where: { YAMLTree.place(of: $0) == self.first }) {
                let twin = keys[(index + 1)...].first { $0.string?.hasSuffix(self.name) == true && self.isTwin($0) }
                return twin.map { self.unshifted(YAMLTree.place(of: $0)) }
            }
            for (key, value) in mapping {
                if let place = self.twin(in: key) ?? self.twin(in: value) { return place }
            }
            return nil
        }
    }

    private func isTwin(_ key: Node) -> Bool {
        guard let text = key.string, text != self.name else { return true }
        return (0..<8).contains { text == String(decoding: Self.prefix($0), as: UTF8.self) + self.name }
    }

    // The new name moved what follows on its line.
    private func unshifted(_ place: SourcePlace) -> SourcePlace {
        guard place.line == self.first.line else { return place }
        return SourcePlace(line: place.line, column: place.column - Self.prefix(0).count)
    }
}
