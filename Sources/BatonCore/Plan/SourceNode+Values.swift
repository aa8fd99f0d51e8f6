// Values of the right form, or nil: what is wrong, the validator has said.
extension SourceNode {
    func text(_ name: String) -> String? {
        if case .string(let text)? = self[name]?.kind { return text }
        return nil
    }

    func bool(_ name: String) -> Bool? {
        if case .bool(let value)? = self[name]?.kind { return value }
        return nil
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let value)? = self[name]?.kind { return Int(value) }
        return nil
    }

    func amount(_ name: String) -> Double? {
        guard let value = self[name]?.double, value.isFinite, value >= 0, value <= 1e12 else { return nil }
        return value
    }

    func seconds(_ name: String) -> Duration? {
        guard let value = self[name]?.double, value >= 0, value <= 31_536_000 else { return nil }
        return .seconds(fraction: value)
    }

    func date(_ name: String) -> Plan.PlannedDate? { self.text(name).flatMap { Plan.PlannedDate($0) } }

    func list(_ name: String) -> [SourceNode] {
        if case .array(let nodes)? = self[name]?.kind { return nodes }
        return []
    }

    func texts(_ name: String) -> [String] {
        self.list(name).compactMap { node in
            if case .string(let text) = node.kind { return text }
            return nil
        }
    }

    /// A text, or those of a list.
    var lines: [String] {
        let nodes = if case .array(let elements) = self.kind { elements } else { [self] }
        return nodes.compactMap { if case .string(let text) = $0.kind { text } else { nil } }
    }

    func members(_ name: String) -> [Member] {
        if case .object(let members)? = self[name]?.kind { return members }
        return []
    }

    func namedTexts(_ name: String) -> [AgentProfile.Variable] {
        self.members(name).compactMap { member in
            if case .string(let text) = member.value.kind { return AgentProfile.Variable(member.name, text) }
            return nil
        }
    }

    func numbers(_ name: String) -> [Plan.NamedNumber] {
        self.members(name).compactMap { member in
            guard let value = member.value.double, value.isFinite else { return nil }
            return Plan.NamedNumber(member.name, value)
        }
    }

    func levels(_ name: String) -> SkillLevels {
        SkillLevels(
            entries: self.members(name).compactMap { member in
                guard let value = member.value.double, 1...10 ~= value else { return nil }
                return SkillLevels.Entry(name: member.name, hundredths: Int((value * 100).rounded()))
            }
        )
    }
}
