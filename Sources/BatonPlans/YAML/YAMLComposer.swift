import BatonCore
import Yams

/// Why Yams gives no tree.
enum ComposeFault: Error {
    /// A key is twice in one object.
    case duplicate(YAMLDuplicate)
    case other(ParseFault)

    func fault(in bytes: [UInt8]) -> ParseFault {
        switch self {
        case .duplicate(let duplicate): duplicate.fault(in: bytes)
        case .other(let fault): fault
        }
    }
}

/// The one place that calls Yams.
enum YAMLComposer {
    /// The nodes of the only document.
    ///
    /// Yams resolves nothing here: scalars are resolved by ``YAMLScalar``, and keys are compared as texts.
    static func root(of bytes: [UInt8]) throws(ComposeFault) -> Node {
        do {
            let text = String(decoding: bytes, as: UTF8.self)
            if let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() { return root }
        } catch let error as YamlError {
            throw Self.fault(error, in: bytes)
        } catch {
            throw .other(YAMLFault.unknown)
        }
        throw .other(
            ParseFault(
                "empty",
                "the file has no content",
                remedy: "write a plan; docs/plans.md begins with a small one",
                at: SourcePlace(line: 1, column: 1)
            )
        )
    }

    private static func fault(_ error: YamlError, in bytes: [UInt8]) -> ComposeFault {
        guard case .duplicatedKeysInMapping(let names, let context) = error else {
            return .other(YAMLFault.fault(error, in: bytes).notBehind(YAMLCursor.end(of: bytes)))
        }
        // What Yams calls a key that is a list or an object.
        if names.first == "<uncovertable>" { return .other(YAMLTree.keyFault(at: YAMLTree.place(context.mark))) }
        // Yams sorts the names as it sorts the nodes, and names the place of the first.
        return .duplicate(YAMLDuplicate(names.first ?? "", at: context.mark))
    }
}
