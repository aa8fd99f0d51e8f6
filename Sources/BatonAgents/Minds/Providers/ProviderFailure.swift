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

    // What budgets hold is what the core reckons: a question that has more than that is not sent.
    static func unreserved(_ name: ModelName) -> Failure {
        Failure(
            .permanent,
            "budget.question",
            "the question to \(name) is longer than its budget was asked for",
            remedy: "this is a fault of Baton: please report it, with `baton export-run` of the run"
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

    /// - Parameter secrets: taken out of what the provider says, before anything is cut.
    static func of(_ fault: WireFault, _ name: ModelName, _ secrets: Secrets) -> Failure {
        switch fault {
        case .malformed(let why):
            return Self.broken("provider.malformed", "\(name) answered what is no answer: \(Self.plain(why, secrets))")
        case .truncated: return Self.broken("provider.cut_off", "the answer of \(name) broke off")
        case .noStop: return Self.broken("provider.no_stop", "the answer of \(name) does not say why it ended")
        case .oddStop(let word):
            return Self.broken(
                "provider.no_stop",
                "the answer of \(name) ended for a reason that is not known: \(Self.plain(word, secrets))"
            )
        case .empty: return Self.broken("provider.empty", "the answer of \(name) says nothing")
        case .tooLong: return Self.broken("provider.too_long", "the answer of \(name) is larger than any answer may be")
        case .told(let kind, let message):
            let told = Self.plain(message.isEmpty ? kind : message, secrets)
            return Self.told(kind, "\(name) says: \(told)")
        }
    }

    private static func told(_ kind: String, _ words: String) -> Failure {
        // Some tell the status that they would have answered with.
        if let status = Int(kind), 400...599 ~= status { return Self.status(status, kind, words, nil) }
        switch kind {
        case "rate_limit_error", "rate_limit_exceeded": return Self.broken("provider.limit", words)
        case "insufficient_quota", "billing_error": return Self.refused("provider.unpaid", words, Self.pay)
        case "authentication_error", "permission_error", "invalid_api_key":
            return Self.refused("provider.key", words, Self.keys)
        case "invalid_request_error", "not_found_error", "request_too_large":
            return Self.refused("provider.rejected", words, Self.mend)
        default: return Self.broken("provider.broken", words)
        }
    }

    /// What others say, as a line without the keys.
    static func plain(_ text: String, _ secrets: Secrets) -> String {
        PlainText.line(secrets.redacting(text), limit: 300)
    }

    private static let keys = "see that the key is right and may use this model"
    private static let pay = "pay for more, or choose another model"
    private static let mend = "see that the model's name is right, and that the task is not too large for it"

    /// - Parameters:
    ///   - body: the beginning of what came with it.
    ///   - secrets: taken out of it, before anything is cut.
    static func of(
        status: Int,
        _ body: [UInt8],
        retryAfter: Duration?,
        _ name: ModelName,
        _ secrets: Secrets
    ) -> Failure {
        let (kind, message) = Self.told(body)
        let words = Self.plain(message, secrets)
        return Self.status(status, kind, "\(name) answers \(status)" + (words.isEmpty ? "" : ": \(words)"), retryAfter)
    }

    private static func status(_ status: Int, _ kind: String, _ words: String, _ wait: Duration?) -> Failure {
        switch status {
        case 300..<400:
            return Self.refused("provider.redirect", words, "set the provider's address to where it is now")
        case 402: return Self.refused("provider.unpaid", words, Self.pay)
        case 401, 403: return Self.refused("provider.key", words, Self.keys)
        case 429 where kind == "insufficient_quota": return Self.refused("provider.unpaid", words, Self.pay)
        case 429: return Self.broken("provider.limit", words, wait)
        case 529, 503: return Self.broken("provider.overloaded", words, wait)
        case 408, 409, 425, 500...: return Self.broken("provider.broken", words, wait)
        default: return Self.refused("provider.rejected", words, Self.mend)
        }
    }

    private static func told(_ body: [UInt8]) -> (kind: String, message: String) {
        guard let json = try? JSON(parsing: body) else {
            // A page of somebody in between, for people with browsers.
            let text = String(decoding: body, as: UTF8.self)
            return ("", text.contains("<") ? "" : text)
        }
        let whole = json[0] ?? json
        let error = whole["error"] ?? whole
        let message = error["message"]?.string ?? error["detail"]?.plainText ?? error.string ?? ""
        return (error["code"]?.string ?? error["type"]?.string ?? "", message)
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
