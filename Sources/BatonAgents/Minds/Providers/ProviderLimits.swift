package import BatonCore

/// How often providers may be asked, as a file says it: by provider `requests_per_minute`, `tokens_per_minute`, or both.
package enum ProviderLimits {
    package static let code = "limit.file"

    /// Reads the file.
    ///
    /// - Throws: `limit.file`, with the place of the first thing that is wrong.
    package static func read(_ bytes: [UInt8]) throws(Refusal) -> [String: ProviderPace.Limits] {
        let file: JSON
        do throws(JSON.Fault) {
            file = try JSON(parsing: bytes)
        } catch {
            throw Self.refusal("it is no JSON: \(error)")
        }
        guard case .object(let members) = file else { throw Self.refusal("it is no object") }
        var limits: [String: ProviderPace.Limits] = [:]
        for (name, value) in Array(members) {
            guard let provider = ModelProvider.named(name) else {
                throw Self.refusal("\(PlainText.line(name, limit: 60)) is no provider")
            }
            limits[provider.name] = try Self.limits(value, of: name)
        }
        return limits
    }

    private static func limits(_ value: JSON, of name: String) throws(Refusal) -> ProviderPace.Limits {
        guard case .object(let members) = value else { throw Self.refusal("\(name) is no object") }
        var limits = ProviderPace.Limits()
        for (key, value) in Array(members) {
            guard let number = value.integer, 1...1_000_000_000_000 ~= number else {
                throw Self.refusal("\(name).\(PlainText.line(key, limit: 60)) is no count of one or more")
            }
            switch key {
            case "requests_per_minute": limits.requestsPerMinute = Int(number)
            case "tokens_per_minute": limits.tokensPerMinute = Int(number)
            default: throw Self.refusal("\(name).\(PlainText.line(key, limit: 60)) is no limit")
            }
        }
        return limits
    }

    private static func refusal(_ what: String) -> Refusal {
        Refusal(
            Self.code,
            what,
            remedy: #"write such as {"anthropic": {"requests_per_minute": 50, "tokens_per_minute": 40000}}"#
        )
    }
}
