package import BatonCore

/// Writes findings for people and for programs; nothing in them can steer a terminal.
package enum DiagnosticPrinter {
    /// `plan.yml:4:7: error[plan.cycle]: what; remedy`.
    package static func line(_ finding: Diagnostic, file: String) -> String {
        let place = finding.place.map { ":\($0.line):\($0.column)" } ?? ""
        return "\(PlainText.of(file))\(place): \(finding.line)"
    }

    /// The finding as an object with file, line, column, severity, code, message, remedy and path.
    package static func json(_ finding: Diagnostic, file: String) -> JSON {
        .members([
            ("file", .string(file)),
            ("line", finding.place.map { .integer(Int64($0.line)) } ?? .null),
            ("column", finding.place.map { .integer(Int64($0.column)) } ?? .null),
            ("severity", .string(finding.severity.rawValue)),
            ("code", .string(finding.code)),
            ("message", .string(PlainText.of(finding.message))),
            ("remedy", .string(PlainText.of(finding.remedy))),
            ("path", .string(PlainText.of(finding.path.description))),
        ])
    }

    /// `2 errors, 1 warning in plan.yml`.
    package static func summary(_ findings: [Diagnostic], file: String) -> String {
        let errors = findings.count { $0.severity == .error }
        let warnings = findings.count - errors
        var parts: [String] = []
        if errors > 0 { parts.append(CountText.of(errors, "error")) }
        if warnings > 0 { parts.append(CountText.of(warnings, "warning")) }
        return "\(parts.isEmpty ? "no findings" : parts.joined(separator: ", ")) in \(PlainText.of(file))"
    }
}
