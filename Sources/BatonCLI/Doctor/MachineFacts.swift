import BatonAgents
import BatonCore
import BatonEngine
import BatonReports
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What ``MachineChecks`` judges, read from this machine.
enum MachineFacts {
    /// The terminal and the limits of this process.
    static func checks() -> [Checkup] {
        var size = winsize()
        let hasSize = ioctl(1, UInt(TIOCGWINSZ), &size) == 0
        let terminal = MachineChecks.Terminal(
            isTerminal: Console.isTerminal,
            columns: hasSize ? Int(size.ws_col) : nil,
            rows: hasSize ? Int(size.ws_row) : nil,
            hasColour: Console.hasColour,
            environment: Surroundings.variables
        )
        return MachineChecks.terminal(terminal) + [MachineChecks.openFiles(OpenFiles.raise())]
    }

    /// The disk that holds a folder.
    static func disk(of path: String) -> [Checkup] {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return [
                .warning(
                    "disk",
                    "it does not say how much is free: \(String(cString: strerror(errno)))",
                    remedy: "check the disk of \(path)"
                )
            ]
        }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return MachineChecks.disk(
            freeBytes: overflow ? .max : bytes,
            freeFiles: UInt64(status.f_favail),
            allFiles: UInt64(status.f_files),
            at: path
        )
    }
}
