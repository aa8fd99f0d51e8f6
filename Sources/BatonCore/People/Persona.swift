import OrderedCollections

/// Who an agent is as a person: what a plan and the files that it names say, later parts adding to those before.
public struct Persona: Hashable, Sendable {
    /// One source of it.
    public struct Part: Hashable, Sendable {
        /// The file that says it, below the plan's folder; nil for words of the plan itself.
        public var path: String?
        /// What it says, as it was written: keys as in `docs/people.md`, or a TinyTroupe specification; nil until the file has been read.
        public var facts: JSON?

        /// Names a source.
        public init(path: String? = nil, facts: JSON? = nil) {
            self.path = path
            self.facts = facts
        }
    }

    /// Its sources, in the order in which they add to one another.
    public var parts: [Part] { didSet { self.facts = Self.facts(of: self.parts) } }

    // Folded once: every prompt and every utterance of a rehearsal asks for them.
    package private(set) var facts: [Fact]

    /// A persona of several sources.
    public init(parts: [Part]) {
        self.parts = parts
        self.facts = Self.facts(of: parts)
    }

    /// A persona of facts that are at hand, such as `["age": 41, "traits": ["patient"]]`.
    public init(_ facts: JSON) { self.init(parts: [Part(facts: facts)]) }

    /// A persona whose facts lie in files.
    public init(files: [String]) { self.init(parts: files.map { Part(path: $0) }) }
}

extension Persona {
    /// One thing that is known, with all that is said of it.
    package struct Fact: Hashable, Sendable {
        /// As ``PersonaForm`` calls it; with a dot before its topic, where it has some: `behaviours.debate`.
        package let key: String
        package var words: [String]
        /// The file that said it first; nil for the plan.
        package let path: String?
    }

    /// All that is known, by ``Fact/key``, in the order in which it is told.
    private static func facts(of parts: [Part]) -> [Fact] {
        var known: OrderedDictionary<String, Fact> = [:]
        for part in parts {
            for (key, words) in PersonaForm.read(part.facts ?? .null).facts {
                if PersonaForm.isList(key), var fact = known[key] {
                    fact.words += words.filter { !fact.words.contains($0) }
                    known[key] = fact
                } else {
                    known[key] = Fact(key: key, words: words, path: part.path)
                }
            }
        }
        return known.values.enumerated().sorted {
            (PersonaForm.place($0.element.key), $0.offset) < (PersonaForm.place($1.element.key), $1.offset)
        }.map(\.element)
    }

    /// What is said of one thing; empty if nothing is.
    package func words(of key: String) -> [String] { self.facts.first { $0.key == key }?.words ?? [] }
}

extension AgentProfile {
    /// Takes name and role from its persona, where the plan gives none.
    package mutating func takePersona() {
        guard let persona = self.persona else { return }
        let facts = persona.facts
        let first = { (key: String) in facts.first { $0.key == key }?.words.first }
        if self.name == self.id.text, let name = first("name") { self.name = name }
        if self.occupation.isEmpty, let occupation = first("occupation") { self.occupation = occupation }
    }

    /// Traits of character from the plan and the persona, each once.
    package var allTraits: [String] {
        let more = self.persona?.words(of: "traits") ?? []
        return self.personalityTraits + more.filter { !self.personalityTraits.contains($0) }
    }

    /// Interests from the plan and the persona, each once.
    package var allInterests: [String] {
        let more = self.persona?.words(of: "interests") ?? []
        return self.professionalInterests + more.filter { !self.professionalInterests.contains($0) }
    }
}
