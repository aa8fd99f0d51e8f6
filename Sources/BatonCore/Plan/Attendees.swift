/// Finds attendees by identifier, or by a name that only one agent has.
package enum Attendees {
    package enum Match: Equatable {
        case none
        case one(AgentIndex)
        case many([AgentID])
    }

    package static func find(_ name: String, among agents: [AgentProfile]) -> Match {
        if let offset = agents.firstIndex(where: { $0.id.text == name && $0.kind != .conductor }) {
            return .one(AgentIndex(offset))
        }
        let offsets = agents.indices.filter { agents[$0].name == name && agents[$0].kind != .conductor }
        guard let first = offsets.first else { return .none }
        return offsets.count == 1 ? .one(AgentIndex(first)) : .many(offsets.map { agents[$0].id })
    }

    /// Those who are found, each once.
    static func all(_ names: [String], among agents: [AgentProfile]) -> [AgentIndex] {
        var found: [AgentIndex] = []
        for name in names {
            if case .one(let agent) = Self.find(name, among: agents), !found.contains(agent) { found.append(agent) }
        }
        return found
    }
}

extension Plan {
    /// What to write instead of the name of an agent that there is not.
    func nearestAgent(_ name: String) -> String {
        let names = self.agents.filter { $0.kind != .conductor }.map(\.id.text)
        if let near = NearestName.of(name, among: names + self.agents.map(\.name)) { return "did you mean \(near)?" }
        let shown = names.prefix(12).joined(separator: ", ")
        return "the agents are \(shown)\(names.count > 12 ? ", …" : "")"
    }
}

extension TaskSpec {
    /// Who attends it, of those who are found.
    func attendees(among agents: [AgentProfile]) -> [AgentProfile] {
        Attendees.all(self.attendees, among: agents).map { agents[$0.offset] }
    }
}
