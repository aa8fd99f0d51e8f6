import BatonCore
import BatonEngine

/// Reads what a command left: JSON if standard output is exactly one JSON value, else text.
enum CommandOutput {
    /// How a command ended.
    enum End: Sendable {
        case exited(Int32)
        case signaled(Int32)
    }

    /// What it printed as it is, for whoever reads it.
    static func text(_ end: End, _ stdout: [UInt8], _ stderrTail: String?) -> JSON {
        var members: [(String, JSON)] = []
        switch end {
        case .exited(let code): members.append(("exit_code", .integer(Int64(code))))
        case .signaled(let signal): members.append(("signal", .integer(Int64(signal))))
        }
        members.append(("stdout", .string(String(decoding: stdout, as: UTF8.self))))
        if let stderrTail, !stderrTail.isEmpty { members.append(("stderr", .string(stderrTail))) }
        return .members(members)
    }

    static func result(_ end: End, stdout: [UInt8], stderrTail: String, of work: Work) -> WorkResult {
        let who = "the command of task \(work.task.id)"
        let tail = stderrTail.isEmpty ? nil : stderrTail
        switch end {
        case .signaled(let signal):
            return .failed(
                Failure(
                    .transient,
                    "exec.signal",
                    "\(who) died by signal \(signal) (\(Self.name(of: signal)))",
                    remedy: "see its stderr: baton show \(work.run) \(work.task.id)",
                    stderrTail: tail
                )
            )
        case .exited(let code) where code != 0:
            return .failed(
                Failure(
                    // By sysexits these say that the same call will fail again.
                    [64, 65, 66, 77, 78].contains(code) ? .permanent : .transient,
                    "exec.exit",
                    "\(who) ended with exit code \(code)\(Self.lastLine(of: stderrTail))",
                    remedy: "see its stderr: baton show \(work.run) \(work.task.id)",
                    stderrTail: tail
                )
            )
        case .exited: return Self.value(of: stdout, who, tail)
        }
    }

    private static func value(of stdout: [UInt8], _ who: String, _ tail: String?) -> WorkResult {
        let isBlank = stdout.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        guard !isBlank else {
            return .failed(
                Failure(
                    .transient,
                    "exec.empty_output",
                    "\(who) ended with exit code 0 and printed no result",
                    remedy: "print the result as JSON or text to standard output",
                    stderrTail: tail
                )
            )
        }
        if let fault = UTF8Check.firstFault(in: stdout) ?? stdout.firstIndex(of: 0) {
            return .failed(
                Failure(
                    .permanent,
                    "exec.garbage",
                    "\(who) printed bytes that are no text, first at byte \(fault)",
                    remedy: "print UTF-8 without NUL; write binary results to a file and print its name",
                    stderrTail: tail
                )
            )
        }
        if let value = try? JSON(parsing: stdout) { return .done(value) }
        var text = String(decoding: stdout, as: UTF8.self)[...]
        while text.last?.isNewline == true { text.removeLast() }
        return .done(.string(String(text)))
    }

    private static func lastLine(of text: String) -> String {
        guard let last = text.split(whereSeparator: \.isNewline).last else { return "" }
        return ": " + PlainText.line(String(last), limit: 120)
    }

    private static func name(of signal: Int32) -> String {
        switch signal {
        case 1: "SIGHUP"
        case 2: "SIGINT"
        case 6: "SIGABRT"
        case 7: "SIGBUS"
        case 8: "SIGFPE"
        case 9: "SIGKILL"
        case 11: "SIGSEGV"
        case 13: "SIGPIPE"
        case 15: "SIGTERM"
        default: "number \(signal)"
        }
    }
}
