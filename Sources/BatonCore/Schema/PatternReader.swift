/// The parts of a pattern.
indirect enum PatternNode: Sendable {
    case set(ScalarSet)
    case begin
    case end
    case edge(Bool)
    case ahead(PatternNode, wanted: Bool)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repeated(PatternNode, Int, Int?)
}

/// Reads a pattern of ECMA-262, but for what looks back, refers back or sets flags.
struct PatternReader {
    private var rest: ArraySlice<Unicode.Scalar>
    private var depth = 0

    private static let deepest = 50
    private static let mostTimes = 1000

    init(_ text: String) { self.rest = Array(text.unicodeScalars)[...] }

    /// The whole; nil if it cannot be read.
    mutating func pattern() -> PatternNode? {
        guard let node = self.alternatives(), self.rest.isEmpty else { return nil }
        return node
    }

    private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        guard self.rest.first == scalar else { return false }
        self.rest.removeFirst()
        return true
    }

    private mutating func alternatives() -> PatternNode? {
        self.depth += 1
        defer { self.depth -= 1 }
        guard self.depth < Self.deepest else { return nil }
        var choices: [PatternNode] = []
        repeat {
            guard let node = self.sequence() else { return nil }
            choices.append(node)
        } while self.takes("|")
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() -> PatternNode? {
        var nodes: [PatternNode] = []
        while let first = self.rest.first, first != "|", first != ")" {
            guard let atom = self.atom(), let node = self.repeated(atom) else { return nil }
            nodes.append(node)
        }
        return .sequence(nodes)
    }

    private mutating func atom() -> PatternNode? {
        guard let first = self.rest.popFirst() else { return nil }
        switch first {
        case "^": return .begin
        case "$": return .end
        case ".": return .set(ScalarSet(members: ScalarSet.lineEnd, isIn: false))
        case "(": return self.group()
        case "[": return self.members().map { .set($0) }
        case "\\": return self.escape()
        case "*", "+", "?", ")": return nil
        default: return .set(ScalarSet(members: [.range(first.value...first.value)]))
        }
    }

    private mutating func group() -> PatternNode? {
        var wanted: Bool?
        if self.takes("?") {
            switch self.rest.popFirst() {
            case ":": break
            case "=": wanted = true
            case "!": wanted = false
            case "<":
                // A name; what looks back is not read.
                guard let first = self.rest.first, first != "=", first != "!",
                    let end = self.rest.firstIndex(of: ">")
                else { return nil }
                self.rest = self.rest[(end + 1)...]
            default: return nil
            }
        }
        guard let inner = self.alternatives(), self.takes(")") else { return nil }
        return wanted.map { .ahead(inner, wanted: $0) } ?? inner
    }

    private mutating func repeated(_ atom: PatternNode) -> PatternNode? {
        let bounds: (Int, Int?)
        if self.takes("*") {
            bounds = (0, nil)
        } else if self.takes("+") {
            bounds = (1, nil)
        } else if self.takes("?") {
            bounds = (0, 1)
        } else if self.rest.first == "{", let counts = self.counts() {
            bounds = counts
        } else {
            return atom
        }
        guard bounds.0 <= Self.mostTimes, bounds.1 ?? 0 <= Self.mostTimes, bounds.1 ?? .max >= bounds.0 else {
            return nil
        }
        // Which way is tried first makes no difference to whether there is one.
        _ = self.takes("?")
        return .repeated(atom, bounds.0, bounds.1)
    }

    // Braces that hold no counts stand for themselves.
    private mutating func counts() -> (Int, Int?)? {
        guard let end = self.rest.firstIndex(of: "}") else { return nil }
        let inside = String(String.UnicodeScalarView(self.rest[(self.rest.startIndex + 1)..<end]))
        let parts = inside.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard 1...2 ~= parts.count, parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let least = Int(parts[0])
        else { return nil }
        self.rest = self.rest[(end + 1)...]
        if parts.count == 1 { return (least, least) }
        return parts[1].isEmpty ? (least, nil) : (least, Int(parts[1]) ?? .max)
    }

    // MARK: Characters

    private mutating func escape() -> PatternNode? {
        if self.takes("b") { return .edge(true) }
        if self.takes("B") { return .edge(false) }
        if let first = self.rest.first, "1"..."9" ~= first || first == "k" { return nil }
        return self.escaped().map { .set(ScalarSet(members: $0)) }
    }

    private mutating func escaped() -> [ScalarSet.Member]? {
        guard let name = self.rest.popFirst() else { return nil }
        switch name {
        case "d": return ScalarSet.digit
        case "D": return [.set(ScalarSet.digit, isIn: false)]
        case "w": return ScalarSet.wordMembers
        case "W": return [.set(ScalarSet.wordMembers, isIn: false)]
        case "s": return ScalarSet.space
        case "S": return [.set(ScalarSet.space, isIn: false)]
        case "p": return self.category().map { [.category($0, isIn: true)] }
        case "P": return self.category().map { [.category($0, isIn: false)] }
        case "n": return Self.one(0x0A)
        case "r": return Self.one(0x0D)
        case "t": return Self.one(0x09)
        case "f": return Self.one(0x0C)
        case "v": return Self.one(0x0B)
        case "0": return Self.one(0)
        case "c":
            guard let letter = self.rest.popFirst(), letter.properties.isASCIIHexDigit || letter.isASCII else {
                return nil
            }
            return Self.one(letter.value % 32)
        case "x": return self.hex(2)
        case "u":
            guard self.takes("{") else { return self.hex(4) }
            guard let end = self.rest.firstIndex(of: "}") else { return nil }
            let digits = self.hex(end - self.rest.startIndex)
            return self.takes("}") ? digits : nil
        default: return name.isASCII && (name.properties.isAlphabetic || "0"..."9" ~= name) ? nil : Self.one(name.value)
        }
    }

    private static func one(_ value: UInt32) -> [ScalarSet.Member] { [.range(value...value)] }

    private mutating func hex(_ count: Int) -> [ScalarSet.Member]? {
        guard 1...8 ~= count, self.rest.count >= count else { return nil }
        let digits = String(String.UnicodeScalarView(self.rest.prefix(count)))
        self.rest = self.rest.dropFirst(count)
        return UInt32(digits, radix: 16).map(Self.one)
    }

    private mutating func members() -> ScalarSet? {
        var set = ScalarSet(members: [])
        if self.takes("^") { set.isIn = false }
        while !self.takes("]") {
            guard let low = self.member() else { return nil }
            guard self.rest.first == "-", self.rest.dropFirst().first != "]" else {
                set.members += low
                continue
            }
            self.rest.removeFirst()
            guard let high = self.member(), case .range(let first)? = low.first, case .range(let last)? = high.first,
                low.count == 1, high.count == 1, first.lowerBound == first.upperBound,
                last.lowerBound == last.upperBound,
                first.lowerBound <= last.upperBound
            else { return nil }
            set.members.append(.range(first.lowerBound...last.upperBound))
        }
        return set
    }

    private mutating func member() -> [ScalarSet.Member]? {
        guard let first = self.rest.popFirst() else { return nil }
        guard first == "\\" else { return Self.one(first.value) }
        return self.takes("b") ? Self.one(0x08) : self.escaped()
    }

    // MARK: Categories

    private mutating func category() -> Set<Unicode.GeneralCategory>? {
        guard self.takes("{"), let end = self.rest.firstIndex(of: "}") else { return nil }
        let text = String(String.UnicodeScalarView(self.rest[..<end]))
        self.rest = self.rest[(end + 1)...]
        let parts = text.split(separator: "=")
        guard let name = parts.last, parts.count == 1 || ["gc", "General_Category"].contains(String(parts[0])) else {
            return nil
        }
        return Self.categories[String(name)]
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let kinds: [([String], Set<Unicode.GeneralCategory>)] = [
            (["Lu", "Uppercase_Letter"], [.uppercaseLetter]), (["Ll", "Lowercase_Letter"], [.lowercaseLetter]),
            (["Lt", "Titlecase_Letter"], [.titlecaseLetter]), (["Lm", "Modifier_Letter"], [.modifierLetter]),
            (["Lo", "Other_Letter"], [.otherLetter]), (["Mn"], [.nonspacingMark]), (["Mc"], [.spacingMark]),
            (["Me"], [.enclosingMark]), (["Nd", "Decimal_Number", "digit"], [.decimalNumber]),
            (["Nl"], [.letterNumber]),
            (["No"], [.otherNumber]), (["Pc"], [.connectorPunctuation]), (["Pd"], [.dashPunctuation]),
            (["Ps"], [.openPunctuation]), (["Pe"], [.closePunctuation]), (["Pi"], [.initialPunctuation]),
            (["Pf"], [.finalPunctuation]), (["Po"], [.otherPunctuation]), (["Sm"], [.mathSymbol]),
            (["Sc"], [.currencySymbol]), (["Sk"], [.modifierSymbol]), (["So"], [.otherSymbol]),
            (["Zs"], [.spaceSeparator]), (["Zl"], [.lineSeparator]), (["Zp"], [.paragraphSeparator]),
            (["Cc"], [.control]),
            (["Cf"], [.format]),
        ]
        let groups = [
            ("L", ["L", "Letter", "Alphabetic"]), ("M", ["M", "Mark"]), ("N", ["N", "Number"]),
            ("P", ["P", "Punctuation", "punct"]), ("S", ["S", "Symbol"]), ("Z", ["Z", "Separator"]),
        ]
        var found: [String: Set<Unicode.GeneralCategory>] = [:]
        for (names, categories) in kinds {
            for name in names { found[name] = categories }
            for (first, long) in groups where names[0].hasPrefix(first) {
                for name in long { found[name, default: []].formUnion(categories) }
            }
        }
        return found
    }()
}
