import BatonCore
import BatonEngine

/// What a server offers, as tools: its own, and ways to its resources and prompts.
enum MCPOffers {
    /// Where a server has no tool of that name itself.
    private static let further: [(capability: String, name: String, text: String, input: JSON)] = [
        ("resources", "list_resources", "Lists the resources of this server.", Self.object([])),
        (
            "resources", "read_resource", "Reads a resource of this server.",
            Self.object([("uri", ["type": "string", "description": "Of list_resources."])], ["uri"])
        ),
        ("prompts", "list_prompts", "Lists the prompts of this server, with their arguments.", Self.object([])),
        (
            "prompts", "get_prompt", "Gets a prompt of this server.",
            Self.object(
                [
                    ("name", ["type": "string", "description": "Of list_prompts."]),
                    ("arguments", ["type": "object", "additionalProperties": ["type": "string"]]),
                ],
                ["name"]
            )
        ),
    ]

    /// So much of a description is told to models.
    private static let longestText = 4096
    private static let longestSchema = 64 << 10

    static func all(of session: MCPSession, _ spec: ToolServer) async throws(MCPFault) -> [ToolOffer] {
        var offers: [ToolOffer] = []
        for tool in try await session.tools() {
            guard let name = tool["name"]?.string, !name.isEmpty, name.utf8.count <= 128 else { continue }
            let schema = tool["inputSchema"].flatMap { $0.isObject ? $0 : nil } ?? ["type": "object"]
            guard schema.description.utf8.count <= Self.longestSchema else {
                throw .nonsense("the schema of its tool \(PlainText.line(name, limit: 60)) is too long")
            }
            let text = tool["description"]?.string ?? tool["title"]?.string ?? ""
            offers.append(Self.offer(name, String(text.prefix(Self.longestText)), schema, spec.isReadOnly(name), spec))
        }
        for tool in Self.further where session.has(tool.capability) {
            guard !offers.contains(where: { $0.source == "\(spec.name)/\(tool.name)" }) else { continue }
            offers.append(Self.offer(tool.name, tool.text, tool.input, true, spec))
        }
        return offers
    }

    private static func offer(
        _ name: String,
        _ text: String,
        _ input: JSON,
        _ isReadOnly: Bool,
        _ spec: ToolServer
    ) -> ToolOffer {
        ToolOffer(
            name: ForeignName.of(name, from: spec.name),
            source: "\(spec.name)/\(name)",
            text: text,
            input: input,
            isRepeatable: isReadOnly
        )
    }

    // MARK: Calling

    static func call(_ tool: String, _ input: JSON, of session: MCPSession) async throws(MCPFault) -> JSON {
        // Over a new connection nothing is known yet of headers that it wants, nor which of the names are its own.
        if !session.isListed { _ = try await session.tools() }
        let further = Self.further.first { $0.name == tool && session.has($0.capability) }
        if let further, !session.hasTool(tool) { return try await Self.look(further.name, input, session) }
        let result = try await session.ask("tools/call", [("name", .string(tool)), ("arguments", input)])
        guard result["content"]?.elements != nil || result["structuredContent"]?.isObject == true else {
            throw .nonsense("its result has no content")
        }
        let value = Self.value(of: result)
        guard result["isError"] != true else { throw .failed(value.plainText) }
        return value
    }

    private static func look(_ name: String, _ input: JSON, _ session: MCPSession) async throws(MCPFault) -> JSON {
        switch name {
        case "list_resources":
            // Not all that have resources know templates of them.
            let templates = try? await session.list("resources/templates/list", "resourceTemplates")
            let resources = try await session.list("resources/list", "resources")
            return .members([("resources", .array(resources)), ("templates", .array(templates ?? []))])
        case "read_resource":
            let result = try await session.ask("resources/read", [("uri", input["uri"] ?? "")])
            return Self.joined((result["contents"]?.elements ?? []).map(Self.text(ofResource:)))
        case "list_prompts": return .array(try await session.list("prompts/list", "prompts"))
        default:
            var params: [(String, JSON)] = [("name", input["name"] ?? "")]
            if let arguments = input["arguments"] { params.append(("arguments", arguments)) }
            let result = try await session.ask("prompts/get", params)
            let messages = (result["messages"]?.elements ?? []).map { message in
                "\(message["role"]?.string ?? ""): \(Self.text(of: message["content"] ?? .null))"
            }
            return Self.joined(messages)
        }
    }

    /// What a tool brought: its structured result if there is one, else its texts.
    private static func value(of result: JSON) -> JSON {
        if let value = result["structuredContent"], value.isObject, result["isError"] != true {
            return value.description.utf8.count <= Self.longestResult ? value : Self.joined([value.description])
        }
        return Self.joined((result["content"]?.elements ?? []).map(Self.text(of:)))
    }

    static let longestResult = 256 << 10

    private static func joined(_ texts: [String]) -> JSON {
        let text = texts.joined(separator: "\n")
        guard text.utf8.count > Self.longestResult else { return .string(text) }
        let part = String(decoding: text.utf8.prefix(Self.longestResult).withoutCutEnd, as: UTF8.self)
        return .string(part + "\n[\(text.utf8.count - Self.longestResult) more bytes are left out]")
    }

    private static func text(of content: JSON) -> String {
        switch content["type"]?.string {
        case "text": content["text"]?.string ?? ""
        case "resource": Self.text(ofResource: content["resource"] ?? .null)
        case "resource_link": "[resource \(content["uri"]?.string ?? "")] \(content["name"]?.string ?? "")"
        case let kind: "[\(kind ?? "something") of type \(content["mimeType"]?.string ?? "unknown")]"
        }
    }

    private static func text(ofResource resource: JSON) -> String {
        let uri = resource["uri"]?.string ?? ""
        return resource["text"]?.string ?? "[\(uri): \(resource["mimeType"]?.string ?? "bytes")]"
    }

    private static func object(_ members: [(String, JSON)], _ required: [JSON] = []) -> JSON {
        .members([
            ("type", "object"), ("properties", .members(members)), ("required", .array(required)),
            ("additionalProperties", false),
        ])
    }
}
