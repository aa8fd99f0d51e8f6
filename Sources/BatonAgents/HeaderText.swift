package import BatonCore
import Foundation

extension Plan.Web.Search {
    /// Variables of the engine that its headers name.
    package var variables: [String] { HeaderText.variables(in: self.headers) }
}

/// Texts of headers in a plan, in which `${NAME}` stands for a variable of the engine.
enum HeaderText {
    struct Fault: Error {
        let words: String
    }

    /// The variables that texts of headers name.
    static func variables(in headers: [AgentProfile.Variable]) -> [String] {
        headers.flatMap { header in
            header.text.split(separator: "${").dropFirst(header.text.hasPrefix("${") ? 0 : 1)
                .compactMap { part in part.firstIndex(of: "}").map { String(part[..<$0]) } }
        }
    }

    static func filled(_ header: AgentProfile.Variable, _ environment: [String: String]) throws(Fault) -> String {
        var text = ""
        var rest = header.text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            text += rest[..<start.lowerBound]
            let name = String(rest[start.upperBound..<end])
            guard let value = environment[name], !value.isEmpty else {
                throw Fault(
                    words:
                        "its header \(header.name) wants the variable \(PlainText.line(name, limit: 60)), which is not set"
                )
            }
            text += value.trimmingCharacters(in: .whitespacesAndNewlines)
            rest = rest[rest.index(after: end)...]
        }
        text += rest
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Fault(words: "its header \(header.name) would hold a control character")
        }
        return text
    }
}
