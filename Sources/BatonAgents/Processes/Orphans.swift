import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Processes that a dead engine left behind.
package enum Orphans {
    /// Kills what earlier engines on this data folder have left, before anything of it can be handed out again.
    ///
    /// Orphans are told by the folder's mark in their environment and by having started before this process did. The
    /// caller holds the folder, so no living engine can be theirs.
    ///
    /// - Returns: how many there were.
    package static func kill(ofFolder path: String) -> Int {
        guard let own = ProcessTable.entry(getpid()) else { return 0 }
        return Self.kill(ofFolder: Marks.folder(path), startedUpTo: own.started)
    }

    static func kill(ofFolder path: String, startedUpTo latest: UInt64) -> Int {
        var killed: Set<pid_t> = []
        // They may be starting others while we look.
        for _ in 0..<200 {
            let table = ProcessTable()
            let marked = Self.marked(path, startedUpTo: latest, in: table)
            guard !marked.isEmpty else { break }
            for entry in marked {
                for child in table.descendants(of: entry.pid) where child.pid != getpid() { child.send(SIGKILL) }
                entry.send(SIGKILL)
                killed.insert(entry.pid)
            }
            usleep(5000)
        }
        return killed.count
    }

    /// The processes that a dead engine on this data folder has left, without touching them.
    ///
    /// Nobody may hold the folder: those of a living engine look the same.
    package static func pids(ofFolder path: String) -> [Int32] {
        guard let own = ProcessTable.entry(getpid()) else { return [] }
        return Self.marked(Marks.folder(path), startedUpTo: own.started, in: ProcessTable()).map(\.pid).sorted()
    }

    private static func marked(
        _ path: String,
        startedUpTo latest: UInt64,
        in table: ProcessTable
    ) -> [ProcessTable.Entry] {
        let ancestors = Self.ancestors(of: getpid(), in: table)
        return table.entries.filter { entry in
            entry.started <= latest && entry.pid != getpid() && !ancestors.contains(entry.pid) && !entry.isZombie
                && ProcessTable.variable(Marks.folderVariable, of: entry.pid) == path
        }
    }

    // Baton may itself be run by an agent of an outer Baton.
    static func ancestors(of pid: pid_t, in table: ProcessTable) -> Set<pid_t> {
        var found: Set<pid_t> = []
        var current = pid
        while let entry = table.entries.first(where: { $0.pid == current }), entry.parent > 0,
            found.insert(entry.parent).inserted
        {
            current = entry.parent
        }
        return found
    }
}
