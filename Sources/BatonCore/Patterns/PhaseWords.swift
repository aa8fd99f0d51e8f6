// What an agent with phases is told of them: the same in all of them, so that what providers keep of the prompt stays good.
extension AgentProfile {
    package var phaseWords: String? {
        let phases = self.phases.compactMap(WorkPhase.init)
        guard let first = phases.first, phases.count > 1 else { return nil }
        let bound = self.tools.compactMap { name -> String? in
            guard let nature = BuiltInTool.named(name)?.nature else { return nil }
            let allowed = WorkPhase.allowed(for: name, nature).filter(phases.contains)
            return allowed.count == phases.count
                ? nil : "\(name) in \(allowed.isEmpty ? "none" : allowed.map(\.rawValue).joined(separator: ", "))"
        }
        let answer = WorkPhase.allowed(for: WorkPhase.completion, .repeatable).filter(phases.contains).map(\.rawValue)
        return """
            You work in phases: \(phases.map(\.rawValue).joined(separator: ", ")). You begin in \(first.rawValue), and \
            \(WorkPhase.tool) takes you to another. Not every tool may be called in each: \
            \((bound + ["your answer in \(answer.joined(separator: ", "))"]).joined(separator: "; ")).
            """
    }
}
