package import OrderedCollections

/// What may be said of a persona, and how it is read: keys of plans, and specifications of TinyTroupe as they are.
package enum PersonaForm {
    /// How a key is told to a model.
    package struct Key: Hashable, Sendable {
        package let name: String
        /// What stands before its words.
        package let label: String
        /// Whether parts add to it; else the last one counts.
        package let isList: Bool
    }

    /// In the order in which they are told.
    package static let keys: [Key] = [
        Key(name: "name", label: "Name", isList: false),
        Key(name: "occupation", label: "Occupation", isList: false),
        Key(name: "organization", label: "Organization", isList: false),
        Key(name: "role", label: "Your work", isList: false),
        Key(name: "age", label: "Age", isList: false),
        Key(name: "gender", label: "Gender", isList: false),
        Key(name: "nationality", label: "Nationality", isList: false),
        Key(name: "residence", label: "Residence", isList: false),
        Key(name: "education", label: "Education", isList: false),
        Key(name: "traits", label: "Character", isList: true),
        Key(name: "big_five", label: "Temper", isList: true),
        Key(name: "style", label: "Style", isList: false),
        Key(name: "goals", label: "Goals", isList: true),
        Key(name: "beliefs", label: "Beliefs", isList: true),
        Key(name: "interests", label: "Interests", isList: true),
        Key(name: "likes", label: "Likes", isList: true),
        Key(name: "dislikes", label: "Dislikes", isList: true),
        Key(name: "skills", label: "Skills", isList: true),
        Key(name: "behaviours", label: "Behaviour", isList: true),
        Key(name: "routines", label: "Routine", isList: true),
        Key(name: "relationships", label: "Relationships", isList: true),
        Key(name: "health", label: "Health", isList: false),
        Key(name: "other_facts", label: "Also", isList: true),
    ]

    private static let places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.name, $0) })

    /// Other words for keys, most of them TinyTroupe's.
    package static let aliases: [String: String] = [
        "behaviors": "behaviours", "long_term_goals": "goals", "personality_traits": "traits",
        "professional_interests": "interests", "country_of_residence": "residence", "others": "other_facts",
    ]

    // Those that hold others.
    private static let holders = ["personality", "preferences"]

    package static func place(_ key: String) -> Int { Self.places[Self.stem(key)] ?? Self.keys.count }

    /// What nobody knows is told like a list.
    package static func isList(_ key: String) -> Bool {
        Self.place(key) == Self.keys.count || Self.keys[Self.place(key)].isList
    }

    /// What stands before the words of a key: `Behaviour (debate)`.
    package static func label(_ key: String) -> String {
        let stem = Self.stem(key)
        let topic = key.dropFirst(stem.count + 1)
        let label = Self.places[stem].map { Self.keys[$0].label } ?? Self.spoken(stem)
        return topic.isEmpty ? label : "\(label) (\(Self.spoken(topic).lowercased()))"
    }

    private static func stem(_ key: String) -> String { String(key.prefix { $0 != "." }) }

    private static func spoken(_ key: some StringProtocol) -> String {
        let words = key.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    // MARK: Reading

    /// What is wrong with a persona, or odd.
    package enum Fault: Hashable, Sendable {
        /// Neither an object nor a text.
        case shape
        /// A TinyTroupe file of a kind that is no persona.
        case kind(String)
        /// The value of a key has not the form that it needs.
        case value(key: String, wanted: String)
        /// Told as it stands.
        case unknown(key: String, near: String?)
        /// A part of a file that no persona is made of.
        case leftOut(key: String)
    }

    package struct Reading: Hashable, Sendable {
        package fileprivate(set) var facts: OrderedDictionary<String, [String]> = [:]
        package fileprivate(set) var faults: [Fault] = []
    }

    /// Reads what one source says.
    package static func read(_ json: JSON) -> Reading {
        var reading = Reading()
        switch json {
        case .null: break
        case .string(let text): reading.facts["other_facts"] = [text]
        case .object(let members):
            guard let persona = members["persona"] else {
                reading.take(members)
                break
            }
            if let type = members["type"], !["TinyPerson", "Fragment"].contains(type.string) {
                reading.faults.append(.kind(PlainText.line(type.plainText, limit: 60)))
            }
            for key in members.keys where !["persona", "type"].contains(key) {
                reading.faults.append(.leftOut(key: key))
            }
            if case .object(let inner) = persona { reading.take(inner) } else { reading.faults.append(.shape) }
        default: reading.faults.append(.shape)
        }
        return reading
    }

    fileprivate static func name(_ key: String) -> String {
        let plain = key.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 }
        return Self.aliases[String(plain)] ?? String(plain)
    }

    fileprivate static func isKnown(_ key: String) -> Bool { Self.places[key] != nil || Self.holders.contains(key) }

    fileprivate static func nearest(_ key: String) -> String? {
        NearestName.of(key, among: Self.keys.map(\.name) + Self.holders + Self.aliases.keys.sorted())
    }
}

