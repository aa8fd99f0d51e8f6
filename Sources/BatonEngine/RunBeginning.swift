package import BatonCore

/// Makes the first event's content of a plan: identifier, seed, and the plan as it is stored.
package struct RunBeginning: Sendable {
    package let seed: RunSeed
    package let plan: StoredContent
    package let graph: PlanGraph?

    package static func make(
        _ plan: Plan,
        _ options: Engine.StartOptions,
        mode: RunMode,
        journal: any Journal,
        clock: any EngineClock,
        prices: PriceTable = .known,
        avoiding taken: Set<RunID> = []
    ) async throws -> RunBeginning {
        let plan = plan.unfolded
        // Beside the check: of a large plan each takes a while.
        async let rest = Self.rest(plan)
        let findings = PlanCheck.findings(of: plan)
        let (stored, ranges) = await rest
        let errors = ranges + findings.diagnostics.filter(\.blocksRun)
        if let first = errors.first {
            throw BatonError(
                .plan,
                "the plan \(plan.id) has \(CountText.of(errors.count, "error")), first: \(first.line)",
                remedy: "mend it; `baton check` shows all"
            )
        }
        if mode == .real, let model = prices.missing(for: plan) {
            throw BatonError(
                BatonError.Code("budget.unpriced"),
                "nobody knows what \(PlainText.line(model, limit: 80)) costs, so the plan's budget of money could not hold",
                remedy:
                    "write its price into prices.json of the data folder; `baton cost --prices` shows the known ones"
            )
        }
        let id = try await Self.identifier(options.id, for: plan, journal, clock, avoiding: taken)
        let seed = RunSeed(
            run: id,
            plan: plan,
            stored: stored.digest,
            seed: options.seed,
            mode: mode,
            engine: Baton.version,
            prices: mode == .real ? prices.part(for: plan) : .none
        )
        return RunBeginning(seed: seed, plan: stored, graph: findings.graph)
    }

    @concurrent
    private static func rest(_ plan: Plan) async -> (StoredContent, [Diagnostic]) {
        let bytes = PlanEncoder.bytes(of: plan)
        let stored = StoredContent(digest: HashChain.digest(of: bytes), bytes: bytes)
        return (stored, PlanRanges.diagnostics(of: plan))
    }

    /// The wanted name if it is free, else one that is.
    static func identifier(
        _ wanted: RunID?,
        for plan: Plan,
        _ journal: any Journal,
        _ clock: any EngineClock,
        avoiding taken: Set<RunID> = []
    ) async throws -> RunID {
        guard let wanted else { return try await Self.freeID(for: plan, journal, clock, taken) }
        if let fault = NameRule.fault(of: wanted.text) {
            throw BatonError(
                .plan,
                "\"\(PlainText.line(wanted.text, limit: 60))\" is no name for a run: \(fault)",
                remedy: "a name has \(NameRule.form)"
            )
        }
        guard try await journal.head(of: wanted) == nil else { throw MemoryJournal.exists(wanted) }
        return wanted
    }

    // project-20261121-090000, and -2 and on if that second saw several.
    private static func freeID(
        for plan: Plan,
        _ journal: any Journal,
        _ clock: any EngineClock,
        _ taken: Set<RunID>
    ) async throws -> RunID {
        let date = CivilDate(clock.now())
        let day = "\(padded(date.year, 4))\(padded(date.month, 2))\(padded(date.day, 2))"
        let time = "\(padded(date.hour, 2))\(padded(date.minute, 2))\(padded(date.second, 2))"
        let base = "\(plan.id.prefix(100))-\(day)-\(time)"
        var number = 1
        while true {
            let id = RunID(number == 1 ? base : "\(base)-\(number)")
            if !taken.contains(id), try await journal.head(of: id) == nil { return id }
            number += 1
        }
    }
}
