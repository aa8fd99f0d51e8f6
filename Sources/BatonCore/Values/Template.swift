import OrderedCollections

/// A value whose texts may name the outputs of tasks: `{{tasks.research.output}}` or `{{tasks.research.output.title}}`.
///
/// A text that is nothing but one reference becomes the output itself; within a text the output is written as text.
package struct Template: Hashable, Sendable {
    /// One `{{…}}`.
    package struct Reference: Hashable, Sendable {
        package let task: TaskID
        package let path: [String]
    }

    package let source: JSON
    /// In order of appearance, each once.
    package let references: [Reference]

    package init(_ source: JSON) {
        self.source = source
        var found: [Reference] = []
        Self.visit(source) { text in
            for case .reference(let reference) in Self.parts(of: text) where !found.contains(reference) {
                found.append(reference)
            }
        }
        self.references = found
    }

    /// The value with every reference replaced; an output that lacks the path gives null.
    package func expanded(_ output: (TaskID) -> JSON) -> JSON {
        self.references.isEmpty ? self.source : Self.expand(self.source, output)
    }

    private static func expand(_ value: JSON, _ output: (TaskID) -> JSON) -> JSON {
        switch value {
        case .string(let text): Self.expand(text, output)
        case .array(let elements): .array(elements.map { Self.expand($0, output) })
        case .object(let members): .object(members.mapValues { Self.expand($0, output) })
        case .null, .bool, .integer, .number: value
        }
    }

    private static func expand(_ text: String, _ output: (TaskID) -> JSON) -> JSON {
        let parts = Self.parts(of: text)
        if parts.count == 1, case .reference(let reference) = parts[0] { return Self.find(reference, output) }
        return .string(
            parts.map { part in
                switch part {
                case .text(let text): text
                case .reference(let reference): Self.find(reference, output).plainText
                }
            }.joined()
        )
    }

    private static func find(_ reference: Reference, _ output: (TaskID) -> JSON) -> JSON {
        var value = output(reference.task)
        for name in reference.path { value = value[name] ?? Int(name).flatMap { value[$0] } ?? .null }
        return value
    }

    private static func visit(_ value: JSON, _ body: (String) -> Void) {
        switch value {
        case .string(let text): body(text)
        case .array(let elements): for element in elements { Self.visit(element, body) }
        case .object(let members): for member in members.values { Self.visit(member, body) }
        case .null, .bool, .integer, .number: break
        }
    }

    package enum Part: Hashable, Sendable {
        case text(String)
        case reference(Reference)
    }

    /// What stands in double braces, speaks of tasks and is no reference: probably a slip.
    package var slips: [String] {
        var found: [String] = []
        Self.visit(self.source) { text in
            for case .text(let plain) in Self.parts(of: text) {
                for piece in Self.pieces(of: plain).dropFirst() {
                    guard let end = Self.pair("}", in: piece) else { continue }
                    let inside = piece[..<end.lowerBound].drop { $0 == " " }
                    if inside.hasPrefix("task") { found.append("{{\(piece[..<end.lowerBound])}}") }
                }
            }
        }
        return found
    }

    private static func pieces(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = text[...]
        while let open = Self.pair("{", in: rest) {
            pieces.append(rest[..<open.lowerBound])
            rest = rest[open.upperBound...]
        }
        return pieces + [rest]
    }

    /// Splits a text at its references; braces that name no task stay text.
    package static func parts(of text: String) -> [Part] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return [.text(text)] }
        var parts: [Part] = []
        var plain = ""
        var rest = text[...]
        while let close = Self.pair("}", in: rest) {
            // The last pair before the close: earlier ones were never closed and are text.
            if let open = Self.lastOpen(in: rest[..<close.lowerBound]),
                let reference = Self.reference(rest[open.upperBound..<close.lowerBound])
            {
                plain += rest[..<open.lowerBound]
                if !plain.isEmpty { parts.append(.text(plain)) }
                plain = ""
                parts.append(.reference(reference))
            } else {
                plain += rest[..<close.upperBound]
            }
            rest = rest[close.upperBound...]
        }
        plain += rest
        if !plain.isEmpty || parts.isEmpty { parts.append(.text(plain)) }
        return parts
    }

    private static func lastOpen(in text: Substring) -> Range<String.Index>? {
        var end = text.endIndex
        while let second = text[..<end].lastIndex(of: "{"), second > text.startIndex {
            let first = text.index(before: second)
            if text[first] == "{" { return first..<text.index(after: second) }
            end = second
        }
        return nil
    }

    private static func pair(_ brace: Character, in text: Substring) -> Range<String.Index>? {
        var index = text.startIndex
        while let first = text[index...].firstIndex(of: brace) {
            let second = text.index(after: first)
            if second < text.endIndex, text[second] == brace { return first..<text.index(after: second) }
            index = second
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func reference(_ text: Substring) -> Reference? {
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(Self.trimmed)
        // Task names may hold dots: the name ends at the first part that says output.
        guard names.first == "tasks", let output = names.dropFirst(2).firstIndex(of: "output") else { return nil }
        let task = names[1..<output].joined(separator: ".")
        guard NameRule.fault(of: task) == nil, !names[(output + 1)...].contains("") else { return nil }
        return Reference(task: TaskID(task), path: Array(names[(output + 1)...]))
    }
}

extension JSON {
    /// Whether a look for references is worth while: without a brace there is none.
    var mayHoldTemplate: Bool {
        switch self {
        case .null, .bool, .integer, .number: false
        case .string(let text): text.utf8.contains(UInt8(ascii: "{"))
        case .array, .object: true
        }
    }
}
