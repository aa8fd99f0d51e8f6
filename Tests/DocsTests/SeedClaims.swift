import BatonEngine
import Foundation

@testable import BatonCore

/// Holds what a cell of docs/from-the-seeds.md claims to the code.
struct SeedClaims {
    /// The issues that the page may put off to.
    static let issues = ["The engine in full", "Minds", "Teams", "People", "a later issue"]

    private let api: Document
    private let names: PublicNames
    private let codes: Set<String>
    private let kinds: Set<String>
    private let makefile: String

    init() throws {
        self.api = try Document("docs/api.md")
        self.names = try PublicNames()
        self.codes = try SourceFiles.codes()
        self.kinds = Set(EventSpecimens.events.map { EventCodec.kind(of: $0) })
        self.makefile = try SourceFiles.text("Makefile")
    }

    /// What does not hold in a cell; empty if all does.
    ///
    /// Commands are only recognised here; `SeedCommandTests` gives them to the parser.
    func faults(of cell: String) -> [String] {
        var faults: [String] = []
        var claims = 0
        for match in cell.matches(of: /(?:\b(key|field|event|code|Swift|file) )?`([^`]*)`/) {
            claims += 1
            let kind = match.1.map { String($0) }
            if !self.holds(kind, String(match.2)) { faults.append("\(match.0) does not hold") }
        }
        for part in cell.matches(of: /not yet(.*?)(?:;|$)/) {
            claims += 1
            if !Self.issues.contains(where: { part.1 == ": \($0)" }) { faults.append("\(part.0) names no issue") }
        }
        return claims == 0 ? ["nothing in it can be checked"] : faults
    }

    private func holds(_ kind: String?, _ text: String) -> Bool {
        switch kind {
        case "key": Self.hasKey(text)
        case "field": self.hasField(text)
        case "event": self.kinds.contains(text)
        case "code": self.codes.contains(text)
        case "Swift": self.names.has(text)
        case "file": FileManager.default.fileExists(atPath: Document.root.appending(path: text).path)
        default:
            text.hasPrefix("baton ")
                || text.hasPrefix("make ") && self.makefile.contains("\n\(text.dropFirst("make ".count)):")
        }
    }

    private func hasField(_ text: String) -> Bool {
        guard let dot = text.lastIndex(of: ".") else { return false }
        let rows = self.api.rows(of: String(text[..<dot]), first: "field") ?? []
        return rows.contains { $0[0] == text[text.index(after: dot)...] }
    }

    /// Whether a path such as `tasks.pattern: consensus` leads through the tables of the plan form.
    private static func hasKey(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        var form = PlanForm.object(.plan)
        for name in (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false) {
            guard case .object(let keys) = Self.element(of: form), let key = keys.key(named: String(name)) else {
                return false
            }
            form = key.form
        }
        return parts.count == 1 || Self.takes(Self.element(of: form), parts[1])
    }

    private static func element(of form: PlanForm) -> PlanForm {
        if case .list(let element, _) = form { element } else { form }
    }

    // Values stand in the page only where words or truth values are meant.
    private static func takes(_ form: PlanForm, _ value: String) -> Bool {
        switch form {
        case .word(let words): words.contains(value)
        case .bool: ["true", "false"].contains(value)
        case .text, .name, .integer, .number, .date, .duration, .amount, .list, .map, .object, .lines, .lineOr,
            .anything:
            false
        }
    }
}
