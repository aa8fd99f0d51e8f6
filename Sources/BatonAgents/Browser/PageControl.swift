import BatonCore

/// Something on a page that can be pressed or filled.
struct PageControl: Sendable {
    enum Kind: String {
        case link, button
        /// On or off.
        case box
        /// Takes a text.
        case field
        /// Takes one of several texts.
        case choice

        var isFilled: Bool { self == .field || self == .choice }
    }

    let element: WebDriver.Element
    let kind: Kind
    /// As people read it, on one line.
    let name: String
    /// What stands in it, or whether it is on; empty where that says nothing.
    let value: String
    /// How many lines it takes.
    let isLong: Bool
    /// Which of those with its name that are pressed, or filled, it is; from 1.
    private(set) var number = 1

    private static let most = 400

    private init?(_ value: JSON) {
        guard let element = value["element"].flatMap(WebDriver.Element.init),
            let kind = value["kind"]?.string.flatMap(Kind.init)
        else { return nil }
        self.element = element
        self.kind = kind
        self.name = PlainText.line(value["name"]?.string ?? "", limit: 120)
        self.value = PlainText.line(value["value"]?.string ?? "", limit: 200)
        self.isLong = value["long"] == true
    }

    /// What a page answered to ``PageScript/controls``, in the page's order; those without a name are left out.
    static func all(_ answer: JSON) -> [PageControl] {
        var counts: [String: Int] = [:]
        return (answer.elements ?? []).prefix(Self.most).compactMap(PageControl.init).filter { !$0.name.isEmpty }
            .map { control in
                var control = control
                let same = "\(control.kind.isFilled) \(control.name.lowercased())"
                counts[same, default: 0] += 1
                control.number = counts[same, default: 1]
                return control
            }
    }

    /// As models read it, such as `field: Email (2) = a@b.example`.
    var line: String {
        "\(self.kind.rawValue): \(self.name)" + (self.number > 1 ? " (\(self.number))" : "")
            + (self.value.isEmpty ? "" : " = \(self.value)")
    }

    /// The one that is meant.
    ///
    /// - Parameters:
    ///   - number: which of several with one name; nil where there must be only one.
    /// - Throws: why none is, in words that help to find it.
    static func named(
        _ name: String,
        _ number: Int?,
        among controls: [PageControl],
        filled isFilled: Bool
    ) throws(BrowserFault) -> PageControl {
        let wanted = PlainText.line(name.split(whereSeparator: \.isWhitespace).joined(separator: " "), limit: 120)
        let fitting = controls.filter {
            $0.kind.isFilled == isFilled && $0.name.lowercased() == wanted.lowercased()
        }
        let shown = "\(isFilled ? "field or choice" : "link, button or box") \(wanted)"
        guard let first = fitting.first else {
            throw BrowserFault(words: "the page has no \(shown); browser_read says what it has")
        }
        guard let number else {
            guard fitting.count == 1 else {
                throw BrowserFault(words: "the page has \(fitting.count) of \(shown); say with nth which one")
            }
            return first
        }
        guard let control = fitting.first(where: { $0.number == number }) else {
            throw BrowserFault(words: "the page has only \(fitting.count) of \(shown)")
        }
        return control
    }
}
