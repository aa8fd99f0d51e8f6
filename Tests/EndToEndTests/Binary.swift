import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The real program, started as a user starts it.
struct Binary {
    /// How a finished program ended.
    struct Ending {
        let code: Int32
        let output: String
        let errors: String
    }

    /// Beside the test bundle, wherever that was built.
    static let path: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("baton").path
    }()

    let folder: String
    var environment: [String: String] = [:]

    /// Runs to the end.
    func callAsFunction(_ arguments: String...) throws -> Ending { try self.run(arguments) }

    func run(_ arguments: [String]) throws -> Ending {
        let running = try self.start(arguments)
        // Errors go to a file, so that reading one stream cannot block on the other.
        while running.nextLine() != nil {}
        let code = running.wait()
        return Ending(code: code, output: running.text, errors: running.errors)
    }

    func start(_ arguments: [String]) throws -> Running {
        try Running(arguments, folder: self.folder, environment: self.environment)
    }
}

/// A started program whose output is read line by line.
final class Running {
    let pid: pid_t
    private(set) var text = ""
    private let descriptor: Int32
    private let errorPath: String
    private var buffer: [UInt8] = []

    init(_ arguments: [String], folder: String, environment: [String: String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.errorPath = "\(folder)/.errors-\(UUID().uuidString)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, self.errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "USER": "tester"]
        variables.merge(environment) { $1 }
        variables.merge(Self.sanitizers) { $1 }
        // The C library's module lacks the call that changes the folder; a shell that is replaced does it.
        let shell = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, Binary.path]
        var argv = (shell + arguments).map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let result = posix_spawn(&pid, "/bin/sh", &actions, nil, &argv, &envp)
        close(ends[1])
        guard result == 0 else {
            close(ends[0])
            throw POSIXError(POSIXErrorCode(rawValue: result) ?? .ENOENT)
        }
        self.pid = pid
        self.descriptor = ends[0]
    }

    /// A program that was built with a sanitizer reports where the tests do.
    static let sanitizers = ProcessInfo.processInfo.environment.filter {
        ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key)
    }

    deinit {
        close(self.descriptor)
        unlink(self.errorPath)
    }

    var errors: String {
        FileManager.default.contents(atPath: self.errorPath).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The next line of standard output; nil at its end.
    func nextLine() -> String? {
        while true {
            if let end = self.buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: self.buffer[..<end], as: UTF8.self)
                self.buffer.removeSubrange(...end)
                self.text += line + "\n"
                return line
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(self.descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                self.text += String(decoding: self.buffer, as: UTF8.self)
                self.buffer = []
                return nil
            }
            self.buffer += chunk[..<count]
        }
    }

    func send(_ signal: Int32) { kill(self.pid, signal) }

    /// The exit code, or 128 and the signal.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(self.pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}
