import BatonCore
import Yams

/// Says libyaml's complaints in plain words.
enum YAMLFault {
    static func fault(_ error: YamlError, in bytes: [UInt8]) -> ParseFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            Self.fault(problem, at: YAMLTree.place(mark))
        case .reader(let problem, _, let value, _): Self.unreadable(problem, value, in: bytes)
        case .memory: Self.syntax("the YAML is too large for the memory", "split the file", at: Self.start)
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping: Self.unknown
        }
    }

    static var unknown: ParseFault {
        Self.syntax("the YAML cannot be read", "compare it with an example", at: Self.start)
    }

    private static let start = SourcePlace(line: 1, column: 1)

    private static func syntax(_ message: String, _ remedy: String, at place: SourcePlace) -> ParseFault {
        ParseFault("syntax", message, remedy: remedy, at: place)
    }

    private static func fault(_ problem: String, at place: SourcePlace) -> ParseFault {
        if problem.hasPrefix("Maximum nesting level") { return YAMLTree.depthFault(PlanText.deepest, at: place) }
        switch problem {
        case "but found another document":
            return ParseFault(
                "many_documents",
                "a second document begins here; a plan file holds one",
                remedy: "put it in a file of its own",
                at: place
            )
        case "found undefined alias", "did not find expected alphabetic or numeric character":
            return YAMLTree.anchorFault(at: place)
        case "found undefined tag handle", "did not find expected tag URI", "did not find expected '!'",
            "did not find the expected '>'", "did not find expected whitespace or line break":
            return ParseFault(
                "tags_not_allowed",
                "a tag (!) stands here; plans have none",
                remedy: "remove the tag, or put the text in quotes",
                at: place
            )
        case "found unknown escape character", "did not find expected hexdecimal number",
            "found invalid Unicode character escape code":
            return ParseFault(
                "escape",
                "this is no escape of YAML, or no character",
                remedy: "write the character itself, or use single quotes",
                at: place
            )
        default:
            let (message, remedy) = Self.plain[problem] ?? (problem, "correct the YAML here")
            return Self.syntax(message, remedy, at: place)
        }
    }

    private static let plain: [String: (String, String)] = [
        "mapping values are not allowed in this context": (
            "a colon and a space stand where no key can be",
            "check the indentation, or put the text in quotes"
        ),
        "found character that cannot start any token": (
            "no value can begin with this character",
            "put the text in quotes; indent with spaces, not with tabs"
        ),
        "found a tab character that violates indentation": (
            "a tab stands in the indentation", "indent with spaces"
        ),
        "could not find expected ':'": ("a colon is expected after the key", "write key: value"),
        "did not find expected key": ("a key is expected here", "check the indentation of this and the line before"),
        "did not find expected '-' indicator": (
            "the next entry of the list, beginning with -, is expected here",
            "check the indentation"
        ),
        "did not find expected ',' or ']'": ("a comma or ] is expected here", "close the list"),
        "did not find expected ',' or '}'": ("a comma or } is expected here", "close the object"),
        "did not find expected node content": ("a value is expected here", "write the value"),
        "found unexpected end of stream": ("the text ends within quotes", "close the quotes; is the file cut off?"),
        "found unexpected document indicator": ("a document ends within quotes", "close the quotes"),
        "block sequence entries are not allowed in this context": (
            "an entry of a list cannot begin here",
            "begin the list on a line of its own"
        ),
        "mapping keys are not allowed in this context": ("a key cannot begin here", "check the indentation"),
        "did not find expected <document start>": (
            "there is more text after the end of the value",
            "check the indentation, or remove it"
        ),
        "found a tab character where an indentation space is expected": (
            "a tab stands in the indentation", "indent with spaces"
        ),
    ]

    // Characters that YAML forbids: libyaml stops at the first, but names no place.
    private static func unreadable(_ problem: String, _ value: Int32, in bytes: [UInt8]) -> ParseFault {
        guard problem == "control characters are not allowed" else {
            return Self.syntax(problem, "correct the YAML here", at: Self.start)
        }
        var line = 1
        var column = 1
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if Int64(scalar.value) == Int64(value) { break }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        let shown = String(UInt32(bitPattern: value), radix: 16, uppercase: true)
        return ParseFault(
            "control_char",
            "the file holds the character U+\(String(repeating: "0", count: max(0, 4 - shown.count)))\(shown)",
            remedy: "remove it, or write it as an escape in double quotes",
            at: SourcePlace(line: line, column: column)
        )
    }
}
