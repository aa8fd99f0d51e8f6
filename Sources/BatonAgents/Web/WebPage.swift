import CBatonHTML
import Foundation

/// What a page says, as text: titles, paragraphs, lists, tables and where its links lead; no scripts, styles and hidden words.
struct WebPage: Hashable, Sendable {
    var title = ""
    var text = ""

    /// - Parameters:
    ///   - html: of any quality; what no browser would show is left out.
    ///   - charset: as the server says; nil leaves it to the page.
    ///   - base: where it was found, so that its links lead on.
    init(html: [UInt8], charset: String?, base: URL? = nil) {
        let page = html.withUnsafeBytes { bytes in
            baton_html_read(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count),
                charset ?? Self.charset(in: html) ?? "utf-8"
            )
        }
        guard let page else { return }
        defer { baton_html_free(page) }
        var words = Words()
        var node = baton_html_root(page)
        // Down first, then on, then up: no page is too deep for that.
        while let here = node {
            if Self.begin(here, &words, &self.title), let child = baton_html_child(here) {
                node = child
                continue
            }
            var last = here
            Self.end(last, base, &words)
            while baton_html_next(last) == nil, let parent = baton_html_parent(last) {
                last = parent
                Self.end(last, base, &words)
            }
            node = baton_html_next(last)
        }
        self.text = words.whole
    }

    // Where the page itself says it, within the first bytes as browsers look.
    private static func charset(in html: [UInt8]) -> String? {
        let head = String(decoding: html.prefix(1024), as: UTF8.self).lowercased()
        guard let found = head.firstRange(of: "charset=") else { return nil }
        let name = head[found.upperBound...].drop { $0 == "\"" || $0 == "'" }
            .prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        return name.isEmpty ? nil : String(name)
    }

    private static let hidden: Set<String> = [
        "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "select", "head",
    ]
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr",
        "ul",
    ]

    // Whether what is below it is looked at.
    private static func begin(_ node: baton_html_node, _ words: inout Words, _ title: inout String) -> Bool {
        if let text = baton_html_text(node) {
            words.add(String(cString: text), isKept: words.depthOfPre > 0)
            return false
        }
        guard let name = Self.name(of: node) else { return false }
        if name == "head" { title = Self.title(in: node) }
        if Self.isHidden(name, node) { return false }
        if Self.blocks.contains(name) || name == "br" { words.endLine() }
        switch name {
        case "h1", "h2", "h3", "h4", "h5", "h6":
            words.endParagraph()
            words.add(String(repeating: "#", count: Int(name.dropFirst()) ?? 1) + " ", isKept: true)
        case "p", "table", "ul", "ol", "pre": words.endParagraph()
        case "li": words.add("- ", isKept: true)
        case "td", "th": words.add(words.isAtStart ? "" : " | ", isKept: true)
        case "img": words.add(Self.attribute("alt", of: node) ?? "", isKept: false)
        default: break
        }
        if name == "pre" { words.depthOfPre += 1 }
        return true
    }

    private static func end(_ node: baton_html_node, _ base: URL?, _ words: inout Words) {
        guard let name = Self.name(of: node), !Self.isHidden(name, node) else { return }
        if name == "a", let link = Self.attribute("href", of: node).flatMap({ Self.link($0, base) }) {
            words.add(" (\(link))", isKept: true)
        }
        if name == "pre" { words.depthOfPre -= 1 }
        if Self.blocks.contains(name) { words.endLine() }
        if ["p", "table", "ul", "ol", "pre", "h1", "h2", "h3"].contains(name) { words.endParagraph() }
    }

    // Places within the page, scripts and mail lead nowhere that could be fetched.
    private static func link(_ text: String, _ base: URL?) -> String? {
        guard !text.hasPrefix("#"), let url = URL(string: text, relativeTo: base)?.absoluteURL,
            ["http", "https"].contains(url.scheme?.lowercased() ?? ""), url.absoluteString.utf8.count <= 500
        else { return nil }
        return url.absoluteString
    }

    private static func isHidden(_ name: String, _ node: baton_html_node) -> Bool {
        Self.hidden.contains(name) || baton_html_attribute(node, "hidden") != nil
    }

    private static func title(in head: baton_html_node) -> String {
        var child = baton_html_child(head)
        while let node = child {
            if Self.name(of: node) == "title", let text = baton_html_child(node).flatMap({ baton_html_text($0) }) {
                return String(cString: text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            child = baton_html_next(node)
        }
        return ""
    }

    private static func name(of node: baton_html_node) -> String? {
        baton_html_name(node).map { String(cString: $0).lowercased() }
    }

    private static func attribute(_ name: String, of node: baton_html_node) -> String? {
        baton_html_attribute(node, name).map { String(cString: $0) }
    }

    /// Text as it grows, white space drawn together.
    private struct Words {
        private var text = ""
        private var isSpaced = true
        private var lineEnds = 2
        var depthOfPre = 0

        var isAtStart: Bool { self.lineEnds > 0 }

        var whole: String { String(self.text.reversed().drop(while: \.isWhitespace).reversed()) }

        mutating func add(_ piece: String, isKept: Bool) {
            guard !isKept else {
                guard !piece.isEmpty else { return }
                self.text += piece
                self.isSpaced = piece.last?.isWhitespace ?? false
                self.lineEnds = piece.last?.isNewline == true ? 1 : 0
                return
            }
            for character in piece {
                if character.isWhitespace {
                    if !self.isSpaced { self.text.append(" ") }
                    self.isSpaced = true
                } else {
                    self.text.append(character)
                    self.isSpaced = false
                    self.lineEnds = 0
                }
            }
        }

        mutating func endLine() { self.end(1) }

        mutating func endParagraph() { self.end(2) }

        private mutating func end(_ count: Int) {
            guard self.lineEnds < count else { return }
            while self.text.last == " " { self.text.removeLast() }
            if self.lineEnds == 0, self.text.isEmpty {
                self.lineEnds = 2
                return
            }
            self.text += String(repeating: "\n", count: count - self.lineEnds)
            self.lineEnds = count
            self.isSpaced = true
        }
    }
}
