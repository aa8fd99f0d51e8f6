import OrderedCollections

/// A place in a source text: line and column from 1, the column in Unicode scalars.
package struct SourcePlace: Hashable, Comparable, Sendable {
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int

    /// Names a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Earlier in the text first.
    package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        left.line == right.line ? left.column < right.column : left.line < right.line
    }
}

/// A value as it stood in a file, with its place; what JSON and YAML files are read into.
package struct SourceNode: Sendable {
    package indirect enum Kind: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        /// May be infinite or not a number: files can say so, ``JSON`` cannot.
        case number(Double)
        case string(String)
        case array([SourceNode])
        case object([Member])
    }

    package struct Member: Sendable {
        package let name: String
        package let place: SourcePlace
        package let value: SourceNode

        package init(name: String, place: SourcePlace, value: SourceNode) {
            self.name = name
            self.place = place
            self.value = value
        }
    }

    package let kind: Kind
    package let place: SourcePlace

    package init(_ kind: Kind, at place: SourcePlace) {
        self.kind = kind
        self.place = place
    }

    /// A value that no file holds, such as a plan of the journal.
    package init(_ value: JSON) {
        let nowhere = SourcePlace(line: 1, column: 1)
        self.place = nowhere
        self.kind =
            switch value {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .string(let value): .string(value)
            case .array(let elements): .array(elements.map { SourceNode($0) })
            case .object(let members):
                .object(members.map { Member(name: $0.key, place: nowhere, value: SourceNode($0.value)) })
            }
    }

    package subscript(name: String) -> SourceNode? { self.member(name)?.value }

    package func member(_ name: String) -> Member? {
        guard case .object(let members) = self.kind else { return nil }
        return members.first { $0.name == name }
    }

    package subscript(index: Int) -> SourceNode? {
        guard case .array(let elements) = self.kind, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Where the first number is that ``JSON`` cannot hold.
    package var firstNotFinite: SourcePlace? {
        switch self.kind {
        case .number(let value): return value.isFinite ? nil : self.place
        case .array(let nodes): return nodes.lazy.compactMap(\.firstNotFinite).first
        case .object(let members): return members.lazy.compactMap(\.value.firstNotFinite).first
        case .null, .bool, .integer, .string: return nil
        }
    }

    /// What kind of value this is, for messages.
    package var noun: String {
        switch self.kind {
        case .null: "null"
        case .bool: "a truth value"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSON {
    /// The value of a node; nil if a number in it is not finite.
    package init?(_ node: SourceNode) {
        switch node.kind {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .string(let value): self = .string(value)
        case .number(let value):
            guard value.isFinite else { return nil }
            self = .number(value)
        case .array(let nodes):
            var elements: [JSON] = []
            elements.reserveCapacity(nodes.count)
            for node in nodes {
                guard let element = JSON(node) else { return nil }
                elements.append(element)
            }
            self = .array(elements)
        case .object(let nodes):
            var members = OrderedDictionary<String, JSON>()
            for node in nodes {
                guard let value = JSON(node.value) else { return nil }
                members[node.name] = value
            }
            self = .object(members)
        }
    }
}
