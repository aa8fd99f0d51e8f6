import OrderedCollections

// Keys of plans, left out where they say nothing.
extension JSONWriter {
    /// An object, unless nothing is put into it.
    mutating func part(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        var inner = JSONWriter()
        inner.object(body)
        guard inner.bytes.count > 2 else { return }
        self.name(name)
        self.written(inner.bytes)
    }

    mutating func part(_ name: StaticString, _ value: JSON) {
        self.name(name)
        self.value(value)
    }

    mutating func put(_ name: StaticString, _ text: String?) {
        if let text, !text.isEmpty { self.text(name, text) }
    }

    mutating func put(_ name: StaticString, _ texts: some Collection<String>) {
        guard !texts.isEmpty else { return }
        self.name(name)
        self.array { writer in for text in texts { writer.string(text) } }
    }

    mutating func put(_ name: StaticString, _ pairs: [(String, JSON)]) {
        if !pairs.isEmpty { self.part(name, .object(.init(pairs, uniquingKeysWith: { $1 }))) }
    }

    mutating func put(_ name: StaticString, _ levels: SkillLevels) {
        guard !levels.isEmpty else { return }
        self.put(name, levels.entries.map { ($0.name, Self.decimal($0.hundredths)) })
    }

    mutating func put(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        self.number(value)
    }

    mutating func put(_ name: StaticString, _ value: Int64?) {
        if let value { self.field(name, value) }
    }

    mutating func put(_ name: StaticString, _ duration: Duration?) {
        if let duration { self.put(name, Double(duration.microseconds) / 1_000_000) }
    }

    mutating func put(_ name: StaticString, _ value: Int, unless usual: Int) {
        if value != usual { self.put(name, Int64(value)) }
    }

    mutating func put(_ name: StaticString, _ value: Bool, unless usual: Bool) {
        if value != usual { self.put(name, value) }
    }

    mutating func put(_ name: StaticString, _ value: Bool) {
        self.name(name)
        self.bool(value)
    }

    private static func decimal(_ hundredths: Int) -> JSON {
        hundredths % 100 == 0 ? .integer(Int64(hundredths / 100)) : .number(Double(hundredths) / 100)
    }
}
