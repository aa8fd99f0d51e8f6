/// How somebody behaves among others: what follows from traits, temper and experience by one table, and nothing else does.
///
/// It is told in the prompt, and played by stand-ins.
package struct Conduct: Hashable, Sendable {
    /// What somebody tends to do.
    package enum Tendency: String, Hashable, Sendable, CaseIterable {
        case asks, proves, proposes, warns, objects, agrees, orders, decides, speaks, listens

        /// As it is told to a model.
        package var words: String {
            switch self {
            case .asks: "ask where something is not clear"
            case .proves: "ground what you say in facts and figures"
            case .proposes: "bring ideas of your own"
            case .warns: "say what could go wrong, and how likely that is"
            case .objects: "say plainly where you disagree, and why"
            case .agrees: "look for what all can accept"
            case .orders: "bring order into it: who does what by when"
            case .decides: "press for a decision when enough is known"
            case .speaks: "speak up early and keep the others informed"
            case .listens: "speak only when you have something that was not said"
            }
        }
    }

    /// A tendency with the word that it follows from.
    package struct Leaning: Hashable, Sendable {
        package let tendency: Tendency
        package let because: String
    }

    /// Each tendency once, with the first word that it follows from.
    package let leanings: [Leaning]

    /// What words that begin so lead to.
    package static let table: [(tendency: Tendency, stems: [String])] = [
        (.asks, ["curious", "inquisitive", "learn", "eager", "open-minded"]),
        (.proves, ["analytic", "data", "rational", "logical", "factual", "evidence", "precise"]),
        (.proposes, ["creative", "innovati", "imaginati", "visionary", "inventive", "original"]),
        (.warns, ["cautious", "careful", "risk", "vigilant", "prudent", "anxious", "worri", "conservative"]),
        (
            .objects,
            [
                "skeptic", "sceptic", "critical", "assertive", "direct", "blunt", "confrontation", "stubborn",
                "argumentative",
            ]
        ),
        (
            .agrees,
            ["friendly", "collaborat", "cooperat", "empath", "diplomat", "supportive", "patient", "kind", "helpful"]
        ),
        (
            .orders,
            ["organi", "structured", "meticulous", "detail", "thorough", "disciplined", "methodical", "reliable"]
        ),
        (
            .decides,
            [
                "decisive", "ambitious", "leader", "impatient", "pragmatic", "strategic", "driven", "determined",
                "results",
            ]
        ),
        (
            .speaks,
            ["communicati", "outgoing", "talkative", "extrovert", "extravert", "enthusiastic", "energetic", "sociable"]
        ),
        (.listens, ["quiet", "shy", "introvert", "reserved", "calm", "reflective", "modest"]),
    ]

    /// What a temper that is high or low leads to.
    package static let temper: [(name: String, high: Tendency?, low: Tendency?)] = [
        ("openness", .proposes, nil),
        ("conscientiousness", .orders, nil),
        ("extraversion", .speaks, .listens),
        ("agreeableness", .agrees, .objects),
        ("neuroticism", .warns, nil),
    ]

    /// Years from which on somebody presses for decisions, and up to which they ask.
    package static let years = (many: 10, few: 2)

    package init(of agent: AgentProfile) {
        var found: [Leaning] = []
        let add = { (tendency: Tendency?, because: String) in
            guard let tendency, !found.contains(where: { $0.tendency == tendency }) else { return }
            found.append(Leaning(tendency: tendency, because: because))
        }
        for trait in agent.allTraits { for (tendency, word) in Self.tendencies(in: trait) { add(tendency, word) } }
        for line in agent.persona?.words(of: "big_five") ?? [] {
            guard let (name, level) = Self.level(of: line), let row = Self.temper.first(where: { $0.name == name })
            else {
                continue
            }
            add(level == "high" ? row.high : level == "low" ? row.low : nil, "\(level) \(name)")
        }
        if let text = agent.yearsExperience, let years = Self.number(in: text) {
            let because = PlainText.line(text, limit: 60)
            if years >= Self.years.many {
                add(.decides, because)
            } else if years <= Self.years.few {
                add(.asks, because)
            }
        }
        self.leanings = found
    }

    /// As it is told to a model; nil if nothing follows.
    package var words: String? {
        guard !self.leanings.isEmpty else { return nil }
        let parts = self.leanings.map { "\($0.tendency.words) (\($0.because))" }
        return "Among others you tend to \(parts.joined(separator: "; "))."
    }

    func tends(to tendency: Tendency) -> Bool { self.leanings.contains { $0.tendency == tendency } }

    private static let negations: Set<String> = [
        "not", "never", "no", "without", "don't", "doesn't", "isn't", "aren't", "hardly",
    ]

    private static func tendencies(in trait: String) -> [(Tendency, String)] {
        let plain = String(trait.lowercased().map { $0 == "’" ? "'" : $0 })
        let words = plain.split { !$0.isLetter && $0 != "'" && $0 != "-" }.map(String.init)
        return words.enumerated().flatMap { place, word -> [(Tendency, String)] in
            let before = words[max(0, place - 4)..<place]
            guard !before.contains(where: Self.negations.contains) else { return [] }
            return Self.table.filter { $0.stems.contains(where: word.hasPrefix) }.map { ($0.tendency, word) }
        }
    }

    private static func level(of line: String) -> (name: String, level: String)? {
        let parts = line.lowercased().split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let level = parts[1].split(whereSeparator: { !$0.isLetter }).first else { return nil }
        return (String(parts[0]), String(level))
    }

    private static func number(in text: String) -> Int? {
        text.split { !$0.isNumber }.first.flatMap { Int($0) }
    }
}
