import Testing

/// Reads HTML as strictly as it is written here: anything that is not an element in our own form is a fault.
struct TagSkeleton: Equatable {
    struct Tag: Equatable {
        let name: String
        let attributes: [String]
    }

    private(set) var tags: [Tag] = []
    private(set) var faults: [String] = []
    /// All values of attributes, by name.
    private(set) var values: [(name: String, value: String)] = []
    private(set) var text = ""

    static func == (left: TagSkeleton, right: TagSkeleton) -> Bool {
        left.tags == right.tags && left.faults == right.faults
    }

    init(_ html: String) {
        var rest = Substring(html)
        let doctype = "<!doctype html>\n"
        if rest.hasPrefix(doctype) { rest = rest.dropFirst(doctype.count) } else { self.faults.append("no doctype") }
        var open: [String] = []
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "<")) {
            self.take(text: rest[..<start])
            guard let end = rest[start...].utf8.firstIndex(of: UInt8(ascii: ">")) else {
                self.faults.append("an element without an end")
                return
            }
            let inside = rest[rest.utf8.index(after: start)..<end]
            rest = rest[rest.utf8.index(after: end)...]
            if inside.hasPrefix("/") {
                if open.popLast() != String(inside.dropFirst()) {
                    self.faults.append("</\(inside.dropFirst())> ends nothing")
                }
                continue
            }
            self.take(tag: inside)
            guard let name = self.tags.last?.name else { continue }
            if name == "style", let close = rest.firstRange(of: "</style>") {
                self.take(style: rest[..<close.lowerBound])
                rest = rest[close.upperBound...]
            } else if name != "meta" {
                open.append(name)
            }
        }
        self.take(text: rest)
        if !open.isEmpty { self.faults.append("never ended: \(open)") }
    }

    private mutating func take(text: Substring) {
        if text.contains(">") { self.faults.append("a bare > in \(text.prefix(60))") }
        self.text += text
    }

    private mutating func take(style: Substring) {
        for word in ["url(", "@import", "expression", "//"] where style.contains(word) {
            self.faults.append("the style has \(word)")
        }
    }

    private mutating func take(tag: Substring) {
        let name = tag.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        if name.isEmpty { self.faults.append("<\(tag.prefix(40))> is no element") }
        var rest = tag.dropFirst(name.count)
        var names: [String] = []
        while !rest.isEmpty {
            guard let (key, value, left) = Self.attribute(rest) else {
                self.faults.append("<\(tag.prefix(80))> has more than attributes")
                break
            }
            names.append(key)
            self.values.append((key, value))
            rest = left
        }
        self.tags.append(Tag(name: String(name), attributes: names))
    }

    // A space, a name, `="`, a value without quotes and angle brackets, `"`.
    private static func attribute(_ text: Substring) -> (name: String, value: String, rest: Substring)? {
        guard text.utf8.first == UInt8(ascii: " ") else { return nil }
        let body = text.dropFirst()
        let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let behind = body.dropFirst(name.count)
        guard !name.isEmpty, behind.hasPrefix("=\"") else { return nil }
        let start = behind.dropFirst(2)
        guard let end = start.utf8.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let value = start[..<end]
        // Only the page's own policy has bare apostrophes.
        guard !value.contains("<"), name == "content" || !value.contains("'") else { return nil }
        return (String(name), String(value), start[start.utf8.index(after: end)...])
    }
}
