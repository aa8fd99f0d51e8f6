package import BatonCore

/// What of a task is proved, in lines.
package enum ProofText {
    /// What of a task is proved, and by which checks; nothing of a task without any.
    package static func lines(of proof: Proof) -> [String] {
        guard !proof.checks.isEmpty else { return [] }
        return [Self.facts(of: proof)]
            + proof.checks.map { check in
                let reason = check.reason.map { ": \(PlainText.line($0, limit: 600))" } ?? ""
                return "\(check.state): \(check.words)\(check.task.map { " (\($0))" } ?? "")\(reason)"
            }
    }

    /// What of a task is claimed, verified and accepted.
    static func facts(of proof: Proof) -> String {
        let words = [
            proof.isClaimed ? "claimed" : "not claimed", proof.isVerified.map { $0 ? "verified" : "not verified" },
            proof.isAccepted.map { $0 ? "accepted" : "not accepted" },
        ]
        return words.compactMap { $0 }.joined(separator: ", ")
    }
}
