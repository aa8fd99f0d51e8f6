/// Which skills a text asks for, by a table that everybody can read: `docs/people.md` prints it.
package enum SkillWords {
    /// Beginnings of words that mean the same field; a skill and a text meet in a row.
    package static let table: [[String]] = [
        ["architect", "design", "platform"],
        ["secur", "threat", "encrypt", "vulnerab", "privacy"],
        ["complian", "legal", "regulat", "law", "audit", "policy"],
        ["develop", "implement", "code", "coding", "build", "program"],
        ["test", "quality", "verif"],
        ["document", "writ", "report", "draft", "edit"],
        ["project", "manage", "coordinat", "schedul", "organi", "plan"],
        ["communicat", "present", "announc", "inform"],
        ["research", "analy", "investigat", "evaluat", "compar"],
        ["market", "sale", "sell", "customer"],
        ["financ", "budget", "cost", "pric", "account"],
        ["risk", "mitigat"],
        ["data", "statistic"],
        ["deploy", "operat", "infrastructure", "migrat"],
        ["train", "teach", "coach"],
    ]

    /// More are not asked of one task.
    package static let most = 2
    /// The level that is asked for, in hundredths, where somebody has it; else the highest that there is.
    package static let level = 500

    /// The skills of a team that a text asks for, those that it speaks of most first.
    package static func skills(in text: String, of agents: [AgentProfile]) -> SkillLevels {
        let said = Self.words(text)
        var best: [(name: String, hundredths: Int)] = []
        for entry in agents.lazy.filter({ $0.available && $0.madeBy == nil }).flatMap(\.skillLevels.entries) {
            if let place = best.firstIndex(where: { $0.name == entry.name }) {
                best[place].hundredths = max(best[place].hundredths, entry.hundredths)
            } else {
                best.append((entry.name, entry.hundredths))
            }
        }
        let weighed = best.enumerated().map { (place: $0, skill: $1, weight: Self.weight(of: $1.name, in: said)) }
        let found = weighed.filter { $0.weight > 0 }.sorted { (-$0.weight, $0.place) < (-$1.weight, $1.place) }
        return SkillLevels(
            entries: found.prefix(Self.most).map {
                SkillLevels.Entry(name: $0.skill.name, hundredths: min(Self.level, $0.skill.hundredths))
            }
        )
    }

    // Its own name counts twice: whoever says it means it.
    private static func weight(of skill: String, in said: [String]) -> Int {
        let own = Self.words(skill)
        let named = said.count { word in own.contains { $0.utf8.count > 3 && word.hasPrefix($0) } }
        let rows = Self.table.filter { row in own.contains { word in row.contains(where: word.hasPrefix) } }
        return 2 * named + said.count { word in rows.contains { $0.contains(where: word.hasPrefix) } }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
