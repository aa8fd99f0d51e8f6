/// What an embedding program can name, read from the text of the sources.
///
/// It goes by indentation, which the formatter keeps.
struct PublicNames {
    // A line that declares something or closes it; whole sources would be slow to search for every name.
    private struct Line {
        let depth: Int
        let words: [Substring]
        let opens: Bool
    }

    private static let types: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "extension"]
    private static let members: Set<Substring> = ["func", "var", "let", "case", "init"]

    private let files: [[Line]]

    init() throws {
        self.files = try SourceFiles.all().map { $0.split(separator: "\n").compactMap(Self.line) }
    }

    private static func line(_ text: Substring) -> Line? {
        let depth = text.utf8.prefix { $0 == UInt8(ascii: " ") }.count
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let isKept = words.isEmpty ? text.hasSuffix("}") : words.contains { types.contains($0) || members.contains($0) }
        return isKept ? Line(depth: depth, words: words, opens: text.utf8.last == UInt8(ascii: "{")) : nil
    }

    /// Whether a name such as `Engine` or `Engine.start` is declared, and public at each step.
    func has(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        var scopes = self.files
        for (step, part) in parts.enumerated() {
            guard scopes.contains(where: { Self.declares(part, in: $0, isFile: step == 0) }) else { return false }
            if step < parts.count - 1 { scopes = scopes.flatMap { Self.bodies(of: part, in: $0) } }
        }
        return !parts.isEmpty
    }

    // The first line of a body is its head, which says whether it is a protocol or an enum.
    private static func declares(_ name: Substring, in scope: [Line], isFile: Bool) -> Bool {
        let head = isFile ? nil : scope.first
        let depth = head.map { $0.depth + 4 } ?? 0
        return scope.contains { line in
            guard line.depth == depth, let at = line.words.firstIndex(of: name) else { return false }
            if name == "init" { return line.words.contains("public") }
            guard at > 0 else { return false }
            switch line.words[at - 1] {
            case "case": return head?.words.starts(with: ["public", "enum"]) == true
            case "func" where head?.words.starts(with: ["public", "protocol"]) == true: return true
            case let word where types.contains(word) && word != "extension" || members.contains(word):
                return line.words.contains("public")
            default: return false
            }
        }
    }

    private static func bodies(of name: Substring, in scope: [Line]) -> [[Line]] {
        scope.indices.compactMap { start in
            let head = scope[start]
            guard head.opens, let at = head.words.firstIndex(of: name), at > 0, types.contains(head.words[at - 1])
            else {
                return nil
            }
            let end = scope[start...].firstIndex { $0.depth == head.depth && $0.words.isEmpty }
            return Array(scope[start..<(end ?? scope.endIndex)])
        }
    }
}
