import OrderedCollections

// What is wrong with a value, by a schema.
extension JSONSchema {
    /// What is wrong, each with its place as a JSON Pointer; empty if nothing is.
    package func faults(of value: JSON, most: Int = 10) -> [String] {
        var check = Check(root: self.root, most: most, steps: Check.Steps())
        check.look(at: value, "", by: self.root, depth: 0)
        // What could not be decided may be hidden behind a `not`: then the whole is not taken either.
        if let reason = check.steps.undecided, !check.faults.contains(reason) { check.faults.append(reason) }
        return check.faults
    }

    /// One look at a value; ends when enough is wrong.
    fileprivate struct Check {
        let root: JSON
        let most: Int
        /// What all looks at one value may do together: kinds of kinds of kinds are more than anybody can wait for.
        let steps: Steps
        var faults: [String] = []

        final class Steps {
            var left = 50_000
            /// What they may do together to match texts, and the patterns that have been read for it.
            var matching = TextPattern.Allowance()
            var patterns: [String: TextPattern] = [:]
            /// Why something is not known.
            var undecided: String?
        }

        var isFull: Bool { self.faults.count >= self.most }

        mutating func note(_ place: String, _ what: String) {
            guard !self.isFull else { return }
            self.faults.append("\(place.isEmpty ? "the value" : place): \(what)")
        }

        /// Notes what cannot be told, which is a fault wherever it comes to light.
        mutating func give(up place: String, _ why: String) {
            self.steps.undecided = self.steps.undecided ?? "\(place.isEmpty ? "the value" : place): \(why)"
            self.note(place, why)
        }

        func takes(_ value: JSON, _ schema: JSON, _ depth: Int) -> Bool {
            var inner = Check(root: self.root, most: 1, steps: self.steps)
            inner.look(at: value, "", by: schema, depth: depth)
            return inner.faults.isEmpty
        }

        mutating func look(at value: JSON, _ place: String, by schema: JSON, depth: Int) {
            guard !self.isFull else { return }
            self.steps.left -= 1
            guard self.steps.left > 0 else { return self.give(up: place, "is too intricate to be looked at") }
            guard depth < 4 * JSONSchema.deepest else { return self.give(up: place, "lies too deep to be looked at") }
            guard case .object(let keys) = schema else {
                if schema == false { self.note(place, "must not be there") }
                return
            }
            if let reference = keys["$ref"]?.string {
                let target = JSONSchema.target(of: reference, in: self.root) ?? false
                self.look(at: value, place, by: target, depth: depth + 1)
            }
            self.lookAtKind(value, place, keys)
            switch value {
            case .integer, .number: self.lookAtNumber(value, place, keys)
            case .string(let text): self.lookAtText(text, place, keys)
            case .array(let elements): self.lookAtList(elements, place, keys, depth)
            case .object(let members): self.lookAtObject(members, place, keys, depth)
            case .null, .bool: break
            }
            self.lookAtParts(value, place, keys, depth)
        }
    }
}

extension JSONSchema.Check {
    private mutating func lookAtKind(_ value: JSON, _ place: String, _ keys: OrderedDictionary<String, JSON>) {
        if let types = keys["type"] {
            let names = types.string.map { [$0] } ?? types.elements?.compactMap(\.string) ?? []
            if !names.contains(where: value.isOf) {
                self.note(place, "is \(value.typeWord), not \(names.joined(separator: " or "))")
            }
        }
        if let values = keys["enum"]?.elements, !values.contains(where: value.isSame) {
            let shown = values.prefix(12).map { PlainText.line($0.description, limit: 60) }.joined(separator: ", ")
            self.note(place, "is none of \(shown)\(values.count > 12 ? ", …" : "")")
        }
        if let constant = keys["const"], !value.isSame(as: constant) {
            self.note(place, "is not \(PlainText.line(constant.description, limit: 60))")
        }
    }

