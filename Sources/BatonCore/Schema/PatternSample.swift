/// Makes texts that simple patterns match: classes, groups, alternatives and counts.
///
/// Whoever asks holds the text against the pattern; one with look-arounds or back references may not be met.
enum PatternSample {
    static func text(of pattern: String, _ draws: inout SplitMix64) -> String? {
        var maker = Maker(rest: pattern[...], draws: draws)
        let text = maker.alternatives()
        draws = maker.draws
        return maker.rest.isEmpty && !maker.isLost ? text : nil
    }

    private struct Maker {
        var rest: Substring
        var draws: SplitMix64
        var isLost = false
        var depth = 0

        mutating func alternatives() -> String {
            self.depth += 1
            defer { self.depth -= 1 }
            guard self.depth < 40 else {
                self.isLost = true
                return ""
            }
            var choices = [self.sequence()]
            while self.rest.first == "|" {
                self.rest.removeFirst()
                choices.append(self.sequence())
            }
            return choices[self.draws.below(choices.count)]
        }

        private mutating func sequence() -> String {
            var text = ""
            while let first = self.rest.first, first != "|", first != ")", !self.isLost {
                if first == "^" || first == "$" {
                    self.rest.removeFirst()
                    continue
                }
                // What is repeated is made anew each time.
                let begin = self.rest
                let piece = self.atom()
                let (least, most) = self.count()
                let after = self.rest
                let times = least + (most > least ? self.draws.below(min(most - least, 5) + 1) : 0)
                if times > 0 { text += piece }
                for _ in 1..<max(1, times) {
                    self.rest = begin
                    text += self.atom()
                }
                self.rest = after
            }
            return text
        }

        private mutating func atom() -> String {
            guard let first = self.rest.popFirst() else { return "" }
            switch first {
            case "(":
                if self.rest.hasPrefix("?:") { self.rest.removeFirst(2) }
                if self.rest.first == "?" { self.isLost = true }
                let text = self.alternatives()
                if self.rest.first == ")" { self.rest.removeFirst() } else { self.isLost = true }
                return text
            case "[": return self.pick(from: self.members())
            case ".": return self.pick(from: Array("abcxyz"))
            case "\\": return self.escape().map { self.pick(from: $0) } ?? ""
            default: return String(first)
            }
        }

        private mutating func pick(from characters: [Character]) -> String {
            guard !characters.isEmpty else {
                self.isLost = true
                return ""
            }
            return String(characters[self.draws.below(characters.count)])
        }

        private mutating func escape() -> [Character]? {
            guard let name = self.rest.popFirst() else { return nil }
            switch name {
            case "d": return Array("0123456789")
            case "w": return Array("abcdefghijklmnopqrstuvwxyz0123456789_")
            case "s": return [" "]
            case "n": return ["\n"]
            case "t": return ["\t"]
            case "D", "S", "W": return name == "W" ? ["-"] : Array("abc")
            case let other where other.isLetter || other.isNumber:
                self.isLost = true
                return nil
            default: return [name]
            }
        }

        private mutating func members() -> [Character] {
            var found: [Character] = []
            let isOther = self.rest.first == "^"
            if isOther { self.rest.removeFirst() }
            while let next = self.rest.popFirst(), next != "]" {
                if next == "\\" {
                    found += self.escape() ?? []
                } else if self.rest.first == "-", let last = self.rest.dropFirst().first, last != "]",
                    let from = next.unicodeScalars.first?.value, let to = last.unicodeScalars.first?.value, from <= to,
                    to - from < 1000
                {
                    self.rest.removeFirst(2)
                    found += (from...to).compactMap { Unicode.Scalar($0).map(Character.init) }
                } else {
                    found.append(next)
                }
            }
            guard isOther else { return found }
            return Array("abcdefghijklmnopqrstuvwxyz0123456789 -_").filter { !found.contains($0) }
        }

        private mutating func count() -> (Int, Int) {
            defer { if self.rest.first == "?" || self.rest.first == "+" { self.rest.removeFirst() } }
            switch self.rest.first {
            case "?":
                self.rest.removeFirst()
                return (0, 1)
            case "*":
                self.rest.removeFirst()
                return (0, 5)
            case "+":
                self.rest.removeFirst()
                return (1, 5)
            case "{":
                guard let end = self.rest.firstIndex(of: "}") else { return (1, 1) }
                let parts = self.rest[self.rest.index(after: self.rest.startIndex)..<end].split(
                    separator: ",",
                    omittingEmptySubsequences: false
                )
                self.rest = self.rest[self.rest.index(after: end)...]
                let least = parts.first.flatMap { Int($0) } ?? 0
                let most = parts.count == 1 ? least : Int(parts[1]) ?? least + 5
                return (min(least, 100), min(most, 100))
            default: return (1, 1)
            }
        }
    }
}
