public import BatonCore
public import BatonEngine

/// A tool that is a Swift function of the program that holds the engine.
///
/// Agents of a plan have it by the name `swift/NAME`.
///
///     let price = Tool("price_of", "Tells what a part costs.", readOnly: true) { input, _ in
///         .number(prices[input["part"]?.string ?? ""] ?? 0)
///     }
///     let models = LanguageModels(tools: [price])
public struct Tool: Sendable {
    /// Carries one call; what it throws is told to the model.
    public typealias Body = @Sendable (_ input: JSON, _ work: Work) async throws -> JSON

    let name: String
    let text: String
    let input: JSON
    let isReadOnly: Bool
    let body: Body

    /// Makes a tool.
    ///
    /// - Parameters:
    ///   - name: 1 to 56 letters, digits, `_` and `-`.
    ///   - description: what models are told of it.
    ///   - input: a JSON Schema of its arguments; they are held against it before the call.
    ///   - readOnly: whether it changes nothing: then nobody has to say yes, and it is called again after a crash.
    ///   - body: carries one call, and stops when its Swift task is cancelled.
    public init(
        _ name: String,
        _ description: String,
        input: JSON = ["type": "object"],
        readOnly: Bool = false,
        _ body: @escaping Body
    ) {
        self.name = name
        self.text = description
        self.input = input
        self.isReadOnly = readOnly
        self.body = body
    }

    var offer: ToolOffer {
        ToolOffer(
            name: ForeignName.of(self.name, from: ToolServer.swift),
            source: "\(ToolServer.swift)/\(self.name)",
            text: self.text,
            input: self.input,
            isRepeatable: self.isReadOnly
        )
    }
}

/// What models call the tools of others: `docs__search` for `docs/search`.
enum ForeignName {
    /// Providers take letters, digits, `_` and `-`, 64 of them.
    static func of(_ tool: String, from server: String) -> String {
        let plain = tool.unicodeScalars.map { scalar -> Character in
            let isTaken = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isTaken || scalar == "_" || scalar == "-" ? Character(scalar) : "_"
        }
        return String("\(server)__\(String(plain))".prefix(64))
    }
}
