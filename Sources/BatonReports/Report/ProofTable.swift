import BatonCore

/// The tasks of a report that have something to prove, with what of it is proved.
struct ProofTable {
    static let caption = "Claimed, verified, accepted"
    static let columns = ["Task", "Claimed", "Verified", "Accepted", "Checks"]

    let rows: [[String]]
    /// How many more there are.
    let left: Int

    init(_ report: RunReport, most: Int) {
        let tasks = report.plan.tasks.indices.filter { !report.plan.tasks[$0].doneWhen.isEmpty }
        self.rows = tasks.prefix(most).map { offset in
            let proof = report.run.proof(of: TaskIndex(offset))
            let checks = proof.checks.map { check in
                "\(check.state): \(check.words)\(check.reason.map { " (\(PlainText.line($0, limit: 200)))" } ?? "")"
            }
            return [
                report.plan.tasks[offset].id.text, Self.word(proof.isClaimed), Self.word(proof.isVerified),
                Self.word(proof.isAccepted), checks.joined(separator: "; "),
            ]
        }
        self.left = tasks.count - self.rows.count
    }

    private static func word(_ fact: Bool?) -> String { fact.map { $0 ? "yes" : "no" } ?? "not asked for" }
}
