import BatonCore
import Testing

@Suite struct JSONReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let kind: JSON.Fault.Kind
        let line: Int
        let column: Int

        init(_ text: String, _ kind: JSON.Fault.Kind, _ line: Int, _ column: Int) {
            self.text = text
            self.kind = kind
            self.line = line
            self.column = column
        }

        var testDescription: String { "\(self.kind) \(self.text.prefix(24).debugDescription)" }
    }

    private static let grammar = [
        Case("", .empty, 1, 1), Case(" \n\t ", .empty, 2, 3), Case("\u{FEFF}", .empty, 1, 1),
        Case("{", .syntax, 1, 2), Case("[", .syntax, 1, 2), Case("[1", .syntax, 1, 3), Case("{\"a\"", .syntax, 1, 5),
        Case("{\"a\" 1}", .syntax, 1, 6), Case("{a:1}", .syntax, 1, 2), Case("[,1]", .syntax, 1, 2),
        Case("[1 2]", .syntax, 1, 4), Case("[1;2]", .syntax, 1, 3), Case("tru", .syntax, 1, 1),
        Case("[nul]", .syntax, 1, 2), Case("True", .syntax, 1, 1), Case("'a'", .syntax, 1, 1),
        Case("\"a", .syntax, 1, 1), Case("\"\\", .syntax, 1, 2), Case("]", .syntax, 1, 1), Case("NaN", .syntax, 1, 1),
        Case("+1", .syntax, 1, 1), Case(".5", .syntax, 1, 1), Case("[1}", .syntax, 1, 3),
        Case("1 2", .trailingText, 1, 3), Case("truex", .trailingText, 1, 5), Case("{}\n{}", .trailingText, 2, 1),
        Case("[1,]", .trailingComma, 1, 3), Case("{\"a\":1, }", .trailingComma, 1, 7),
        Case("[1,\n]", .trailingComma, 1, 3),
        Case("// x\n1", .comment, 1, 1), Case("[1, # x\n2]", .comment, 1, 5), Case("{ /* */}", .comment, 1, 3),
        Case("1 // x", .comment, 1, 3), Case("[1 /* x */]", .comment, 1, 4),
    ]

    private static let numbersAndTexts = [
        Case("01", .number, 1, 1), Case("-", .number, 1, 1), Case("-01", .number, 1, 1), Case("1.", .number, 1, 3),
        Case("1e", .number, 1, 3), Case("1E+", .number, 1, 4), Case("0x10", .number, 1, 1),
        Case("1_000", .number, 1, 1), Case("-Infinity", .number, 1, 1), Case("1E400", .number, 1, 1),
        Case("[1,\n -1E400]", .number, 2, 2), Case("{\"a\":{\"b\":[0,1e999]}}", .number, 1, 14),
        Case(String(repeating: "7", count: 401), .number, 1, 1),
        Case("\"\\q\"", .escape, 1, 2), Case("\"a\\u12G4\"", .escape, 1, 3), Case("\"\\u12\"", .escape, 1, 2),
        Case("\"\\ud800\"", .escape, 1, 2), Case("\"\\udc00\"", .escape, 1, 2),
        Case("\"\\ud800\\u0041\"", .escape, 1, 2), Case("\"\\ud800\\ud800\"", .escape, 1, 2),
        Case("\"a\u{1}\"", .controlCharacter, 1, 3), Case("\"a\nb\"", .controlCharacter, 1, 3),
        Case("[\"a\\n\tb\"]", .controlCharacter, 1, 6),
        Case("{\"a\":1,\n \"a\":2}", .duplicateKey, 2, 2), Case("[{\"\\u0061\":1,\"a\":2}]", .duplicateKey, 1, 14),
        Case(String(repeating: "[", count: 513), .depth, 1, 513),
        Case("[\"é😀\", x]", .syntax, 1, 8), Case("\"é\\n\" x", .trailingText, 1, 7), Case("[1,\r\n x]", .syntax, 2, 2),
        Case("[\"\u{301}e\u{301}\",x]", .syntax, 1, 8), Case("\u{FEFF}[x]", .syntax, 1, 2),
    ]

    private static func fault(_ bytes: [UInt8]) -> JSON.Fault? {
        do throws(JSON.Fault) {
            _ = try JSON(parsing: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: Self.grammar + Self.numbersAndTexts)
    func `every fault has its kind and its place`(given: Case) {
        let fault = Self.fault(Array(given.text.utf8))
        #expect(fault?.kind == given.kind)
        #expect(fault?.place == SourcePlace(line: given.line, column: given.column))
        #expect(fault?.message.isEmpty == false)
    }

    @Test(arguments: [
        ([0x22, 0xC3, 0x28], 1, 2), ([0x22, 0xC3, 0xA9, 0x0A, 0xFF], 2, 1), ([0xEF, 0xBB, 0xBF, 0x22, 0xFF], 1, 2),
        ([0x22, 0xED, 0xA0, 0x80, 0x22], 1, 2),
    ])
    func `bytes that are no UTF-8 are refused where they stand`(bytes: [UInt8], line: Int, column: Int) {
        let fault = Self.fault(bytes)
        #expect(fault?.kind == .encoding)
        #expect(fault?.place == SourcePlace(line: line, column: column))
    }

    @Test func `a duplicate name is told with both places, in small and in large objects`() {
        #expect(Self.fault(Array("{\"a\":1,\n \"a\":2}".utf8))?.message.contains("first at 1:2") == true)
        let many = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",\n")
        let fault = Self.fault(Array("{\(many),\n\"k7\":0}".utf8))
        #expect(fault?.kind == .duplicateKey)
        #expect(fault?.place == SourcePlace(line: 41, column: 1))
        #expect(fault?.message.contains("first at 8:1") == true)
    }

    @Test func `a name in a message cannot steer a terminal`() {
        let fault = Self.fault(Array("{\"\\u001b[2J\":1,\"\\u001b[2J\":1}".utf8))
        #expect(fault?.message.unicodeScalars.contains("\u{1B}") == false)
    }

    @Test(
        arguments: [
            ("0", JSON.integer(0)), ("-0", .number(-0.0)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("1.0", .number(1)), ("1e2", .number(100)), ("1E-400", .number(0)), ("\"\\ud83d\\ude00\"", "😀"),
            ("\"\\u0000\\b\\f\\/\"", "\u{0}\u{8}\u{C}/"), ("\u{FEFF} [ ] ", []), ("{\"\":{}}", ["": [:]]),
            ("[null,true,false]", [nil, true, false]),
        ] as [(String, JSON)]
    )
    func `what RFC 8259 allows is read`(text: String, value: JSON) throws {
        #expect(try JSON(parsing: Array(text.utf8)) == value)
    }

    @Test func `minus zero keeps its sign`() throws {
        guard case .number(let value) = try JSON(parsing: "-0".utf8) else {
            Issue.record("not a number")
            return
        }
        #expect(value.sign == .minus)
    }

    @Test func `numbers and nesting are taken up to their limits`() throws {
        let digits = "0." + String(repeating: "1", count: 398)
        #expect(try JSON(parsing: digits.utf8) == .number(1.0 / 9))
        let nested = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(try JSON(parsing: nested.utf8).bytes == Array(nested.utf8))
    }

    @Test func `no prefix of a text traps or passes`() throws {
        let text = Array("{\"a\":[1.5e3,\"\\ud83d\\ude00é\",{\"b\":null}],\"c\":true}".utf8)
        for length in 0..<text.count { #expect(Self.fault(Array(text[..<length])) != nil) }
        #expect(Self.fault(text) == nil)
    }
}
