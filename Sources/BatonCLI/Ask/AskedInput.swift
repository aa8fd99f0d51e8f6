import BatonCore
import BatonEngine
import BatonPlans

/// A value on the command line: JSON, else text; with `@` from a file, with `-` from standard input.
enum AskedInput {
    /// What was given, if anything.
    ///
    /// - Parameter text: the same as text, whatever it looks like.
    static func value(_ input: String?, text: String?) throws -> JSON? {
        if let text { return .string(try Self.text(Self.bytes(text), Self.source(text))) }
        return try input.map { try Self.value(Self.bytes($0), Self.source($0)) }
    }

    // Whoever begins with a bracket or a quote means JSON: a slip in it must not make it a text without a word.
    private static func value(_ bytes: [UInt8], _ source: String) throws -> JSON {
        do {
            return try JSON(parsing: bytes)
        } catch {
            let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            guard let first, "{[\"".utf8.contains(first) else { return .string(try Self.text(bytes, source)) }
            throw BatonError(
                .usage,
                "the input\(source) is no JSON, at \(error)",
                remedy: "text that begins with {, [ or a quote is given with --input-text"
            )
        }
    }

    private static func text(_ bytes: [UInt8], _ source: String) throws -> String {
        if let fault = UTF8Check.firstFault(in: bytes) {
            throw BatonError(
                .usage,
                "the input\(source) is no text, first at byte \(fault)",
                remedy: "give it JSON or UTF-8"
            )
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Where it comes from

    private static func path(_ word: String) -> String? {
        word == "-" ? word : word.hasPrefix("@") ? String(word.dropFirst()) : nil
    }

    private static func source(_ word: String) -> String {
        Self.path(word).map { " from \(PlainText.line($0, limit: 200))" } ?? ""
    }

    private static func bytes(_ word: String) throws -> [UInt8] {
        guard let path = Self.path(word) else { return Array(word.utf8) }
        do throws(Diagnostic) {
            return try ValueFile.bytes(path: path)
        } catch {
            throw BatonError(BatonError.Code(error.code), "\(path): \(error.message)", remedy: error.remedy)
        }
    }
}
