// The fields of work that agents hand on.
extension EventFields {
    func delegation() throws(EventCodec.Fault) -> Delegation {
        var weighed: [Delegation.Candidate] = []
        for node in self.list("weighed") {
            weighed.append(try EventFields(kind: self.kind, node: node).weighedAgent())
        }
        let made = self.node["made"].map { PlanDecoder.agent($0) }
        guard made.map(PlanRanges.isInside) ?? true else { throw self.fault("made") }
        let verdict = Delegation.Verdict.granted(try self.spec(), made: made, weighed: weighed)
        return Delegation(task: try self.task(), place: try self.small("call"), verdict: verdict)
    }

    func refusedDelegation() throws(EventCodec.Fault) -> Delegation {
        let verdict = Delegation.Verdict.refused(try self.text("refusal"))
        return Delegation(task: try self.task(), place: try self.small("call"), verdict: verdict)
    }

    private func weighedAgent() throws(EventCodec.Fault) -> Delegation.Candidate {
        Delegation.Candidate(
            agent: try self.agent("agent"),
            cost: self.node["micro_usd"] == nil ? nil : Money(microUSD: try self.natural("micro_usd")),
            time: self.node["microseconds"] == nil ? nil : .microseconds(try self.natural("microseconds")),
            isMeasured: self.node["measured"] != nil,
            isBusy: self.node["busy"] != nil
        )
    }
}
