import OrderedCollections

/// A value whose texts may name the outputs of tasks: `{{tasks.research.output}}` or `{{tasks.research.output.title}}`.
///
/// A text that is nothing but one reference becomes the output itself; within a text the output is written as text.
/// `{{!tasks.research.output}}` is no reference: it becomes the same text with one `!` less.
package struct Template: Hashable, Sendable {
    /// One `{{…}}`.
    package struct Reference: Hashable, Sendable {
        package let task: TaskID
        package let path: [String]
    }

    package let source: JSON
    /// In order of appearance, each once.
    package let references: [Reference]
    private let isPlain: Bool

    package init(_ source: JSON) {
        self.source = source
        var found: OrderedSet<Reference> = []
        var isPlain = true
        Self.visit(source) { text in
            for piece in Self.scan(text) where piece.kind != .plain {
                isPlain = false
                if case .reference(let reference) = piece.kind { found.append(reference) }
            }
        }
        self.references = found.elements
        self.isPlain = isPlain
    }

    /// The value with every reference replaced; an output that lacks the path gives null.
    ///
    /// - Parameter otherwise: what stands for an output that is not to be had.
    package func expanded(
        _ output: (TaskID) -> JSON?,
        otherwise: (TaskID) -> JSON = { _ in .null }
    ) -> JSON {
        guard !self.isPlain else { return self.source }
        return Self.expand(self.source) { reference in
            guard var value = output(reference.task) else { return otherwise(reference.task) }
            for name in reference.path { value = Self.member(name, of: value) ?? .null }
            return value
        }
    }

    /// The text that a template has to have for its expansion to be this one.
    package static func literal(_ text: String) -> String {
        self.scan(text).map { piece in
            piece.kind == .plain ? String(piece.raw) : "{{!\(piece.raw.dropFirst(2))"
        }.joined()
    }

    /// The value that a template has to have for its expansion to be this one.
    package static func literal(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(Self.literal(text))
        case .array(let elements): .array(elements.map { Self.literal($0) })
        case .object(let members): .object(members.mapValues { Self.literal($0) })
        case .null, .bool, .integer, .number: value
        }
    }

    private static func expand(_ value: JSON, _ find: (Reference) -> JSON) -> JSON {
        switch value {
        case .string(let text): Self.expand(text, find)
        case .array(let elements): .array(elements.map { Self.expand($0, find) })
        case .object(let members): .object(members.mapValues { Self.expand($0, find) })
        case .null, .bool, .integer, .number: value
        }
    }

    private static func expand(_ text: String, _ find: (Reference) -> JSON) -> JSON {
        let parts = Self.parts(of: text)
        if parts.count == 1, case .reference(let reference) = parts[0] { return find(reference) }
        return .string(
            parts.map { part in
                switch part {
                case .text(let text): text
                case .reference(let reference): find(reference).plainText
                }
            }.joined()
        )
    }

    static func member(_ name: String, of value: JSON) -> JSON? { value[name] ?? Int(name).flatMap { value[$0] } }

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
            for plain in Self.scan(text) where plain.kind == .plain {
                for piece in Self.split(plain.raw).dropFirst() {
                    guard let end = Self.pair("}", in: piece) else { continue }
                    let inside = piece[..<end.lowerBound].drop { $0 == " " }
                    if inside.hasPrefix("task") { found.append("{{\(piece[..<end.lowerBound])}}") }
                }
            }
        }
        return found
    }

    private static func split(_ text: Substring) -> [Substring] {
        var pieces: [Substring] = []
        var rest = text
        while let open = Self.pair("{", in: rest) {
            pieces.append(rest[..<open.lowerBound])
            rest = rest[open.upperBound...]
        }
        return pieces + [rest]
    }

    /// Splits a text at its references; braces that name no task stay text.
    package static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var plain = ""
        for piece in Self.scan(text) {
            switch piece.kind {
            case .plain: plain += piece.raw
            case .escaped: plain += "{{\(piece.raw.dropFirst(3))"
            case .reference(let reference):
                if !plain.isEmpty { parts.append(.text(plain)) }
                plain = ""
                parts.append(.reference(reference))
            }
        }
        if !plain.isEmpty || parts.isEmpty { parts.append(.text(plain)) }
        return parts
    }

    /// A stretch of a text as it stands there; one that is not plain begins and ends with double braces.
    private struct Piece {
        enum Kind: Hashable {
            case plain
            case reference(Reference)
            case escaped
        }
        let kind: Kind
        let raw: Substring
    }

    private static func scan(_ text: String) -> [Piece] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return [Piece(kind: .plain, raw: text[...])] }
        var pieces: [Piece] = []
        var rest = text[...]
        while let close = Self.pair("}", in: rest) {
            // The last pair before the close: earlier ones were never closed and are text.
            if let open = Self.lastOpen(in: rest[..<close.lowerBound]),
                let kind = Self.kind(of: rest[open.upperBound..<close.lowerBound])
            {
                pieces.append(Piece(kind: .plain, raw: rest[..<open.lowerBound]))
                pieces.append(Piece(kind: kind, raw: rest[open.lowerBound..<close.upperBound]))
            } else {
                pieces.append(Piece(kind: .plain, raw: rest[..<close.upperBound]))
            }
            rest = rest[close.upperBound...]
        }
        return pieces + [Piece(kind: .plain, raw: rest)]
    }

    private static func kind(of inside: Substring) -> Piece.Kind? {
        if let reference = Self.reference(inside) { return .reference(reference) }
        guard inside.first == "!" else { return nil }
        return inside.drop { $0 == "!" || $0 == " " }.hasPrefix("task") ? .escaped : nil
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
    package var mayHoldTemplate: Bool {
        switch self {
        case .null, .bool, .integer, .number: false
        case .string(let text): text.utf8.contains(UInt8(ascii: "{"))
        case .array, .object: true
        }
    }
}
