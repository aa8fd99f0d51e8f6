import BatonAgents
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// Who holds the data folder, and what a dead holder has left running.
enum LockChecks {
    static func look(at holder: DataFolder.Holder, _ path: String, fixes: Bool, _ report: (Checkup) -> Void) {
        switch holder.standing {
        case .free: report(.ok("lock", "nobody holds the folder"))
        case .held:
            report(
                holder.isSuspended
                    ? .warning(
                        "lock",
                        "held by \(holder.words), which is suspended: nothing goes on",
                        remedy: holder.pid.map { "let it go on with: kill -CONT \($0)" } ?? "let it go on"
                    )
                    : .ok("lock", "held by \(holder.words)")
            )
            // What works for a living engine is nobody's orphan.
            if fixes { report(.ok("orphans", "not looked for while an engine works; it ends its own processes")) }
            return
        case .dead:
            report(
                .warning(
                    "lock",
                    "\(holder.words) died with the folder in its hands",
                    remedy: CommandHint.line(["resume"], dataFolder: path) + " cleans up and goes on"
                )
            )
        }
        report(fixes ? Self.killed(path) : Self.orphans(path))
    }

    private static func orphans(_ path: String) -> Checkup {
        let pids = Orphans.pids(ofFolder: path)
        guard !pids.isEmpty else { return .ok("orphans", "no process is left of a dead engine") }
        let shown = pids.prefix(20).map(String.init).joined(separator: ", ") + (pids.count > 20 ? ", …" : "")
        return .warning(
            "orphans",
            "\(pids.count) \(pids.count == 1 ? "process is" : "processes are") left of a dead engine: \(shown)",
            remedy: CommandHint.line(["doctor", "--fix"], dataFolder: path) + " kills them, and so does resume"
        )
    }

    // Only who holds the folder may kill: an engine could begin in the same moment.
    private static func killed(_ path: String) -> Checkup {
        do {
            let folder = try DataFolder(holding: path)
            let count = Orphans.kill(ofFolder: folder.path)
            folder.letGo()
            return .ok("orphans", "killed \(count) \(count == 1 ? "process" : "processes") of a dead engine")
        } catch {
            return .error(
                "orphans",
                "none was killed: \(error)",
                remedy: "try again when nobody holds the folder",
                .disk
            )
        }
    }
}
