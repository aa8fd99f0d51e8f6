import BatonCore

/// The performer of tasks with a pattern: joins what the parts brought.
struct Conductor: InstantPerformer {
    func perform(_ work: Work) async -> WorkResult { Self.join(work) }

    func performAtOnce(_ work: () throws(Failure) -> Work) throws(Failure) -> WorkResult? { Self.join(try work()) }

    private static func join(_ work: Work) -> WorkResult {
        if let schema = work.task.proves?.schema, let claimed = work.dependencies.last {
            return .done(Proving.verdict(on: claimed.output ?? .null, of: claimed.task, by: schema))
        }
        return switch Joining.result(of: work.task, parts: work.partResults, agents: work.agents) {
        case .success(let output): .done(output)
        case .failure(let failure): .failed(failure)
        }
    }

    /// The same table in which the engine itself performs for its conductor.
    static func before(_ performers: @escaping PerformerTable) -> PerformerTable {
        { profile in profile.kind == .conductor ? Conductor() : performers(profile) }
    }
}

extension Work {
    /// What the parts of its task brought, in the plan's order.
    fileprivate var partResults: [PartResult] {
        let whole = self.task
        return self.dependencies.compactMap { brought in
            guard let part = self.spec(of: brought.task), part.partOf == whole.id else { return nil }
            return PartResult(
                of: part,
                in: whole,
                agents: self.agents,
                output: brought.output,
                shortfall: brought.shortfall
            )
        }
    }
}
