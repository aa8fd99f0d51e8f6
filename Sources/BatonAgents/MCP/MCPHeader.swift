import BatonCore
import Foundation

/// An argument of a tool that is repeated in a header, so that gateways can read it: `x-mcp-header` of its schema.
struct MCPHeader: Hashable, Sendable {
    let name: String
    let path: [String]

    /// All that a schema asks for; nil if it breaks the rules, and then the tool must not be used.
    static func all(in schema: JSON) -> [MCPHeader]? {
        var found: [MCPHeader] = []
        guard Self.gather(schema, [], &found) else { return nil }
        let names = found.map { $0.name.lowercased() }
        guard Set(names).count == names.count, found.count == Self.count(in: schema) else { return nil }
        return found
    }

    // Only a chain of properties leads to one.
    private static func gather(_ schema: JSON, _ path: [String], _ found: inout [MCPHeader]) -> Bool {
        if let name = schema["x-mcp-header"] {
            guard let text = name.string, !path.isEmpty, Self.isToken(text),
                ["string", "integer", "boolean"].contains(schema["type"]?.string ?? "")
            else { return false }
            found.append(MCPHeader(name: text, path: path))
        }
        let properties = schema["properties"]
        return (properties?.memberNames ?? []).allSatisfy { name in
            properties?[name].map { Self.gather($0, path + [name], &found) } ?? true
        }
    }

    // Those in other places break the rules.
    private static func count(in schema: JSON) -> Int {
        if let elements = schema.elements { return elements.reduce(0) { $0 + Self.count(in: $1) } }
        return schema.memberNames.reduce(0) { sum, name in
            if name == "x-mcp-header", schema[name]?.isObject != true { return sum + 1 }
            return sum + (schema[name].map(Self.count) ?? 0)
        }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// The header with the argument; nil if it is not given.
    func field(of arguments: JSON) -> (String, String)? {
        var value = arguments
        for name in self.path {
            guard let inner = value[name] else { return nil }
            value = inner
        }
        switch value {
        case .string(let text): return ("Mcp-Param-\(self.name)", Self.safe(text))
        case .integer(let number): return ("Mcp-Param-\(self.name)", "\(number)")
        case .bool(let bool): return ("Mcp-Param-\(self.name)", bool ? "true" : "false")
        case .null, .number, .array, .object: return nil
        }
    }

    /// A text as it may stand in a header.
    static func safe(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { 0x20...0x7E ~= $0 } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
            && !(text.hasPrefix("=?base64?") && text.hasSuffix("?="))
        return isPlain ? text : "=?base64?\(Data(text.utf8).base64EncodedString())?="
    }
}
