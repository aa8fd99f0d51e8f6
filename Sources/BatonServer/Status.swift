import BatonCore
import BatonEngine

/// Which HTTP status says which error.
enum Status {
    static func code(of error: BatonError) -> Int {
        switch error.code.text {
        case "run.unknown", "run.unknown_task", "run.unknown_agent", "http.not_found": 404
        case "run.exists", "run.conflict", "run.state", "run.not_carried", "request.conflict", "question.closed",
            "question.changed", "run.edit":
            409
        case "http.method": 405
        case "http.slow": 408
        case "http.size": 413
        case "http.content_type": 415
        case "http.origin": 403
        case "engine.overloaded", "engine.stopped", "journal.unavailable": 503
        case "journal.corrupt", "journal.newer", "run.damaged": 500
        case let code
        where code.hasPrefix("http.") || code.hasPrefix("request.") || code.hasPrefix("parse.")
            || code == "command.form" || code == "fork.position":
            400
        // What was understood and is wrong: plans, answers, priorities.
        default: 422
        }
    }

    static func meaning(of status: Int) -> String {
        switch status {
        case 400: "The request was not understood."
        case 403: "The request came from a web page, or for another host."
        case 404: "There is no such thing."
        case 408: "The body did not come whole in time."
        case 409: "The run does not take it as it stands, or the key was used for another request."
        case 413: "The body is too large."
        case 415: "The body is not JSON."
        case 422: "It was understood and is wrong: a plan, an answer, a task."
        default: "See the error."
        }
    }
}

extension BatonError.Code {
    static let slowBody = BatonError.Code("http.slow")
}

extension BatonError {
    static func http(_ code: String, _ message: String, remedy: String) -> BatonError {
        BatonError(Code(code), message, remedy: remedy)
    }
}