    private mutating func lookAtNumber(_ value: JSON, _ place: String, _ keys: OrderedDictionary<String, JSON>) {
        guard let number = value.double else { return }
        if let most = keys["maximum"]?.double, number > most {
            self.note(place, "is more than \(keys["maximum"] ?? 0)")
        }
        if let least = keys["minimum"]?.double, number < least {
            self.note(place, "is less than \(keys["minimum"] ?? 0)")
        }
        if let most = keys["exclusiveMaximum"]?.double, number >= most {
            self.note(place, "is not less than \(keys["exclusiveMaximum"] ?? 0)")
        }
        if let least = keys["exclusiveMinimum"]?.double, number <= least {
            self.note(place, "is not more than \(keys["exclusiveMinimum"] ?? 0)")
        }
        if let step = keys["multipleOf"]?.double {
            let times = number / step
            if !times.isFinite || abs(times - times.rounded()) > 1e-9 {
                self.note(place, "is no multiple of \(keys["multipleOf"] ?? 0)")
            }
        }
    }

    private mutating func lookAtText(_ text: String, _ place: String, _ keys: OrderedDictionary<String, JSON>) {
        // Characters are Unicode's code points here.
        let length = Double(text.unicodeScalars.count)
        if let most = keys["maxLength"]?.double, length > most {
            self.note(place, "has \(Int(length)) characters, more than \(Int(most))")
        }
        if let least = keys["minLength"]?.double, length < least {
            self.note(place, "has \(Int(length)) characters, fewer than \(Int(least))")
        }
        if let pattern = keys["pattern"]?.string, !self.matches(text, pattern, place) {
            self.note(place, "does not match \(PlainText.line(pattern, limit: 80))")
        }
    }

    private mutating func matches(_ text: String, _ pattern: String, _ place: String) -> Bool {
        // The schema has been looked at: its patterns are ones that can be read.
        guard let read = self.steps.patterns[pattern] ?? TextPattern(pattern) else { return false }
        self.steps.patterns[pattern] = read
        if let matches = read.matches(text, &self.steps.matching) { return matches }
        self.give(up: place, "is too long to be held against \(PlainText.line(pattern, limit: 80))")
        return true
    }

    private mutating func lookAtList(
        _ elements: [JSON],
        _ place: String,
        _ keys: OrderedDictionary<String, JSON>,
        _ depth: Int
    ) {
        let count = Double(elements.count)
        if let most = keys["maxItems"]?.double, count > most {
            self.note(place, "has \(elements.count) elements, more than \(Int(most))")
        }
        if let least = keys["minItems"]?.double, count < least {
            self.note(place, "has \(elements.count) elements, fewer than \(Int(least))")
        }
        if keys["uniqueItems"] == true, Set(elements.map(\.canonical)).count < elements.count {
            self.note(place, "has an element twice")
        }
        let prefix = keys["prefixItems"]?.elements ?? []
        for (index, element) in elements.enumerated() {
            guard let schema = index < prefix.count ? prefix[index] : keys["items"] else { continue }
            self.look(at: element, "\(place)/\(index)", by: schema, depth: depth + 1)
        }
        guard let contained = keys["contains"] else { return }
        let found = Double(elements.count { self.takes($0, contained, depth + 1) })
        if found < keys["minContains"]?.double ?? 1 {
            self.note(place, "has too few elements of the kind that it must contain")
        }
        if let most = keys["maxContains"]?.double, found > most {
            self.note(place, "has too many elements of the kind that it may contain")
        }
    }

    private mutating func lookAtObject(
        _ members: OrderedDictionary<String, JSON>,
        _ place: String,
        _ keys: OrderedDictionary<String, JSON>,
        _ depth: Int
    ) {
        self.lookAtNames(members, place, keys, depth)
        let properties = keys["properties"]
        let patterns = keys["patternProperties"]
        for (name, value) in members {
            let here = "\(place)/\(JSONSchema.escaped(name))"
            var isKnown = false
            if let schema = properties?[name] {
                isKnown = true
                self.look(at: value, here, by: schema, depth: depth + 1)
            }
            for pattern in patterns?.memberNames ?? [] where self.matches(name, pattern, place) {
                isKnown = true
                self.look(at: value, here, by: patterns?[pattern] ?? true, depth: depth + 1)
            }
            guard !isKnown, let others = keys["additionalProperties"] else { continue }
            if others == false {
                self.note(place, "has \(PlainText.line(name, limit: 60)), which is not among its members")
            } else {
                self.look(at: value, here, by: others, depth: depth + 1)
            }
        }
    }

