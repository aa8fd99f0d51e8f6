import Foundation

/// A folder of one test's own, removed with it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        self.path = "\(base)/baton-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    /// The path of something in it.
    package func callAsFunction(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Writes a file and returns its path.
    package func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
        let path = self(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        return path
    }

    /// The text of a file; empty if there is none.
    package func read(_ name: String) -> String {
        FileManager.default.contents(atPath: self(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
