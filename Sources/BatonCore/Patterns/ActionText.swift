/// Calls that a model writes into its text, beside those that its provider knows: a line `ACTION: NAME`, lines `KEY: value`, and a
/// line `---END---`.
///
/// What stands in a code fence, in a quotation, indented, or word for word in what the model was told, is data.
package enum ActionText {
    package struct Block: Hashable, Sendable {
        /// The tool, or nil with the fault where it cannot be told.
        package let tool: String
        package let input: JSON
        /// Why it cannot be called.
        package let fault: String?
    }

    package struct Reading: Hashable, Sendable {
        package var blocks: [Block] = []
        /// So many were data.
        package var quoted = 0
    }

    private static let mark = "ACTION:"
    private static let end = "---END---"

    /// Reads the calls of an answer.
    ///
    /// - Parameters:
    ///   - told: whether a text stands in what the model was told by others.
    ///   - schema: the schema of a tool's arguments; nil if there is no such tool.
    package static func read(
        _ text: String,
        told: (String) -> Bool,
        schema: (String) -> JSON?
    ) -> Reading {
        var reading = Reading()
        guard text.contains(Self.mark) else { return reading }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var fence: Substring?
        var element: String?
        var isQuotation = false
        var place = 0
        while place < lines.count {
            let line = lines[place]
            let bare = Self.bare(line)
            // A quotation goes on until a blank line.
            isQuotation = line.hasPrefix(">") || isQuotation && !String(line).isBlank
            if fence == nil {
                let small = line.lowercased()
                if let open = element {
                    if small.contains("</\(open)>") { element = nil }
                } else if let open = Self.elements.first(where: { small.contains("<\($0)") }) {
                    element = small.contains("</\(open)>") ? nil : open
                }
            }
            if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
                let marks = bare.prefix { $0 == bare.first }
                // A fence ends with as many marks as it began with, and nothing behind them.
                if let open = fence {
                    let isEnd = marks.first == open.first && marks.count >= open.count
                    if isEnd, String(bare.dropFirst(marks.count)).isBlank { fence = nil }
                } else {
                    fence = marks
                }
            } else if bare.hasPrefix(Self.mark) {
                let isData = fence != nil || element != nil || isQuotation || !line.hasPrefix(Self.mark)
                guard isData else {
                    place = Self.take(lines, from: place, told, schema, &reading)
                    continue
                }
                reading.quoted += 1
            }
            place += 1
        }
        return reading
    }

    // What a page says is set in one of these.
    private static let elements = ["pre", "code", "blockquote", "quote", "samp"]

    // Without what sets it in: blanks, and the marks of lists and quotations.
    private static func bare(_ line: Substring) -> Substring {
        var bare = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
        for mark in ["- ", "* ", "+ "] where bare.hasPrefix(mark) { bare = bare.dropFirst(2).drop { $0 == " " } }
        let digits = bare.prefix { $0.isNumber }
        let rest = bare.dropFirst(digits.count)
        if !digits.isEmpty, rest.hasPrefix(". ") || rest.hasPrefix(") ") { bare = rest.dropFirst(2).drop { $0 == " " } }
        return bare
    }

    // Returns the place behind the block.
    private static func take(
        _ lines: [Substring],
        from first: Int,
        _ told: (String) -> Bool,
        _ schema: (String) -> JSON?,
        _ reading: inout Reading
    ) -> Int {
        let rest = lines[(first + 1)...]
        let last = rest.firstIndex { $0.trimmed == Self.end }
        let next = rest.firstIndex { $0.hasPrefix(Self.mark) }
        let name = String(lines[first].dropFirst(Self.mark.count)).trimmed
        if let next, last.map({ next < $0 }) ?? true {
            reading.blocks.append(
                Block(tool: Self.tool(name), input: [:], fault: "another ACTION begins before its \(Self.end)")
            )
            return next
        }
        guard let last else {
            reading.blocks.append(Block(tool: Self.tool(name), input: [:], fault: "it has no line \(Self.end)"))
            return lines.count
        }
        if told(lines[first...last].joined(separator: "\n")) {
            reading.quoted += 1
        } else {
            reading.blocks.append(Self.block(name, lines[(first + 1)..<last], schema))
        }
        return last + 1
    }

    private static func block(_ name: String, _ lines: ArraySlice<Substring>, _ schema: (String) -> JSON?) -> Block {
        var fields: [(key: String, value: String)] = []
        for line in lines {
            if let colon = line.firstIndex(of: ":"), Self.isKey(line[..<colon]) {
                fields.append((String(line[..<colon]), String(line[line.index(after: colon)...]).trimmed))
            } else if let last = fields.indices.last {
                fields[last].value += "\n\(line)"
            } else if !String(line).isBlank {
                return Block(
                    tool: Self.tool(name),
                    input: [:],
                    fault: "\"\(PlainText.line(String(line), limit: 60))\" has no KEY:"
                )
            }
        }
        let tool = Self.tool(name)
        let known = schema(tool)?["properties"]
        var members: [(String, JSON)] = []
        for (key, value) in fields {
            let own = Self.argument(key, of: name)
            guard !members.contains(where: { $0.0 == own }) else {
                return Block(tool: tool, input: [:], fault: "\(key) stands there twice")
            }
            members.append((own, Self.value(value.trimmed, by: known?[own])))
        }
        return Block(tool: tool, input: .members(members), fault: nil)
    }

    // Upper case, so that no word of a sentence is taken for one.
    private static func isKey(_ text: Substring) -> Bool {
        !text.isEmpty && text.count <= 40
            && text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
    }

    // What seed 004 and its program call the tools.
    private static let tools = [
        "CREATE_FILE": "write_file", "EXECUTE": "run_command", "SEARCH_WEB": "web_search", "BROWSER": "browser_open",
        "UPDATE_TODO": "report_progress",
    ]
    private static let arguments = ["AGENT_TYPE": "agent", "CONTENT": "text", "MAX_RESULTS": "limit"]

    private static func tool(_ name: String) -> String {
        Self.tools[name] ?? PlainText.line(name.lowercased(), limit: 80)
    }

    private static func argument(_ key: String, of name: String) -> String { Self.arguments[key] ?? key.lowercased() }

    // As the schema wants it: a text unless it wants something else.
    private static func value(_ text: String, by schema: JSON?) -> JSON {
        guard schema?["type"] != "string", let value = try? JSON(parsing: Array(text.utf8)) else {
            if schema?["type"] == "array" { return .array(text.split(separator: " ").map { .string(String($0)) }) }
            return .string(text)
        }
        return value
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
