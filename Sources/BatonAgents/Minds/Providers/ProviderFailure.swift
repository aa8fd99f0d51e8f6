import BatonCore
import Foundation

/// Why a provider did not answer: each way to fail has a code of its own.
enum ProviderFailure {
    static func address(_ provider: ModelProvider, _ why: String) -> Failure {
        Failure(
            .permanent,
            "provider.address",
            "it is not known where \(provider.name) is: \(why)",
            remedy: "set \(provider.addressVariable), such as \(provider.address ?? "https://models.example.com/v1")"
        )
    }

    static func unreachable(_ name: ModelName, _ why: String) -> Failure {
        Failure(
            .transient,
            "provider.unreachable",
            "\(name.provider) cannot be reached: \(why)",
            remedy: "see that its address is right and the network is up"
        )
    }

    static func untrusted(_ name: ModelName, _ why: String) -> Failure {
        Failure(
            .permanent,
            "provider.tls",
            "\(name.provider) could not show who it is: \(why)",
            remedy: "see that its address is right; nothing was sent"
        )
    }

    static func late(_ name: ModelName, _ wait: Patience.Wait, _ duration: Duration) -> Failure {
        let seconds = Int(duration.inSeconds.rounded())
        let (code, what) =
            switch wait {
            case .firstByte: ("provider.no_answer", "began no answer within \(seconds) s")
            case .silence: ("provider.silent", "was silent in the midst of an answer for \(seconds) s")
            case .whole: ("provider.slow", "did not end its answer within \(seconds) s")
            }
        return Failure(
            .transient,
            code,
            "\(name) \(what)",
            remedy: "nothing, it is asked again; or choose another model"
        )
    }

    static func resting(_ name: ModelName) -> Failure {
        Failure(
            .permanent,
            "provider.resting",
            "\(name.provider) has failed so often that it is left alone for a while",
            remedy: "nothing, the agent's next model is asked"
        )
    }

    // MARK: What it answered

    static func of(_ fault: WireFault, _ name: ModelName) -> Failure {
        switch fault {
        case .malformed(let why):
            return Self.broken("provider.malformed", "\(name) answered what is no answer: \(why)")
        case .truncated: return Self.broken("provider.cut_off", "the answer of \(name) broke off")
        case .noStop: return Self.broken("provider.no_stop", "the answer of \(name) does not say why it ended")
        case .tooLong: return Self.broken("provider.too_long", "the answer of \(name) is larger than any answer may be")
        case .told(let kind, let message):
            let words = "\(name) says: \(message.isEmpty ? kind : message)"
            switch kind {
            case "rate_limit_error", "rate_limit_exceeded":
                return Self.broken("provider.limit", words)
            case "overloaded_error", "api_error", "server_error", "timeout_error":
                return Self.broken("provider.broken", words)
            case "insufficient_quota", "billing_error": return Self.refused("provider.unpaid", words, Self.pay)
            case "authentication_error", "permission_error", "invalid_api_key":
                return Self.refused("provider.key", words, "see that the key is right and may use this model")
            case "invalid_request_error", "not_found_error", "request_too_large":
                return Self.refused("provider.rejected", words, Self.mend)
            default: return Self.broken("provider.broken", words)
            }
        }
    }

    private static let pay = "pay for more, or choose another model"
    private static let mend = "see that the model's name is right, and that the task is not too large for it"

    /// - Parameter body: the beginning of what came with it.
    static func of(status: Int, _ body: [UInt8], retryAfter: Duration?, _ name: ModelName) -> Failure {
        let told = Self.told(body)
        let words = "\(name) answers \(status)" + (told.message.isEmpty ? "" : ": \(told.message)")
        switch status {
        case 300..<400:
            return Self.refused("provider.redirect", words, "set the provider's address to where it is now")
        case 402: return Self.refused("provider.unpaid", words, Self.pay)
        case 401, 403:
            return Self.refused("provider.key", words, "see that the key is right and may use this model")
        case 429 where told.kind == "insufficient_quota": return Self.refused("provider.unpaid", words, Self.pay)
        case 429: return Self.broken("provider.limit", words, retryAfter)
        case 529, 503: return Self.broken("provider.overloaded", words, retryAfter)
        case 408, 409, 425, 500...: return Self.broken("provider.broken", words, retryAfter)
        default: return Self.refused("provider.rejected", words, Self.mend)
        }
    }

    private static func told(_ body: [UInt8]) -> (kind: String, message: String) {
        guard let json = try? JSON(parsing: body) else {
            // A page of somebody in between, for people with browsers.
            let text = String(decoding: body.prefix(2000), as: UTF8.self)
            return ("", text.contains("<") ? "" : PlainText.line(text, limit: 300))
        }
        let error = json["error"] ?? json
        let kind = error["code"]?.string ?? error["type"]?.string ?? ""
        return (kind, PlainText.line(error["message"]?.string ?? error.string ?? "", limit: 300))
    }

    private static func broken(_ code: String, _ words: String, _ wait: Duration? = nil) -> Failure {
        Failure(
            .transient,
            code,
            words,
            remedy: "nothing, it is asked again; or choose another model",
            retryAfter: wait
        )
    }

    private static func refused(_ code: String, _ words: String, _ remedy: String) -> Failure {
        Failure(.permanent, code, words, remedy: remedy)
    }
}

extension Failure {
    /// The same, should its words hold the secret.
    func redacting(_ key: APIKey?) -> Failure {
        guard let key else { return self }
        return Failure(
            self.kind,
            self.code,
            key.redacting(self.message),
            remedy: self.remedy,
            causes: self.causes.map(key.redacting),
            stderrTail: self.stderrTail,
            retryAfter: self.retryAfter
        )
    }
}
