import BatonCore
import OrderedCollections

/// An output as a page shows it: text as text, anything else as indented JSON, cut where nobody reads on.
struct OutputText {
    let text: String
    let isJSON: Bool
    /// How many lines the whole has.
    let lines: Int
    /// What was cut, such as `1,200 of 1,300 lines`; nil if nothing was.
    let cut: String?

    /// - Parameters:
    ///   - lines: no more lines than this are shown.
    ///   - characters: no more characters than this are shown.
    init(_ output: JSON, lines most: Int, characters: Int) {
        let whole = output.string ?? Self.indented(output)
        self.isJSON = output.string == nil
        var shown = whole[...]
        var count = 1
        var end: String.Index?
        for index in whole.indices where whole[index].isNewline {
            if count == most { end = index }
            count += 1
        }
        self.lines = count
        if let end { shown = whole[..<end] }
        // Counting characters of a huge text is slow; bytes tell enough to see that there is nothing to cut.
        if shown.utf8.count > characters,
            let limit = shown.index(
                shown.startIndex,
                offsetBy: characters,
                limitedBy: shown.endIndex
            ), limit < shown.endIndex
        {
            shown = shown[..<limit]
        }
        let left = whole.utf8.count - shown.utf8.count
        self.text = String(shown)
        self.cut = left == 0 ? nil : "\(left) of \(whole.utf8.count) bytes are not shown"
    }

    /// The first line with something in it, for where there is room for one: a member called summary before the whole.
    static func line(_ output: JSON, limit: Int) -> String {
        let text = output["summary"]?.string ?? output.plainText
        let first =
            text.split(separator: "\n", omittingEmptySubsequences: true)
            .first { $0.contains { !$0.isWhitespace } } ?? ""
        return PlainText.line(String(first), limit: limit)
    }

    // MARK: JSON for people

    private static func indented(_ value: JSON) -> String {
        var text = ""
        Self.write(value, depth: 0, to: &text)
        return text
    }

    private static func write(_ value: JSON, depth: Int, to text: inout String) {
        let indent = String(repeating: "  ", count: depth + 1)
        switch value {
        case .array(let elements) where !elements.isEmpty:
            for (place, element) in elements.enumerated() {
                text += place == 0 ? "[\n\(indent)" : ",\n\(indent)"
                Self.write(element, depth: depth + 1, to: &text)
            }
            text += "\n\(indent.dropLast(2))]"
        case .object(let members) where !members.isEmpty:
            for (place, (name, member)) in members.enumerated() {
                text += (place == 0 ? "{\n" : ",\n") + "\(indent)\(JSON.string(name)): "
                Self.write(member, depth: depth + 1, to: &text)
            }
            text += "\n\(indent.dropLast(2))}"
        case .null, .bool, .integer, .number, .string, .array, .object: text += value.description
        }
    }
}
