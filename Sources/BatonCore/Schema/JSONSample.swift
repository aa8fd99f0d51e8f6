import OrderedCollections

/// Makes values that a schema takes, the same ones for the same seed.
package enum JSONSample {
    private static let deepest = 12

    /// A value that the schema takes; nil if none was found, as for a schema that takes nothing.
    ///
    /// - Parameter words: what texts are made of, where the schema leaves them open.
    package static func value(of schema: JSONSchema, seed: UInt64, words: String = "sample") -> JSON? {
        var draws = SplitMix64(seed: seed)
        // Draws that contradict each other, as `not` and `oneOf` may have it, are drawn anew; then as little as may be is made.
        for attempt in 0..<30 {
            var maker = Maker(schema: schema, words: words, draws: draws, isBrief: attempt > 20)
            let value = maker.value(of: schema.root, depth: 0)
            if schema.faults(of: value, most: 1).isEmpty { return value }
            draws = maker.draws
        }
        return nil
    }

    fileprivate struct Maker {
        let schema: JSONSchema
        let words: String
        var draws: SplitMix64
        let isBrief: Bool

        mutating func value(of part: JSON, depth: Int) -> JSON {
            guard case .object(let written) = part, depth < JSONSample.deepest else { return .null }
            let keys = self.joined(.object(written), depth)
            if let constant = keys["const"] ?? keys["default"] { return constant }
            if let values = keys["enum"]?.elements, !values.isEmpty { return values[self.draws.below(values.count)] }
            switch self.type(of: keys) {
            case "null": return .null
            case "boolean": return .bool(self.draws.below(2) == 1)
            case "integer": return self.number(keys, isWhole: true)
            case "number": return self.number(keys, isWhole: false)
            case "array": return self.list(keys, depth)
            case "object": return self.object(keys, depth)
            default: return .string(self.text(keys))
            }
        }

        /// The schema with what it refers to and one of its kinds laid over each other.
        private mutating func joined(_ part: JSON, _ depth: Int) -> JSON {
            guard case .object(let keys) = part, depth < JSONSample.deepest else { return part }
            var whole = part
            var layers: [JSON] = keys["allOf"]?.elements ?? []
            if let target = keys["$ref"]?.string.flatMap({ JSONSchema.target(of: $0, in: self.schema.root) }) {
                layers.append(target)
            }
            for kinds in [keys["anyOf"]?.elements, keys["oneOf"]?.elements] {
                if let kinds, !kinds.isEmpty { layers.append(kinds[self.draws.below(kinds.count)]) }
            }
            if let condition = keys["if"] {
                let isTaken = self.draws.below(2) == 0
                if isTaken { layers.append(condition) }
                if let branch = isTaken ? keys["then"] : keys["else"] { layers.append(branch) }
            }
            for layer in layers { whole = Self.laid(self.joined(layer, depth + 1), over: whole) }
            return whole
        }

        private static func laid(_ layer: JSON, over base: JSON) -> JSON {
            guard case .object(let upper) = layer, case .object(var members) = base else { return base }
            for (name, value) in upper {
                switch (name, members[name]) {
                case ("required", .array(let known)?):
                    members[name] = .array(known + (value.elements ?? []).filter { !known.contains($0) })
                case ("properties", let known?):
                    members[name] = Self.laidMembers(value, over: known)
                case ("minimum", let known?), ("minLength", let known?), ("minItems", let known?),
                    ("minProperties", let known?), ("exclusiveMinimum", let known?):
                    members[name] = (known.double ?? 0) >= (value.double ?? 0) ? known : value
                case ("maximum", let known?), ("maxLength", let known?), ("maxItems", let known?),
                    ("maxProperties", let known?), ("exclusiveMaximum", let known?):
                    members[name] = (known.double ?? 0) <= (value.double ?? 0) ? known : value
                default: members[name] = value
                }
            }
            return .object(members)
        }

        private static func laidMembers(_ layer: JSON, over base: JSON) -> JSON {
            guard case .object(let upper) = layer, case .object(var members) = base else { return base }
            for (name, value) in upper { members[name] = members[name].map { Self.laid(value, over: $0) } ?? value }
            return .object(members)
        }

        private mutating func type(of keys: JSON) -> String {
            if let type = keys["type"]?.string { return type }
            if let types = keys["type"]?.elements, !types.isEmpty {
                return types[self.draws.below(types.count)].string ?? "string"
            }
            let objects = ["properties", "required", "additionalProperties", "minProperties", "patternProperties"]
            if objects.contains(where: { keys[$0] != nil }) { return "object" }
            if ["items", "prefixItems", "minItems", "contains"].contains(where: { keys[$0] != nil }) { return "array" }
            let numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
            return numbers.contains { keys[$0] != nil } ? "number" : "string"
        }

        private mutating func number(_ keys: JSON, isWhole: Bool) -> JSON {
            var low = max(keys["minimum"]?.double ?? -.infinity, keys["exclusiveMinimum"]?.double ?? -.infinity)
            var high = min(keys["maximum"]?.double ?? .infinity, keys["exclusiveMaximum"]?.double ?? .infinity)
            if !low.isFinite { low = high.isFinite ? min(0, high - 100) : 0 }
            if !high.isFinite { high = low + 100 }
            let step = keys["multipleOf"]?.double ?? (isWhole ? 1 : 0)
            guard step > 0 else { return .number(low + (high - low) * Double(1 + self.draws.below(98)) / 100) }
            let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
            guard first <= last, abs(first) < 1e15, last - first < 1e15 else { return isWhole ? 0 : .number(low) }
            let value = (first + Double(self.draws.below(Int(last - first) + 1))) * step
            return Int64(exactly: value).map { .integer($0) } ?? .number(value)
        }

        private mutating func text(_ keys: JSON) -> String {
            let least = Int(min(keys["minLength"]?.double ?? 0, 10_000))
            let most = Int(min(keys["maxLength"]?.double ?? 10_000, 10_000))
            var text = keys["pattern"]?.string.flatMap { PatternSample.text(of: $0, &self.draws) } ?? self.open(keys)
            while text.unicodeScalars.count < least { text += text.isEmpty ? "x" : String(text.prefix(10_000)) }
            if text.unicodeScalars.count > most {
                text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
            }
            return text
        }

        private mutating func open(_ keys: JSON) -> String {
            switch keys["format"]?.string {
            case "date": "2026-11-\(10 + self.draws.below(20))"
            case "date-time": "2026-11-\(10 + self.draws.below(20))T09:00:00Z"
            case "email": "someone@example.com"
            case "uri", "url": "https://example.com/\(self.draws.below(1000))"
            case "uuid": "00000000-0000-4000-8000-\(padded(self.draws.below(1_000_000), 12))"
            default: self.words
            }
        }

        private mutating func list(_ keys: JSON, _ depth: Int) -> JSON {
            let least = Int(
                max(keys["minItems"]?.double ?? 0, keys["minContains"]?.double ?? (keys["contains"] == nil ? 0 : 1))
            )
            let most = Int(min(keys["maxItems"]?.double ?? .infinity, Double(max(least, self.isBrief ? 0 : least + 2))))
            let prefix = keys["prefixItems"]?.elements ?? []
            let count = least + (most > least ? self.draws.below(most - least + 1) : 0)
            var elements: [JSON] = []
            for index in 0..<min(count, 1000) {
                let schema = index < prefix.count ? prefix[index] : keys["contains"] ?? keys["items"] ?? true
                var element = self.value(of: Self.open(schema), depth: depth + 1)
                if keys["uniqueItems"] == true {
                    for _ in 0..<20 where elements.contains(element) {
                        element = self.another(Self.open(schema), index, depth)
                    }
                }
                elements.append(element)
            }
            return .array(elements)
        }

        // Texts that the schema leaves open are told apart by a number.
        private mutating func another(_ schema: JSON, _ index: Int, _ depth: Int) -> JSON {
            let value = self.value(of: schema, depth: depth + 1)
            if case .string(let text) = value, schema["pattern"] == nil, schema["enum"] == nil {
                return .string("\(text) \(index + 1)")
            }
            return value
        }

        private static func open(_ schema: JSON) -> JSON { schema.isObject ? schema : ["type": "string"] }

        private mutating func object(_ keys: JSON, _ depth: Int) -> JSON {
            var members: [(String, JSON)] = []
            let required = keys["required"]?.elements?.compactMap(\.string) ?? []
            let properties = keys["properties"]?.memberNames ?? []
            let isDeep = depth > 4 || self.isBrief
            let wanted = properties.filter { required.contains($0) || (!isDeep && self.draws.below(4) > 0) }
            for name in wanted + required.filter({ !properties.contains($0) }) {
                let schema = keys["properties"]?[name] ?? self.other(name, keys)
                if schema == false { continue }
                members.append((name, self.value(of: Self.open(schema), depth: depth + 1)))
            }
            for name in properties where members.count < Int(min(keys["minProperties"]?.double ?? 0, 1000)) {
                guard !members.contains(where: { $0.0 == name }) else { continue }
                members.append((name, self.value(of: Self.open(keys["properties"]?[name] ?? true), depth: depth + 1)))
            }
            var number = 0
            while members.count < Int(min(keys["minProperties"]?.double ?? 0, 1000)) {
                number += 1
                let name = "member\(number)"
                members.append((name, self.value(of: Self.open(self.other(name, keys)), depth: depth + 1)))
            }
            return .members(members)
        }

        private func other(_ name: String, _ keys: JSON) -> JSON { keys["additionalProperties"] ?? true }
    }
}
