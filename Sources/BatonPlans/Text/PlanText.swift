import BatonCore

/// The bytes of a plan file on their way to a tree: encoding first, then the reader for its format.
enum PlanText {
    /// How deep the values of a plan may be nested.
    static let deepest = 64

    private enum Format {
        case json
        case yaml
    }

    static func node(_ bytes: [UInt8], name: String) throws(ParseFault) -> SourceNode {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        if let fault = Self.encodingFault(of: text) { throw fault }
        guard text.contains(where: { !Self.isSpace($0) }) else {
            throw ParseFault(
                "empty",
                "the file has no content",
                remedy: "write a plan; docs/plans.md begins with a small one",
                at: SourcePlace(line: 1, column: 1)
            )
        }
        switch Self.format(of: text, name: name) {
        case .json:
            do throws(JSON.Fault) {
                return try JSONReader.read(text, depth: Self.deepest)
            } catch {
                throw ParseFault(error)
            }
        case .yaml: return try YAMLReader.read(text, depth: Self.deepest)
        }
    }

    private static func format(of text: [UInt8], name: String) -> Format {
        let name = name.lowercased()
        if name.hasSuffix(".json") { return .json }
        if name.hasSuffix(".yml") || name.hasSuffix(".yaml") { return .yaml }
        return text.first { !Self.isSpace($0) } == UInt8(ascii: "{") ? .json : .yaml
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private static func encodingFault(of text: [UInt8]) -> ParseFault? {
        if let other = Self.wideEncoding(of: text) {
            return ParseFault(
                "encoding",
                "the file is in \(other), not UTF-8",
                remedy: "save it as UTF-8",
                at: SourcePlace(line: 1, column: 1)
            )
        }
        if let offset = UTF8Check.firstFault(in: text) {
            return ParseFault(
                "encoding",
                "the byte 0x\(String(text[offset], radix: 16, uppercase: true)) here is not UTF-8",
                remedy: "save the file as UTF-8",
                at: TextPlaces.place(of: offset, in: text)
            )
        }
        guard let offset = text.firstIndex(of: 0) else { return nil }
        return ParseFault(
            "control_char",
            "the file holds the character NUL",
            remedy: "remove it",
            at: TextPlaces.place(of: offset, in: text)
        )
    }

    // Byte order marks first, then the zero bytes that ASCII leaves in the wide encodings.
    private static func wideEncoding(of text: [UInt8]) -> String? {
        if text.starts(with: [0xFF, 0xFE, 0, 0]) || text.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        guard text.count >= 4 else { return nil }
        switch text.prefix(4).map({ $0 == 0 }) {
        case [false, true, true, true], [true, true, true, false]: return "UTF-32"
        case [false, true, false, true], [true, false, true, false]: return "UTF-16"
        default: return nil
        }
    }
}
