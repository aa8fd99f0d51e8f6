import BatonCore

/// What a plain scalar of YAML means in a plan, whatever version of YAML a writer had in mind.
///
/// | written | means |
/// |---|---|
/// | nothing, `~`, `null` | null |
/// | `true`, `false`, in lower case | a truth value |
/// | `0`, `-7`, `42`: decimal, no leading zero, fits 64 bits | an integer |
/// | `0.5`, `-1e3`, larger integers, `.inf`, `-.inf`, `.nan` | a number; the plan form refuses what is not finite |
/// | all else: `yes`, `No`, `on`, `TRUE`, `017`, `0o17`, `0x1F`, `1:30`, `1_000`, `+1`, dates | a text |
///
/// Quoted and block scalars are always texts.
enum YAMLScalar {
    /// Longer numbers are refused, as in JSON.
    static let longestNumber = 400

    /// - Returns: nil if the scalar is a number with too many characters.
    static func kind(ofPlain text: String) -> SourceNode.Kind? {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case ".inf": return .number(.infinity)
        case "-.inf": return .number(-.infinity)
        case ".nan": return .number(.nan)
        default: break
        }
        guard let form = Self.form(of: text) else { return .string(text) }
        guard text.utf8.count <= Self.longestNumber else { return nil }
        if form == .integer, text != "-0", let value = Int64(text) { return .integer(value) }
        return .number(Double(text) ?? .infinity)
    }

    private enum NumberForm {
        case integer
        case fraction
    }

    // The grammar of JSON numbers.
    private static func form(of text: String) -> NumberForm? {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        guard let first = rest.first, 0x30...0x39 ~= first else { return nil }
        let whole = Self.takeDigits(&rest)
        guard whole == 1 || first != 0x30 else { return nil }
        var form = NumberForm.integer
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            form = .fraction
            guard Self.takeDigits(&rest) > 0 else { return nil }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            form = .fraction
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard Self.takeDigits(&rest) > 0 else { return nil }
        }
        return rest.isEmpty ? form : nil
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
        var count = 0
        while let byte = rest.first, 0x30...0x39 ~= byte {
            rest.removeFirst()
            count += 1
        }
        return count
    }
}
