import BatonTestKit
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Kills a program with -9 while it waits for an answer, once.
final class DeadlySwitch: Sendable {
    private let isArmed = DispatchSemaphore(value: 0)
    private let pid = Mutex<pid_t>(0)

    /// Called by the server under a request; later calls do nothing.
    func strike() {
        self.isArmed.wait()
        self.pid.withLock { pid in
            if pid != 0 { Self.end(pid) }
            pid = 0
        }
        self.isArmed.signal()
    }

    // The system's own call, whose name this class has too.
    private static func end(_ pid: pid_t) { _ = Foundation.kill(pid, SIGKILL) }

    /// Runs the program until it is killed.
    ///
    /// - Returns: how it ended, as a shell says it.
    func kill(_ baton: Binary, _ arguments: String...) throws -> Int32 {
        let running = try baton.start(arguments)
        self.pid.withLock { $0 = running.pid }
        self.isArmed.signal()
        while running.nextLine() != nil {}
        return running.wait()
    }
}

extension WireServer.Request {
    var text: String { String(decoding: self.body, as: UTF8.self) }
}
