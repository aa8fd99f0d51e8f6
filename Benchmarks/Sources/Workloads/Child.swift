import Foundation
import Synchronization

/// This program again, as a process of its own that may be killed.
struct Child {
    private let process = Process()
    private let output = Pipe()

    init(_ workload: String, folder: String, _ more: [String: String] = [:]) throws {
        self.process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        self.process.arguments = [workload]
        var environment = ProcessInfo.processInfo.environment
        environment["BENCH_DATA"] = folder
        for (name, value) in more { environment[name] = value }
        self.process.environment = environment
        self.process.standardOutput = self.output
        try self.process.run()
    }

    var isRunning: Bool { self.process.isRunning }

    func kill() {
        Foundation.kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
    }

    /// The numbers that it printed.
    func wait() throws -> [Double] {
        let bytes = self.output.fileHandleForReading.readDataToEndOfFile()
        self.process.waitUntilExit()
        let numbers = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            Double($0)
        }
        guard self.process.terminationStatus == 0, !numbers.isEmpty else { throw Failed() }
        return numbers
    }

    struct Failed: Error {}
}

/// Numbers of executed tasks, one a line; each is in the file before the task goes on.
final class Log: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws {
        self.descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        guard self.descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    func append(_ number: Int) {
        let line = Array("\(number)\n".utf8)
        _ = write(self.descriptor, line, line.count)
    }

    static func lines(_ path: String) -> Int {
        FileManager.default.contents(atPath: path)?.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } ?? 0
    }

    static func numbers(_ path: String) -> [Int] {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    }
}
