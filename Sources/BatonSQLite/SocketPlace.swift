import BatonCore
import BatonEngine
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the socket of an engine is: in a folder of its own that only this user may enter.
package struct SocketPlace: Sendable {
    /// Longer ones do not fit into a socket's address.
    private static let longestPath = 100

    package let path: String

    /// The socket of a data folder; of one with a long path, a place below `XDG_RUNTIME_DIR`, or the temporary folder.
    package init(dataFolder: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let near = "\(dataFolder)/control/engine.sock"
        guard near.utf8.count > Self.longestPath else {
            self.path = near
            return
        }
        let name = HashChain.digest(of: Array(dataFolder.utf8)).description.prefix(16)
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") && $0.utf8.count < 60 ? $0 : nil }
        self.path = "\(runtime ?? "/tmp")/baton-\(getuid())-\(name)/engine.sock"
    }

    /// The socket that a lock file names.
    package init(path: String) { self.path = path }

    private var folder: String { URL(fileURLWithPath: self.path).deletingLastPathComponent().path }

    /// Makes the folder, or checks that it is this user's alone; takes away the socket of an engine that died.
    ///
    /// - Throws: ``BatonError`` with `engine.socket`.
    package func prepare() throws {
        let folder = self.folder
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw Self.fault(folder, String(cString: strerror(errno)))
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            throw Self.fault(folder, "it is no folder of this user")
        }
        guard chmod(folder, 0o700) == 0 else { throw Self.fault(folder, String(cString: strerror(errno))) }
        // The lock of the data folder is ours, so nobody listens there.
        unlink(self.path)
    }

    /// Nobody else may connect; call it when somebody listens.
    package func restrict() { chmod(self.path, 0o600) }

    /// Takes socket and folder away.
    package func remove() {
        unlink(self.path)
        rmdir(self.folder)
    }

    private static func fault(_ folder: String, _ why: String) -> BatonError {
        BatonError(
            BatonError.Code("engine.socket"),
            "cannot use \(folder): \(why)",
            remedy: "move it away; the run goes on without control from outside"
        )
    }
}
