package import BatonCore
import BatonEngine
import CBatonSystem
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A data folder held by this process: its lock is kept until the process ends, however it ends.
package final class DataFolder: Sendable {
    /// The absolute path.
    package let path: String
    /// What a person should know about the place, such as that it does not survive a restart of the machine.
    package let warnings: [String]
    /// Whether the last holder died instead of letting go: only then can it have left processes behind.
    package let wasAbandoned: Bool
    private let descriptor: Int32
    private let note: Mutex<Note>

    // What others read of the holder; the lock itself is the kernel's.
    private struct Note {
        let since: Timestamp
        var socket: String?
        var takesRuns = false
        var run: RunID?

        var json: JSON {
            var json: JSON = [
                "pid": .integer(Int64(getpid())), "since": .string(self.since.description),
                "version": .string(Baton.version),
            ]
            if let socket { json = json.adding("socket", .string(socket)).adding("takes_runs", .bool(self.takesRuns)) }
            if let run { json = json.adding("run", .string(run.text)) }
            return json
        }
    }

    /// Where the journal lies.
    package var journalPath: String { Self.journalPath(in: self.path) }

    /// Where the journal of a folder lies, held or not.
    package static func journalPath(in path: String) -> String { "\(path)/journal.sqlite" }

    /// Takes the folder, making it if needed, private to this user.
    ///
    /// - Throws: ``BatonError``: `engine.busy` naming the holder, or `journal.unavailable`.
    package init(holding path: String) throws {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        try Self.makeFolder(absolute)
        self.path = absolute
        let note = Note(since: SystemClock().now())
        (self.descriptor, self.wasAbandoned) = try Self.takeLock("\(absolute)/lock", note)
        self.note = Mutex(note)
        self.warnings = Self.warnings(about: absolute)
    }

    deinit { close(self.descriptor) }

    private static func makeFolder(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw Self.unavailable(path, "it is not a folder", "choose another --data-dir")
            }
        } else {
            let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard access(parent, F_OK) == 0 else {
                throw Self.unavailable(
                    path,
                    "the folder \(parent) does not exist",
                    "make it, or choose another --data-dir"
                )
            }
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw Self.unavailable(path, String(cString: strerror(errno)), "choose another --data-dir")
            }
        }
        guard access(path, W_OK | X_OK) == 0, !Self.isOnReadOnlyDisk(path) else {
            throw Self.unavailable(
                path,
                "it cannot be written",
                "make it writable for this user, or choose another --data-dir"
            )
        }
    }

    // Root passes every access check; the file system has the last word.
    private static func isOnReadOnlyDisk(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && Int32(truncatingIfNeeded: status.f_flag) & Int32(ST_RDONLY) != 0
    }

    private static func unavailable(_ path: String, _ why: String, _ remedy: String) -> BatonError {
        BatonError(.journalUnavailable, "cannot use the data folder \(path): \(why)", remedy: remedy)
    }

    // MARK: The lock

    /// Says where the engine of this folder can be spoken to, and whether it carries all runs of the folder.
    package func announce(socket: String, takesRuns: Bool) {
        self.sign {
            $0.socket = socket
            $0.takesRuns = takesRuns
        }
    }

    /// Says which run is carried here.
    package func announce(carrying run: RunID) { self.sign { $0.run = run } }

    private func sign(_ change: (inout Note) -> Void) {
        self.note.withLock { note in
            change(&note)
            Self.write(note, self.descriptor)
        }
    }

    /// Says that nothing was left behind; call it when all work has stopped.
    ///
    /// The lock itself goes with the process.
    package func letGo() { ftruncate(self.descriptor, 0) }

    private static func takeLock(_ path: String, _ note: Note) throws -> (descriptor: Int32, wasAbandoned: Bool) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Self.unavailable(path, String(cString: strerror(errno)), "check the folder")
        }
        guard Self.lock(descriptor) else {
            let isHeld = errno == EWOULDBLOCK
            defer { close(descriptor) }
            throw isHeld
                ? Self.busy(path)
                : Self.unavailable(path, "locks do not work here", "put the data folder on a local disk")
        }
        guard Self.locksWork(path) else {
            close(descriptor)
            throw Self.unavailable(path, "a second lock was granted here", "put the data folder on a local disk")
        }
        var status = stat()
        let wasAbandoned = fstat(descriptor, &status) != 0 || status.st_size > 0
        Self.write(note, descriptor)
        return (descriptor, wasAbandoned)
    }

    // A holder that is just ending, or a child between fork and exec, may keep a lock for a moment longer.
    private static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<25 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            usleep(10_000)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    // On some network and overlay file systems a lock is granted to everybody.
    private static func locksWork(_ path: String) -> Bool {
        let second = open(path, O_RDWR | O_CLOEXEC)
        guard second >= 0 else { return false }
        defer { close(second) }
        return flock(second, LOCK_EX | LOCK_NB) != 0
    }

    private static func write(_ note: Note, _ descriptor: Int32) {
        let bytes = note.json.bytes
        // In this order the file is never empty while somebody has the folder: an empty one says that nothing was left behind.
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        ftruncate(descriptor, off_t(bytes.count))
    }

    private static func busy(_ path: String) -> BatonError {
        let holder = FileManager.default.contents(atPath: path).flatMap { try? JSON(parsing: $0) }
        let pid = holder?["pid"]?.integer.map { "process \($0)" } ?? "another process"
        let since = holder?["since"]?.string.map { " since \($0)" } ?? ""
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return BatonError(
            .busy,
            "the data folder \(folder) is held by \(pid)\(since)",
            remedy: "wait until it ends, stop it, or use another --data-dir"
        )
    }

    // MARK: The place

    static func createPrivateFile(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Self.unavailable(path, String(cString: strerror(errno)), "check the folder")
        }
        close(descriptor)
    }

    /// What a person should know about the place of a folder.
    package static func warnings(about path: String) -> [String] {
        switch baton_file_system_type(path) {
        case 0x0102_1994, 0x8584_58F6: ["\(path) is in memory: runs do not survive a restart of the machine"]
        case 0x6969, 0xFF53_4D42, 0x517B, 0xFE53_4D42:
            ["\(path) is on a network: locks and syncs may not be what they say"]
        default: []
        }
    }
}
