import Foundation

/// The sources of the project as text, for tests that compare documents with them.
enum SourceFiles {
    private static let prefixes =
        "command|plan|parse|exec|name|run|journal|engine|question|limit|step|task|agent|function|person|example|completions|report|http|request|fork|archive|prune|mind|provider|price|budget|tool|rehearsal|part|consensus|manager"

    static func text(_ path: String) throws -> String {
        try String(contentsOf: Document.root.appending(path: path), encoding: .utf8)
    }

    /// Every code that the sources can say: literals, and those of the text readers, which add `parse.` later.
    static func codes() throws -> Set<String> {
        let literal = try Regex("\"((?:\(Self.prefixes))\\.[a-z_]+)\"")
        let parseFault = /ParseFault\(\s*"([a-z_]+)"/
        let jsonFault = /case ([a-z]+)(?:[A-Za-z]+ = "([a-z_]+)")?\n/
        var codes: Set<String> = []
        for text in try Self.all() {
            for match in text.matches(of: literal) {
                if let code = match.output[1].substring { codes.insert(String(code)) }
            }
            for match in text.matches(of: parseFault) { codes.insert("parse.\(match.1)") }
        }
        let kinds = try Self.text("Sources/BatonCore/Values/JSONFault.swift")
        for match in kinds.matches(of: jsonFault) { codes.insert("parse.\(match.2 ?? match.1)") }
        return codes
    }

    // The test kit is no part of what users meet.
    static func all() throws -> [String] {
        let root = Document.root.appending(path: "Sources").resolvingSymlinksInPath()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        return try paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("BatonTestKit/") }.map {
            try String(contentsOf: root.appending(path: $0), encoding: .utf8)
        }
    }
}
