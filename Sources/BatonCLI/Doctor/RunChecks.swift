import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation

/// What waits to be gone on with: runs that have not ended, open questions, logs whose run is gone; and the clock.
struct RunChecks {
    let path: String
    let holder: DataFolder.Holder

    /// - Parameter whole: those of the runs that can be gone on with; for the others a remedy was named before.
    func look(at heads: [RunHead], whole: [RunHead], _ report: (Checkup) -> Void) {
        report(MachineChecks.clock(now: SystemClock().now(), lastStored: heads.map(\.updatedAt).max()))
        let open = whole.filter { !$0.isEnded }
        open.prefix(JournalChecks.mostLines).map(self.unended).forEach(report)
        if open.count > JournalChecks.mostLines {
            report(
                .warning(
                    "run",
                    "\(open.count - JournalChecks.mostLines) more have not ended",
                    remedy: CommandHint.line(["runs"], dataFolder: self.path) + " lists them"
                )
            )
        }
        let questions = open.reduce(0) { $0 &+ $1.openQuestions }
        if questions > 0 {
            report(
                .warning(
                    "questions",
                    "\(questions) \(questions == 1 ? "waits" : "wait") for people",
                    remedy: CommandHint.line(["inbox"], dataFolder: self.path) + " lists them"
                )
            )
        }
        self.logs(Set(heads.map(\.run.text)), report)
    }

    private func unended(_ head: RunHead) -> Checkup {
        let words =
            "\(head.run) has not ended: \(head.state), \(head.endedTasks) of \(CountText.of(head.totalTasks, "task"))"
        if self.holder.standing == .held { return .ok("run", "\(words); \(self.holder.words) may have it in hand") }
        return .warning("run", words, remedy: CommandHint.line(["resume", head.run.text], dataFolder: self.path))
    }

    private func logs(_ runs: Set<String>, _ report: (Checkup) -> Void) {
        let folder = "\(self.path)/live"
        // No folder of logs is no fault: it is made with the first line of the first log.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let strays = names.filter { !runs.contains($0) }.sorted()
        guard let first = strays.first else {
            return report(.ok("logs", "\(names.count) \(names.count == 1 ? "run has" : "runs have") live logs"))
        }
        // A name that cannot be typed as it is shown must not stand in a command.
        let isPlain = PlainText.of(first) == first
        let remedy =
            isPlain ? "delete them: rm -r \(CommandHint.quoted("\(folder)/\(first)"))" : "delete them in \(folder)"
        report(
            .warning(
                "logs",
                "\(CountText.of(strays.count, "folder")) of live logs without a run, such as \(first)",
                remedy: remedy
            )
        )
    }
}
