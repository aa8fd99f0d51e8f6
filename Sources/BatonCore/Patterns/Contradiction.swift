/// Whether two decisions say the opposite, by a rule that everybody can follow: the same words, with a negation in one of them.
///
/// What contradicts in meaning alone a language model says, where one writes the minutes.
package enum Contradiction {
    private static let negations: Set<String> = [
        "not", "no", "never", "without", "don't", "doesn't", "won't", "can't", "cannot", "isn't", "aren't", "nothing",
    ]
    // Words that a negated sentence has besides.
    private static let fillers: Set<String> = ["do", "does", "will", "a", "an", "the", "any", "is", "are", "be", "to"]

    package static func holds(between left: String, and right: String) -> Bool {
        let (one, other) = (Self.reading(left), Self.reading(right))
        return one.isNegated != other.isNegated && !one.words.isEmpty && one.words == other.words
    }

    private static func reading(_ text: String) -> (words: [String], isNegated: Bool) {
        let plain = String(text.lowercased().map { $0 == "’" ? "'" : $0 })
        let all = plain.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        let negations = all.count(where: Self.negations.contains)
        return (all.filter { !Self.negations.contains($0) && !Self.fillers.contains($0) }, negations % 2 == 1)
    }
}
