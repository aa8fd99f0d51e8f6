import BatonCore
import BatonEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets as many commands be in hand as there are files that this process may open; the others wait.
///
/// A command needs descriptors for its pipes, and one that cannot be made is a trap in the library that starts it. Whoever carries
/// runs of commands hands out no more than that: what waits here is in hand, and its time goes by.
enum LaunchLimit {
    static let shared = Semaphore { Self.most(of: OpenFiles.own) }

    /// So many descriptors a command needs while it is started.
    private static let each = 8
    // For the journal, the socket, the reading of `/proc`, and the runtime's own.
    private static let kept = 32

    /// So many commands may be in hand at once where so many files may be open.
    static func most(of files: Int) -> Int { max(1, (files - OpenFiles.clients(of: files) - Self.kept) / Self.each) }

    /// Whether a command can be started now: others, such as clients, take descriptors too.
    static var hasRoom: Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        for _ in 0..<Self.each {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }

    static func noRoom(for work: Work) -> Failure {
        Failure(
            .transient,
            "exec.descriptors",
            "the command of task \(work.task.id) was not started: this process has all files open that it may have",
            remedy: "raise the limit (ulimit -n), or let fewer commands run at once"
        )
    }
}
