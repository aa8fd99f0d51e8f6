package import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension DataFolder {
    /// Who holds a data folder, as far as one can tell without taking it.
    package struct Holder: Hashable, Sendable {
        package enum Standing: Hashable, Sendable {
            /// Nobody, and the last one left in order.
            case free
            /// A process that lives.
            case held
            /// The last one died with the folder in its hands.
            case dead
        }

        package let standing: Standing
        package let pid: Int64?
        package let since: String?
        package let version: String?
        /// Where it can be spoken to.
        package let socket: String?
        /// Whether it carries all runs of the folder that have not ended, and not only one.
        package let takesRuns: Bool
        /// The one that it carries otherwise.
        package let run: RunID?

        /// Whether it carries this run.
        package func carries(_ run: RunID) -> Bool {
            self.standing == .held && (self.takesRuns || self.run == run)
        }

        /// Whether the process lives and does nothing, as after Ctrl-Z; false where that cannot be told, as without Linux.
        package var isSuspended: Bool {
            guard self.standing == .held, let pid = self.pid,
                let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat")
            else { return false }
            // The state follows the program's name, which may hold anything but ends with the last parenthesis.
            let state = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.first { $0 != " " }
            return state == "T" || state == "t"
        }

        /// `process 12 (Baton 0.1.0) since 2026-11-21T09:00:00.000Z`.
        package var words: String {
            let who = self.pid.map { "process \($0)" } ?? "a process"
            let what = self.version.map { " (Baton \($0))" } ?? ""
            return PlainText.line(who + what + (self.since.map { " since \($0)" } ?? ""), limit: 120)
        }
    }

    /// Looks at the lock of a folder without taking the folder.
    ///
    /// For a moment it holds the lock for sharing, shorter than a new engine waits for it.
    package static func holder(of path: String) -> Holder {
        let descriptor = open("\(path)/lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            return Holder(standing: .free, pid: nil, since: nil, version: nil, socket: nil, takesRuns: false, run: nil)
        }
        defer { close(descriptor) }
        let isFree = flock(descriptor, LOCK_SH | LOCK_NB) == 0
        // Only the first bytes are ours; whatever else stands in the file is not read.
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &buffer, buffer.count)
        let note = try? JSON(parsing: buffer.prefix(max(0, count)))
        return Holder(
            standing: isFree ? (count > 0 ? .dead : .free) : .held,
            pid: note?["pid"]?.integer,
            since: note?["since"]?.string,
            version: note?["version"]?.string,
            socket: note?["socket"]?.string,
            takesRuns: note?["takes_runs"] == true,
            run: note?["run"]?.string.map { RunID($0) }
        )
    }
}