    private mutating func lookAtNames(
        _ members: OrderedDictionary<String, JSON>,
        _ place: String,
        _ keys: OrderedDictionary<String, JSON>,
        _ depth: Int
    ) {
        let count = Double(members.count)
        if let most = keys["maxProperties"]?.double, count > most {
            self.note(place, "has more than \(Int(most)) members")
        }
        if let least = keys["minProperties"]?.double, count < least {
            self.note(place, "has fewer than \(Int(least)) members")
        }
        for name in keys["required"]?.elements?.compactMap(\.string) ?? [] where members[name] == nil {
            self.note(place, "lacks \(PlainText.line(name, limit: 60))")
        }
        for (name, _) in members {
            for other in keys["dependentRequired"]?[name]?.elements?.compactMap(\.string) ?? []
            where members[other] == nil {
                self.note(place, "has \(name) and lacks \(other)")
            }
            if let names = keys["propertyNames"], !self.takes(.string(name), names, depth + 1) {
                self.note(place, "has \(PlainText.line(name, limit: 60)), which is no name that it may have")
            }
            if let schema = keys["dependentSchemas"]?[name] {
                self.look(at: .object(members), place, by: schema, depth: depth + 1)
            }
        }
    }

    private mutating func lookAtParts(
        _ value: JSON,
        _ place: String,
        _ keys: OrderedDictionary<String, JSON>,
        _ depth: Int
    ) {
        for schema in keys["allOf"]?.elements ?? [] { self.look(at: value, place, by: schema, depth: depth + 1) }
        if let schemas = keys["anyOf"]?.elements, !schemas.contains(where: { self.takes(value, $0, depth + 1) }) {
            self.noteNearest(value, place, schemas, depth)
        }
        if let schemas = keys["oneOf"]?.elements {
            switch schemas.count(where: { self.takes(value, $0, depth + 1) }) {
            case 0: self.noteNearest(value, place, schemas, depth)
            case 1: break
            default: self.note(place, "is of more than one of the kinds of which it must be one")
            }
        }
        if let schema = keys["not"], self.takes(value, schema, depth + 1) {
            self.note(place, "is of a kind that it must not be")
        }
        guard let condition = keys["if"] else { return }
        let branch = self.takes(value, condition, depth + 1) ? keys["then"] : keys["else"]
        if let branch { self.look(at: value, place, by: branch, depth: depth + 1) }
    }

    // Of several kinds, none of which fits, whoever mends it has to know one: the one with the least wrong.
    private mutating func noteNearest(_ value: JSON, _ place: String, _ schemas: [JSON], _ depth: Int) {
        let tries = schemas.map { schema in
            var inner = JSONSchema.Check(root: self.root, most: 5, steps: self.steps)
            inner.look(at: value, place, by: schema, depth: depth + 1)
            return inner.faults
        }
        self.note(place, "is of none of \(schemas.count) kinds")
        for fault in tries.min(by: { $0.count < $1.count }) ?? [] where !self.isFull { self.faults.append(fault) }
    }
}

extension JSON {
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .number(let value)): value == value.rounded()
        default: false
        }
    }

    fileprivate var typeWord: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    fileprivate func isSame(as other: JSON) -> Bool { self.canonical == other.canonical }

    /// With members in one order, whole numbers in one form, and texts by their code points: Swift takes those for equal that look so.
    fileprivate var canonical: JSON {
        switch self {
        case .string(let text) where !text.utf8.allSatisfy({ $0 < 0x80 }):
            .array([nil] + text.unicodeScalars.map { .integer(Int64($0.value)) })
        case .number(let value): Int64(exactly: value).map { .integer($0) } ?? self
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members): .members(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.canonical) })
        case .null, .bool, .integer, .string: self
        }
    }
}
