/// Which patterns may be held against texts of others: those that cannot take for ever.
///
/// A repeated part that repeats or chooses within itself may be tried in more ways than there are atoms; such a pattern is refused.
enum PatternRule {
    static let words = "pattern, or one whose repeated part repeats or chooses itself, which could take for ever"

    /// Longer texts are not matched at all.
    static let longestText = 1000
    private static let longest = 1000
    private static let mostRepeats = 6

    static func holds(_ pattern: String) -> Bool {
        guard pattern.utf8.count <= Self.longest, (try? Regex(pattern)) != nil else { return false }
        var groups: [Bool] = [false]
        var repeats = 0
        var closed: Bool?
        var rest = Array(pattern)[...]
        while let first = rest.popFirst() {
            let inner = closed
            closed = nil
            switch first {
            case "\\": _ = rest.popFirst()
            case "[":
                if rest.first == "^" { _ = rest.popFirst() }
                if rest.first == "]" { _ = rest.popFirst() }
                while let next = rest.popFirst(), next != "]" { if next == "\\" { _ = rest.popFirst() } }
            case "(": groups.append(false)
            case ")":
                guard groups.count > 1 else { return false }
                let isManifold = groups.removeLast()
                groups[groups.count - 1] = groups[groups.count - 1] || isManifold
                closed = isManifold
            case "|": groups[groups.count - 1] = true
            case "*", "+", "{":
                guard first != "{" || rest.first?.isNumber == true else { continue }
                if inner == true { return false }
                repeats += 1
                groups[groups.count - 1] = true
                if first == "{" {
                    let bounds = rest.prefix { $0 != "}" }.split(separator: ",").compactMap { Int(String($0)) }
                    guard bounds.allSatisfy({ $0 <= 1000 }) else { return false }
                }
            default: continue
            }
        }
        return repeats <= Self.mostRepeats
    }
}
