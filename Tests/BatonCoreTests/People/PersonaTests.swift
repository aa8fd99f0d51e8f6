import BatonCore
import Testing

/// Who an agent is as a person, and what follows from it.
@Suite struct PersonaTests {
    private static func faults(_ facts: JSON) -> [PersonaForm.Fault] { PersonaForm.read(facts).faults }

    @Test func `parts add to one another, and of single facts the last one counts`() {
        let persona = Persona(parts: [
            .init(facts: ["age": 28, "traits": ["curious"], "style": "warm"]),
            .init(
                path: "debater.json",
                facts: ["traits": ["curious", "blunt"], "style": "loud", "beliefs": ["I win."]]
            ),
        ])
        #expect(persona.words(of: "traits") == ["curious", "blunt"])
        #expect(persona.words(of: "style") == ["loud"])
        #expect(persona.facts.map(\.key) == ["age", "traits", "style", "beliefs"])
        #expect(persona.facts.last?.path == "debater.json")
    }

    @Test func `a specification of TinyTroupe is read as it is`() {
        let lisa: JSON = [
            "type": "TinyPerson",
            "persona": [
                "name": "Lisa Carter",
                "occupation": ["title": "Data Scientist", "organization": "M365", "description": "You search."],
                "personality": ["traits": ["You are curious."], "big_five": ["openness": "High. Imaginative."]],
                "preferences": ["interests": ["Piano."], "likes": ["Clear code."], "dislikes": ["Salt."]],
                "behaviors": [
                    "general": ["Takes notes."], "routines": ["morning": ["Yoga."]], "debate": ["Is assertive."],
                ],
                "long_term_goals": ["To learn."], "relationships": [["name": "Sara", "description": "your manager"]],
            ],
        ]
        let persona = Persona(lisa)
        #expect(Self.faults(lisa).isEmpty)
        #expect(
            persona.facts.map { "\($0.key)=\($0.words.joined(separator: "|"))" } == [
                "name=Lisa Carter", "occupation=Data Scientist", "organization=M365", "role=You search.",
                "traits=You are curious.", "big_five=openness: High. Imaginative.", "goals=To learn.",
                "interests=Piano.",
                "likes=Clear code.", "dislikes=Salt.", "behaviours=Takes notes.", "behaviours.debate=Is assertive.",
                "routines.morning=Yoga.", "relationships=Sara: your manager",
            ]
        )
        var agent = AgentProfile(id: "lisa")
        agent.persona = persona
        agent.takePersona()
        #expect(agent.name == "Lisa Carter")
        #expect(agent.occupation == "Data Scientist")
    }

    @Test func `what nobody knows is kept and named, with the nearest key`() {
        let facts: JSON = ["shoe_size": 44, "beleifs": ["All is well."]]
        #expect(
            Self.faults(facts) == [.unknown(key: "shoe_size", near: nil), .unknown(key: "beleifs", near: "beliefs")]
        )
        #expect(Persona(facts).words(of: "shoe_size") == ["44"])
        #expect(PersonaForm.label("shoe_size") == "Shoe size")
    }

    @Test(
        arguments: [
            (["age": "old"], .value(key: "age", wanted: "years, 0 to 200")),
            (["age": 201], .value(key: "age", wanted: "years, 0 to 200")),
            (["traits": 5], .value(key: "traits", wanted: "a list of texts")),
            (["traits": ["a", 5]], .value(key: "traits", wanted: "a list of texts")),
            (["style": ["a"]], .value(key: "style", wanted: "a text")),
            (
                ["relationships": [["nme": "Bo"]]],
                .value(key: "relationships", wanted: "a list of name and description")
            ),
            (5, .shape),
            (["type": "TinyWorld", "persona": [:]], .kind("TinyWorld")),
            (["type": "TinyPerson", "persona": [:], "episodic_memory": []], .leftOut(key: "episodic_memory")),
            (["persona": "me"], .shape),
        ] as [(JSON, PersonaForm.Fault)]
    )
    func `a persona of another form is refused by name`(facts: JSON, fault: PersonaForm.Fault) {
        #expect(Self.faults(facts) == [fault])
    }

    @Test func `a plan says what is wrong with a persona, and where`() {
        var agent = AgentProfile(id: "ada")
        agent.persona = Persona(parts: [.init(facts: ["age": -1]), .init(path: "gone.json")])
        let found = PlanCheck.diagnostics(of: Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")]))
            .filter { $0.code == PersonaCheck.code }
        #expect(found.map(\.path.description) == ["agents[0].persona[0]", "agents[0].persona[1]"])
        agent.persona = Persona(["style": .string(String(repeating: "a", count: PersonaCheck.mostBytes + 1))])
        let long = PlanCheck.diagnostics(of: Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")]))
        #expect(long.contains { $0.code == "limit.persona" })
    }
}

/// How traits, temper and experience work: by the table, and in no other way.
@Suite struct ConductTests {
    private static func conduct(_ change: (inout AgentProfile) -> Void) -> [String] {
        var agent = AgentProfile(id: "ada")
        change(&agent)
        return Conduct(of: agent).leanings.map { "\($0.tendency) \($0.because)" }
    }

    @Test func `each trait works by the table, and each tendency counts once`() {
        #expect(
            Self.conduct { $0.personalityTraits = ["organized", "You are curious and meticulous."] } == [
                "orders organized", "asks curious",
            ]
        )
        #expect(Self.conduct { $0.personalityTraits = ["tall"] } == [])
    }

    @Test(arguments: ["not very patient", "never careful", "You don't like to be direct"])
    func `what somebody is not leads to nothing`(trait: String) {
        #expect(Self.conduct { $0.personalityTraits = [trait] } == [])
    }

    @Test func `temper works where it is high or low`() {
        let temper: JSON = ["extraversion": "Low. Very shy.", "agreeableness": "Medium.", "openness": "high"]
        #expect(
            Self.conduct { $0.persona = Persona(["personality": ["big_five": temper]]) }
                == ["listens low extraversion", "proposes high openness"]
        )
    }

    @Test(arguments: [("10+ years", ["decides 10+ years"]), ("5 years", []), ("1 year", ["asks 1 year"]), ("many", [])])
    func `experience works where it is long or short`(years: String, leanings: [String]) {
        #expect(Self.conduct { $0.yearsExperience = years } == leanings)
    }

    @Test func `every tendency has words, and every stem stands in one row`() {
        #expect(Set(Conduct.table.map(\.tendency)).count == Conduct.Tendency.allCases.count)
        let stems = Conduct.table.flatMap(\.stems)
        #expect(Set(stems).count == stems.count)
    }
}
