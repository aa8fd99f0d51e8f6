import Foundation
import Synchronization

/// A process that the test itself starts with the given environment, in the test's session or in one of its own.
///
/// It is buried at once: the monitor of exit tests stumbles over a child of the test that is dead and unburied.
final class Stranger: Sendable {
    let pid: pid_t
    private let status = Mutex<Int32?>(nil)
    private let burial = DispatchSemaphore(value: 0)

    private struct NotStarted: Error { let code: Int32 }

    /// Runs a line of the shell and returns when it has printed its first line.
    init(_ script: String, _ environment: [String: String], inOwnSession: Bool = false) throws {
        let output = Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.fileHandleForWriting.fileDescriptor, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let newSession: Int16 = 0x80
        posix_spawnattr_setflags(&attributes, inOwnSession ? newSession : 0)
        let words = ["/bin/sh", "-c", script]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { (word: String) in strdup(word) } + [nil]
        let settings = environment.map { "\($0.key)=\($0.value)" }
        var variables: [UnsafeMutablePointer<CChar>?] = settings.map { (word: String) in strdup(word) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw NotStarted(code: code) }
        self.pid = pid
        _ = output.fileHandleForReading.availableData
        DispatchQueue.global().async {
            var status: Int32 = 0
            waitpid(self.pid, &status, 0)
            let end = status
            self.status.withLock { $0 = end }
            self.burial.signal()
        }
    }

    /// Whether it still runs.
    var isAlive: Bool { self.status.withLock { $0 == nil } }

    /// Kills it and tells by which signal it has died.
    func end() -> Int32 {
        kill(self.pid, SIGKILL)
        return self.signal
    }

    /// Waits for its end and tells by which signal it has died.
    var signal: Int32 {
        self.burial.wait()
        defer { self.burial.signal() }
        return (self.status.withLock { $0 } ?? 0) & 0x7F
    }
}
