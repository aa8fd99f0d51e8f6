import BatonCore
import BatonReports
import BatonSQLite
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The data folder itself: is it there, whose is it, what does it lie on.
enum FolderChecks {
    private static let subject = "folder"

    /// - Returns: whether there is a folder to look into.
    static func look(at path: String, _ report: (Checkup) -> Void) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            report(Self.missing(path, errno))
            return false
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            report(
                .error(
                    Self.subject,
                    "\(path) is not a folder",
                    remedy: "move it away, or name another --data-dir",
                    .disk
                )
            )
            return false
        }
        report(Self.rights(path, status))
        for warning in DataFolder.warnings(about: path) {
            report(.warning("place", warning, remedy: "put the data folder on a local disk with --data-dir"))
        }
        MachineFacts.disk(of: path).forEach(report)
        return true
    }

    private static func missing(_ path: String, _ code: Int32) -> Checkup {
        guard code == ENOENT else {
            let why = String(cString: strerror(code))
            return .error(
                Self.subject,
                "\(path) cannot be looked at: \(why)",
                remedy: "check the path and its rights",
                .disk
            )
        }
        return .ok(Self.subject, "there is none at \(path) yet; the first run makes it")
    }

    // Root passes every question about rights; the disk has the last word.
    private static func canWrite(_ path: String) -> Bool {
        var disk = statvfs()
        let isReadOnly = statvfs(path, &disk) == 0 && Int32(truncatingIfNeeded: disk.f_flag) & Int32(ST_RDONLY) != 0
        return access(path, R_OK | W_OK | X_OK) == 0 && !isReadOnly
    }

    private static func rights(_ path: String, _ status: stat) -> Checkup {
        let mode = status.st_mode & 0o777
        let octal = String(mode, radix: 8)
        if !Self.canWrite(path) {
            return .error(Self.subject, "\(path) cannot be written", remedy: "make it writable for this user", .disk)
        }
        if mode & 0o077 != 0 {
            return .warning(
                Self.subject,
                "\(path) has mode \(octal): others on this machine may read what runs hold",
                remedy: "chmod 700 \(CommandHint.quoted(path))"
            )
        }
        if status.st_uid != geteuid() {
            return .warning(Self.subject, "\(path) belongs to user \(status.st_uid)", remedy: "run baton as its owner")
        }
        return .ok(Self.subject, "\(path), mode \(octal)")
    }
}