extension PersonaForm.Reading {
    fileprivate mutating func take(_ members: OrderedDictionary<String, JSON>) {
        for (written, value) in members where value != .null {
            let key = PersonaForm.name(written)
            switch (key, value) {
            case ("occupation", .object(let inner)):
                self.line("occupation", inner["title"])
                self.line("organization", inner["organization"])
                self.line("role", inner["description"])
                for other in inner.keys where !["title", "organization", "description"].contains(other) {
                    self.unknown("occupation.\(PersonaForm.name(other))", inner[other] ?? .null)
                }
            case ("personality", .object(let inner)), ("preferences", .object(let inner)): self.take(inner)
            case ("personality", _): self.list("traits", value)
            case ("preferences", _): self.list("likes", value)
            case ("behaviours", .object(let inner)): self.behaviours(inner)
            case ("routines", .object(let inner)): self.topics("routines", inner)
            case ("big_five", .object(let inner)):
                self.add("big_five", inner.map { "\($0): \($1.plainText)" })
            case ("relationships", _): self.relationships(value)
            case ("age", _): self.age(value)
            default:
                guard PersonaForm.isKnown(key) else {
                    self.faults.append(.unknown(key: written, near: PersonaForm.nearest(key)))
                    self.unknown(key, value)
                    continue
                }
                if PersonaForm.isList(key) { self.list(key, value) } else { self.line(key, value) }
            }
        }
    }

    private mutating func add(_ key: String, _ words: [String]) {
        let kept = words.filter { !$0.isEmpty }
        if !kept.isEmpty { self.facts[key, default: []] += kept }
    }

    private mutating func line(_ key: String, _ value: JSON?) {
        switch value {
        case nil, .null: break
        case .string(let text): if !text.isEmpty { self.facts[key] = [text] }
        case .integer?, .number?: self.facts[key] = [value?.plainText ?? ""]
        default: self.faults.append(.value(key: key, wanted: "a text"))
        }
    }

    private mutating func list(_ key: String, _ value: JSON) {
        switch value {
        case .string(let text): self.add(key, [text])
        case .array(let elements):
            let texts = elements.compactMap(\.string)
            if texts.count < elements.count { self.faults.append(.value(key: key, wanted: "a list of texts")) }
            self.add(key, texts)
        default: self.faults.append(.value(key: key, wanted: "a list of texts"))
        }
    }

    private mutating func age(_ value: JSON) {
        let years = value.integer ?? value.string.flatMap { Int64($0) }
        guard let years, (0...200).contains(years) else {
            self.faults.append(.value(key: "age", wanted: "years, 0 to 200"))
            return
        }
        self.facts["age"] = ["\(years)"]
    }

    private mutating func behaviours(_ topics: OrderedDictionary<String, JSON>) {
        for (topic, value) in topics {
            switch (PersonaForm.name(topic), value) {
            case ("general", _): self.list("behaviours", value)
            case ("routines", .object(let inner)): self.topics("routines", inner)
            case ("routines", _): self.list("routines", value)
            case (let name, _): self.list("behaviours.\(name)", value)
            }
        }
    }

    private mutating func topics(_ key: String, _ topics: OrderedDictionary<String, JSON>) {
        for (topic, value) in topics { self.list("\(key).\(PersonaForm.name(topic))", value) }
    }

    private mutating func relationships(_ value: JSON) {
        switch value {
        case .object(let members): self.add("relationships", members.map { "\($0): \($1.plainText)" })
        case .array(let elements):
            for element in elements {
                let said = element["description"]?.string ?? element["relation"]?.string
                if let text = element.string {
                    self.add("relationships", [text])
                } else if let name = element["name"]?.string ?? element["Name"]?.string {
                    self.add("relationships", [said.map { "\(name): \($0)" } ?? name])
                } else {
                    self.faults.append(.value(key: "relationships", wanted: "a list of name and description"))
                }
            }
        default: self.faults.append(.value(key: "relationships", wanted: "a list of name and description"))
        }
    }

    // As it stands, so that nothing that somebody wrote is lost.
    private mutating func unknown(_ key: String, _ value: JSON) {
        switch value {
        case .array(let elements): self.add(key, elements.map(\.plainText))
        case .object(let members): self.add(key, members.map { "\($0): \($1.plainText)" })
        case .null: break
        default: self.add(key, [value.plainText])
        }
    }
}
