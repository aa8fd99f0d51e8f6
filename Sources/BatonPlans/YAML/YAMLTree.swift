import BatonCore
import Yams

/// Turns nodes of Yams into ours, refusing what a plan may not have; visits them in the order of the text.
struct YAMLTree {
    private var cursor: YAMLCursor
    // Libyaml puts what is missing at the end on a line that the text may not have.
    private let end: SourcePlace
    private let deepest: Int
    private var values = 0

    init(_ bytes: [UInt8], deepest: Int) {
        self.cursor = YAMLCursor(bytes)
        self.end = YAMLCursor.end(of: bytes)
        self.deepest = deepest
    }

    mutating func node(_ node: Node, depth: Int) throws(ParseFault) -> SourceNode {
        let place = min(Self.place(of: node), self.end)
        guard depth <= self.deepest else { throw Self.depthFault(self.deepest, at: place) }
        try self.check(place)
        switch node {
        case .scalar(let scalar): return SourceNode(try Self.kind(of: scalar, at: place), at: place)
        case .sequence(let sequence):
            var elements: [SourceNode] = []
            elements.reserveCapacity(sequence.count)
            for element in sequence { elements.append(try self.node(element, depth: depth + 1)) }
            return SourceNode(.array(elements), at: place)
        case .mapping(let mapping): return SourceNode(.object(try self.members(mapping, depth: depth)), at: place)
        case .alias: throw Self.anchorFault(at: place)
        }
    }

    /// Looks for anchors and tags only.
    mutating func refuseAnchors(_ node: Node) throws(ParseFault) {
        try self.check(Self.place(of: node))
        switch node {
        case .scalar, .alias: break
        case .sequence(let sequence): for element in sequence { try self.refuseAnchors(element) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try self.refuseAnchors(key)
                try self.refuseAnchors(value)
            }
        }
    }

    private mutating func members(_ mapping: Node.Mapping, depth: Int) throws(ParseFault) -> [SourceNode.Member] {
        var members: [SourceNode.Member] = []
        members.reserveCapacity(mapping.count)
        for (key, value) in mapping {
            let place = min(Self.place(of: key), self.end)
            try self.check(place)
            guard case .scalar(let name) = key else {
                throw Self.keyFault(at: place)
            }
            let value = try self.node(value, depth: depth + 1)
            members.append(SourceNode.Member(name: name.string, place: place, value: value))
        }
        return members
    }

    private mutating func check(_ place: SourcePlace) throws(ParseFault) {
        self.values += 1
        guard self.values <= JSONReader.mostValues else {
            throw ParseFault(
                "size",
                "there are more than \(JSONReader.mostValues) values",
                remedy: "split the file",
                at: place
            )
        }
        switch self.cursor.byte(at: place) {
        case UInt8(ascii: "&"): throw Self.anchorFault(at: place)
        case UInt8(ascii: "!"):
            throw ParseFault(
                "tags_not_allowed",
                "a tag (!) stands here; plans have none",
                remedy: "remove the tag, or put the text in quotes",
                at: place
            )
        default: break
        }
    }

    private static func kind(of scalar: Node.Scalar, at place: SourcePlace) throws(ParseFault) -> SourceNode.Kind {
        switch scalar.style {
        case .plain, .any: break
        case .singleQuoted, .doubleQuoted, .literal, .folded: return .string(scalar.string)
        }
        guard let kind = YAMLScalar.kind(ofPlain: scalar.string) else {
            throw ParseFault(
                "number",
                "this number has \(scalar.string.utf8.count) characters; \(YAMLScalar.longestNumber) is the most",
                remedy: "shorten it, or put it in quotes if it is a text",
                at: place
            )
        }
        return kind
    }

    static func place(of node: Node) -> SourcePlace { node.mark.map(Self.place) ?? SourcePlace(line: 1, column: 1) }

    static func place(_ mark: Mark) -> SourcePlace { SourcePlace(line: mark.line, column: mark.column) }

    static func anchorFault(at place: SourcePlace) -> ParseFault {
        ParseFault(
            "aliases_not_allowed",
            "an anchor (&) or alias (*) stands here; plans have none",
            remedy: "write the value out, or put a text that begins with & or * in quotes",
            at: place
        )
    }

    static func keyFault(at place: SourcePlace) -> ParseFault {
        ParseFault(
            "syntax",
            "a list or an object stands where a key is expected",
            remedy: "write a plain name as the key, and quotes around texts that begin with [ or {",
            at: place
        )
    }

    static func depthFault(_ deepest: Int, at place: SourcePlace) -> ParseFault {
        ParseFault(
            "depth",
            "values are nested more than \(deepest) deep",
            remedy: "flatten them",
            at: place
        )
    }
}
