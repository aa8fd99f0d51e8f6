import BatonCore
import Yams

/// Our one reader of YAML: the part of it that means the same to everybody, with places, bounded as JSON is.
///
/// Refused: anchors and aliases, tags, more than one document, duplicate keys, lists or objects as keys, nesting over
/// `depth`. The key `<<` is a key like any other. What a plain scalar means is said at ``YAMLScalar``.
enum YAMLReader {
    /// - Parameter bytes: UTF-8 without byte order mark and NUL.
    static func read(_ bytes: [UInt8], depth: Int) throws(ParseFault) -> SourceNode {
        if let fault = YAMLBounds.fault(of: bytes) { throw fault }
        return try RoomyThread.run { Self.parse(bytes, depth: depth) }.get()
    }

    private static func parse(_ bytes: [UInt8], depth: Int) -> Result<SourceNode, ParseFault> {
        Result { () throws(ParseFault) in
            // Yams expands aliases while it reads, and compares expanded keys: nine levels of nine would never end.
            // Without any `*` there is no alias, and an anchor can be found in peace.
            if bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: "*")) {
                let tame = bytes.map { $0 == UInt8(ascii: "*") ? UInt8(ascii: "_") : $0 }
                try Self.refuseAnchor(in: tame)
            }
            let root: Node
            do throws(ComposeFault) {
                root = try YAMLComposer.root(of: bytes)
            } catch {
                throw error.fault(in: bytes)
            }
            var tree = YAMLTree(bytes, deepest: depth)
            return try tree.node(root, depth: 1)
        }
    }

    private static func refuseAnchor(in tame: [UInt8]) throws(ParseFault) {
        do throws(ComposeFault) {
            let root = try YAMLComposer.root(of: tame)
            try Self.search(root, in: tame)
        } catch {
            // Keys that differ only in `*` look equal here. With other names the anchors can be looked for.
            guard case .duplicate(let duplicate) = error, let distinct = duplicate.distinct(in: tame) else {
                throw error.fault(in: tame)
            }
            do throws(ComposeFault) {
                try Self.search(distinct.root, in: distinct.text)
            } catch {
                throw error.fault(in: tame)
            }
        }
    }

    private static func search(_ root: Node, in text: [UInt8]) throws(ComposeFault) {
        var search = YAMLTree(text, deepest: .max)
        do throws(ParseFault) {
            try search.refuseAnchors(root)
        } catch {
            throw .other(error)
        }
    }
}
