import BatonCore
import BatonTestKit
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Somebody who sits at a terminal and runs the real program there.
///
/// A shell stands between: a child of the tests' process in a session of its own would be taken for what some command of another
/// test has left behind, and ended.
final class Sitting {
    struct NeverSeen: Error, CustomStringConvertible {
        let what: String
        let screen: [String]
        var description: String { "never seen: \(self.what)\n\(self.screen.joined(separator: "\n"))" }
    }

    private(set) var terminal: PaperTerminal
    let pid: pid_t
    private let shell: pid_t
    private let master: Int32
    private var undecoded: [UInt8] = []

    init(_ arguments: [String], folder: String, width: Int = 80, height: Int = 24, term: String = "xterm") throws {
        self.terminal = PaperTerminal(width: width, height: height)
        // Swift's C library module has no posix_openpt and its kin; these are the calls below them on Linux.
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, UInt32) = (0, 0)
        let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        guard master >= 0, ioctl(master, unlock, &lock) == 0, ioctl(master, getNumber, &number) == 0 else {
            throw POSIXError(.ENODEV)
        }
        let name = "/dev/pts/\(number)"
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        self.master = master
        let pipe = Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR | O_NOCTTY, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 3)
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        // Says its number, then becomes the leader of a session that has the terminal, and the program.
        let inner = "echo $$ >&3; exec setsid --ctty \"$@\" 3>&-"
        let outer = "cd \"$1\" && shift && sh -c '\(inner)' sh \"$@\"; code=$?; exit $code"
        let shell = ["sh", "-c", outer, "sh", folder, Binary.path]
        let variables =
            [
                "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(folder)", "USER=tester", "TERM=\(term)", "LANG=C.UTF-8",
            ] + Running.sanitizers.map { "\($0.key)=\($0.value)" }
        var argv = (shell + arguments).map { strdup($0) } + [nil]
        var envp = variables.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let result = posix_spawn(&pid, "/bin/sh", &actions, nil, &argv, &envp)
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: result) ?? .ENOENT) }
        self.shell = pid
        try pipe.fileHandleForWriting.close()
        let said = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        self.pid = try pid_t(said.trimmingCharacters(in: .newlines)) ?? { throw POSIXError(.ESRCH) }()
    }

    deinit { close(self.master) }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(self.master, bytes, bytes.count)
    }

    func resize(width: Int, height: Int) {
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        self.terminal = PaperTerminal(width: width, height: height)
        _ = ioctl(self.master, UInt(TIOCSWINSZ), &size)
    }

    /// Looks at the screen until it shows what is wanted, five minutes at most: a live screen never falls silent.
    func wait(for what: String, _ isThere: ([String]) -> Bool) throws {
        let start = ContinuousClock.now
        while !isThere(self.terminal.screen) {
            guard self.read(), start.duration(to: .now) < .seconds(300) else {
                throw NeverSeen(what: what, screen: self.terminal.all)
            }
        }
    }

    func wait(for text: String) throws {
        try self.wait(for: text) { screen in screen.contains { $0.contains(text) } }
    }

    /// Looks on until the program has ended.
    func ending() -> Int32 {
        while self.read() {}
        var status: Int32 = 0
        while waitpid(self.shell, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    // False at the end, or when nothing has come for a minute.
    private func read() -> Bool {
        var state = pollfd(fd: self.master, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 60_000) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(self.master, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        self.undecoded += buffer[..<count]
        // A character may be cut by the end of what has come.
        var whole = self.undecoded.count
        while whole > 0, whole > self.undecoded.count - 4,
            String(validating: self.undecoded[..<whole], as: UTF8.self) == nil
        {
            whole -= 1
        }
        self.terminal.take(String(decoding: self.undecoded[..<whole], as: UTF8.self))
        self.undecoded.removeFirst(whole)
        return true
    }
}
