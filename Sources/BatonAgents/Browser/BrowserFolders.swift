import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where browsers keep their profiles: folders of the system's place for what lasts not long.
///
/// Their sockets have short paths only, so they cannot lie in the data folder; which there are stands there, so that those of a
/// killed engine are found.
struct BrowserFolders: Sendable {
    private static let prefix = "baton-browser-"

    private let marks: String

    /// - Parameter dataFolder: the engine's own.
    init(dataFolder: String) { self.marks = "\(dataFolder)/browsers" }

    /// An empty folder that nobody else may look into; nil if none can be made.
    func make() -> String? {
        let files = FileManager.default
        var template = Array("\(files.temporaryDirectory.path)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            try files.createDirectory(atPath: self.marks, withIntermediateDirectories: true)
            try Data(path.utf8).write(to: URL(fileURLWithPath: self.mark(of: path)))
            return path
        } catch {
            try? files.removeItem(atPath: path)
            return nil
        }
    }

    func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: self.mark(of: path))
    }

    /// Removes what an engine that was killed has left; only whoever carries the data folder may say so.
    func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: self.marks)) ?? [] {
            let mark = "\(self.marks)/\(name)"
            let path = (try? String(contentsOfFile: mark, encoding: .utf8)) ?? ""
            if name.hasPrefix(Self.prefix), (path as NSString).lastPathComponent == name, Self.isOwnFolder(path) {
                try? FileManager.default.removeItem(atPath: path)
            }
            try? FileManager.default.removeItem(atPath: mark)
        }
    }

    private func mark(of path: String) -> String { "\(self.marks)/\((path as NSString).lastPathComponent)" }

    private static func isOwnFolder(_ path: String) -> Bool {
        var status = stat()
        return path.hasPrefix("/") && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            && status.st_uid == geteuid()
    }
}
