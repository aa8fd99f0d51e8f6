// How work that agents hand on is told.
extension EventView {
    func fields(of delegation: Delegation) -> [(String, JSON)] {
        let call = ("call", JSON.integer(Int64(delegation.place)))
        switch delegation.verdict {
        case .refused(let words): return [call, ("refusal", .string(words))]
        case .granted(let spec, let made, let weighed):
            var fields = [call, ("spec", PlanEncoder.json(spec))]
            if let made { fields.append(("made", PlanEncoder.json(made))) }
            if !weighed.isEmpty { fields.append(("weighed", .array(weighed.map { self.json(of: $0) }))) }
            return fields
        }
    }

    func json(of candidate: Delegation.Candidate) -> JSON {
        var json: JSON = ["agent": .string(self.name(of: candidate.agent))]
        if let cost = candidate.cost { json = json.adding("cost_usd", .number(cost.inUSD)) }
        if let time = candidate.time { json = json.adding("seconds", .number(time.inSeconds)) }
        return json.adding("measured", .bool(candidate.isMeasured)).adding("busy", .bool(candidate.isBusy))
    }

    func summary(of delegation: Delegation) -> String {
        switch delegation.verdict {
        case .refused(let words): return "may not hand this on: \(words)"
        case .granted(let spec, let made, _):
            let who = spec.assignedAgent.map(\.text) ?? "somebody"
            return made == nil
                ? "hands \(spec.id) to \(who)"
                : "hands \(spec.id) to \(who), made for it: \(PlainText.line(made?.name ?? "", limit: 80))"
        }
    }
}
