import BatonCore

/// The one way in which text becomes HTML: text and attribute values are escaped here and nowhere else.
///
/// Names of elements and attributes are literals of our own source, so nothing from a plan or a journal can be one.
struct HTMLWriter {
    private(set) var html = ""

    /// Text for an element or an attribute: markup is written as references, what could steer is shown.
    static func escaped(_ text: String) -> String {
        let plain = PlainText.of(text, keepingLines: true)
        guard plain.utf8.contains(where: { Self.reference($0) != nil }) else { return plain }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plain.utf8.count + 32)
        for byte in plain.utf8 {
            if let reference = Self.reference(byte) {
                bytes.append(contentsOf: reference.utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func reference(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case UInt8(ascii: "`"): "&#96;"
        default: nil
        }
    }

    mutating func text(_ text: String) { self.html += Self.escaped(text) }

    /// Our own style sheet, which holds nothing from outside.
    mutating func style(_ sheet: StaticString) { self.html += "<style>\(sheet)</style>\n" }

    mutating func doctype() { self.html += "<!doctype html>\n" }

    mutating func lineBreak() { self.html += "\n" }

    /// An element with what is written into it.
    mutating func element(
        _ name: StaticString,
        _ attributes: [(StaticString, String)] = [],
        _ body: (inout HTMLWriter) -> Void
    ) {
        self.open(name, attributes)
        body(&self)
        self.html += "</\(name)>"
    }

    /// An element with text in it.
    mutating func element(_ name: StaticString, _ attributes: [(StaticString, String)] = [], text: String) {
        self.open(name, attributes)
        self.text(text)
        self.html += "</\(name)>"
    }

    /// An element that has no end, such as `meta`.
    mutating func void(_ name: StaticString, _ attributes: [(StaticString, String)]) { self.open(name, attributes) }

    private mutating func open(_ name: StaticString, _ attributes: [(StaticString, String)]) {
        self.html += "<\(name)"
        for (name, value) in attributes { self.html += " \(name)=\"\(Self.escaped(value))\"" }
        self.html += ">"
    }

    /// A table in a box of its own that scrolls where it is too wide.
    mutating func table(
        _ caption: String,
        _ columns: [String],
        numbers: Set<Int> = [],
        _ rows: (inout HTMLWriter) -> Void
    ) {
        self.element("div", [("class", "wide"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption)]) {
            page in
            page.element("table") { page in
                page.element("caption", text: caption)
                page.element("thead") { page in
                    page.element("tr") { page in
                        for (place, column) in columns.enumerated() {
                            let look: [(StaticString, String)] = numbers.contains(place) ? [("class", "number")] : []
                            page.element("th", [("scope", "col")] + look, text: column)
                        }
                    }
                }
                page.element("tbody", [], rows)
            }
        }
        self.lineBreak()
    }

    /// A figure with a drawing in a box that scrolls where it is too wide.
    mutating func figure(_ caption: String, _ drawing: (inout HTMLWriter) -> Void) {
        self.element("figure") { page in
            page.element(
                "div",
                [("class", "wide"), ("role", "region"), ("tabindex", "0"), ("aria-label", caption)],
                drawing
            )
            page.element("figcaption", text: caption)
        }
        self.lineBreak()
    }

    /// A drawing with its title and description for those who do not see it.
    mutating func svg(
        width: Int,
        height: Int,
        title: String,
        description: String,
        name: StaticString,
        _ body: (inout HTMLWriter) -> Void
    ) {
        let attributes: [(StaticString, String)] = [
            ("role", "img"), ("aria-labelledby", "\(name)-title \(name)-desc"), ("viewBox", "0 0 \(width) \(height)"),
            ("width", "\(width)"), ("height", "\(height)"),
        ]
        self.element("svg", attributes) { page in
            page.element("title", [("id", "\(name)-title")], text: title)
            page.element("desc", [("id", "\(name)-desc")], text: description)
            body(&page)
        }
    }
}
