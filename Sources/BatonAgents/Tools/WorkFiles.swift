import BatonCore
import BatonEngine
import CBatonSystem
import Foundation

/// The files of a task's working folder, for agents that think: no path leads out of it, and no link is followed.
///
/// The kernel holds the paths, so that nothing that moves meanwhile makes another one of them. What keeps secrets is not there: the
/// data folder and `.env`.
struct WorkFiles: ~Copyable {
    struct Fault: Error {
        let words: String
    }

    static let mostRead = 65_536
    static let mostListed = 1000
    static let mostHits = 100
    private static let mostLooked = 20_000
    private static let largestSearched = 4 << 20
    private static let mostSearched = 32 << 20
    private static let hidden: Set<String> = [".env", ".baton", ".git"]

    private let root: Int32
    /// Where the data folder is, if it lies below.
    private let dataFolder: [String]?

    init(for work: Work, in projectFolder: String, dataFolder: String?) throws(Failure) {
        let folder = work.workingDirectory ?? "."
        self.dataFolder = Self.parts(of: dataFolder, below: "\(projectFolder)/\(folder)")
        let project = open(projectFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if project >= 0 { close(project) } }
        self.root = project < 0 ? -1 : baton_open_beneath(project, folder, O_RDONLY | O_DIRECTORY, 0)
        guard self.root >= 0 else {
            throw Failure(
                .permanent,
                "tool.folder",
                "the working folder \(PlainText.line(folder, limit: 200)) of task \(work.task.id) cannot be opened below the project folder",
                remedy: "name a folder that exists in working_directory"
            )
        }
        if let dataFolder, Self.parts(of: "\(projectFolder)/\(folder)", below: dataFolder, orSame: true) != nil {
            throw Failure(
                .permanent,
                "tool.folder",
                "the working folder \(PlainText.line(folder, limit: 200)) of task \(work.task.id) is the data folder, or lies in it, which is not for agents",
                remedy: "name another working_directory, or give the data a folder of its own: --data-dir"
            )
        }
    }

    deinit { if self.root >= 0 { close(self.root) } }

    func call(_ tool: String, _ input: JSON) throws(Fault) -> JSON {
        let path = input["path"]?.string ?? "."
        switch tool {
        case "list_files": return try self.list(path, depth: Int(input["depth"]?.integer ?? 1))
        case "read_file": return try self.read(path, from: input["offset"]?.integer ?? 0)
        case "search_files": return try self.search(input["text"]?.string ?? "", path)
        default: return try self.put(Array((input["text"]?.string ?? "").utf8), to: path)
        }
    }

    // MARK: Paths

    private func parts(of path: String) throws(Fault) -> [String] {
        let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !path.hasPrefix("/"), !parts.contains(".."), !path.utf8.contains(0) else {
            throw Fault(words: "\(PlainText.line(path, limit: 200)) does not lie below the working folder")
        }
        if let secret = parts.first(where: { Self.hidden.contains($0) }) {
            throw Fault(words: "\(secret) is not for agents")
        }
        if let dataFolder = self.dataFolder, parts.starts(with: dataFolder) {
            throw Fault(words: "the data folder is not for agents")
        }
        return parts
    }

    // No link is followed, so that names tell where a file is.
    private static func parts(of path: String?, below folder: String, orSame isSameEnough: Bool = false) -> [String]? {
        guard let path else { return nil }
        let inner = URL(fileURLWithPath: path).resolvingSymlinksInPath().pathComponents
        let outer = URL(fileURLWithPath: folder).resolvingSymlinksInPath().pathComponents
        let isBelow = inner.count > outer.count || isSameEnough && inner.count == outer.count
        return isBelow && inner.starts(with: outer) ? Array(inner.dropFirst(outer.count)) : nil
    }

    func opened(_ path: String, _ flags: Int32, _ mode: UInt32 = 0o644) throws(Fault) -> Int32 {
        let parts = try self.parts(of: path)
        let file = baton_open_beneath(self.root, parts.isEmpty ? "." : parts.joined(separator: "/"), flags, mode)
        guard file >= 0 else { throw Self.fault(path, errno) }
        return file
    }

    private static func fault(_ path: String, _ code: Int32) -> Fault {
        let name = PlainText.line(path, limit: 200)
        return switch code {
        case EXDEV: Fault(words: "\(name) leads out of the working folder")
        case ELOOP: Fault(words: "\(name) is a link, or has one on its way, and none is followed")
        case ENOENT: Fault(words: "there is no \(name)")
        case EISDIR: Fault(words: "\(name) is a folder")
        case ENOTDIR: Fault(words: "\(name) is no folder, or a part of it is none")
        default: Fault(words: "\(name): \(String(cString: strerror(code)))")
        }
    }

    // MARK: Reading

    private func read(_ path: String, from offset: Int64) throws(Fault) -> JSON {
        // A pipe would keep whoever opens it.
        let file = try self.opened(path, O_RDONLY | O_NONBLOCK)
        defer { close(file) }
        let size = try Self.size(of: file, path)
        var bytes = [UInt8](repeating: 0, count: Self.mostRead)
        let count = pread(file, &bytes, bytes.count, off_t(offset))
        guard count >= 0 else { throw Self.fault(path, errno) }
        var text = bytes.prefix(count)
        guard !text.contains(0) else { throw Fault(words: "\(PlainText.line(path, limit: 200)) is no text") }
        let isWhole = offset + Int64(count) >= size
        // A character that is cut is for the next time.
        if !isWhole { text = text.withoutCutEnd }
        let words = JSON.string(String(decoding: text, as: UTF8.self))
        guard !isWhole else { return words }
        return ["text": words, "bytes": .integer(size), "next_offset": .integer(offset + Int64(text.count))]
    }

    private static func size(of file: Int32, _ path: String) throws(Fault) -> Int64 {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.fault(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(words: "\(PlainText.line(path, limit: 200)) is no file with a text")
        }
        return Int64(status.st_size)
    }

    private struct Entry {
        let name: String
        let isFolder: Bool
    }

    private static func entries(of folder: Int32) -> [Entry] {
        // The stream owns its file.
        guard let copy = Optional(fcntl(folder, F_DUPFD_CLOEXEC, 0)), copy >= 0, let stream = fdopendir(copy) else {
            return []
        }
        defer { closedir(stream) }
        var found: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", !Self.hidden.contains(name) else { continue }
            found.append(Entry(name: name, isFolder: Int32(entry.pointee.d_type) == Int32(DT_DIR)))
        }
        return found.sorted { $0.name < $1.name }
    }

    private func list(_ path: String, depth: Int) throws(Fault) -> JSON {
        var names: [JSON] = []
        var isCut = false
        try self.walk(path, depth: depth) { name, isFolder in
            guard names.count < Self.mostListed else {
                isCut = true
                return false
            }
            names.append(.string(isFolder ? "\(name)/" : name))
            return true
        }
        return isCut ? ["files": .array(names), "more": true] : ["files": .array(names)]
    }

    /// Visits what lies below a folder, folders before what they hold, in the order of names; ends when the body says so.
    func walk(_ path: String, depth: Int, _ body: (String, Bool) -> Bool) throws(Fault) {
        let prefix = try self.parts(of: path).joined(separator: "/")
        let hidden = self.dataFolder?.joined(separator: "/")
        var left = [(prefix, depth)]
        while let (folder, depth) = left.popLast() {
            let file: Int32
            do throws(Fault) {
                file = try self.opened(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY)
            } catch {
                // One that is gone meanwhile, or may not be read; the first has to be there.
                guard folder != prefix else { throw error }
                continue
            }
            defer { close(file) }
            var folders: [(String, Int)] = []
            for entry in Self.entries(of: file) {
                let name = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
                if name == hidden { continue }
                guard body(name, entry.isFolder) else { return }
                if entry.isFolder, depth > 1 { folders.append((name, depth - 1)) }
            }
            left += folders.reversed()
        }
    }

    private func search(_ text: String, _ path: String) throws(Fault) -> JSON {
        guard !text.isEmpty else { throw Fault(words: "there is nothing to look for") }
        var names: [String] = []
        do throws(Fault) {
            try self.walk(path, depth: 64) { name, isFolder in
                if !isFolder { names.append(name) }
                return names.count < Self.mostLooked
            }
        } catch {
            names = [try self.parts(of: path).joined(separator: "/")]
            close(try self.opened(path, O_RDONLY | O_NONBLOCK))
        }
        var hits: [JSON] = []
        var bytes = 0
        let wanted = text.lowercased()
        for name in names where hits.count < Self.mostHits && bytes < Self.mostSearched {
            bytes += self.look(for: wanted, in: name, &hits)
        }
        return [
            "hits": .array(hits),
            "more": .bool(hits.count >= Self.mostHits || names.count >= Self.mostLooked || bytes >= Self.mostSearched),
        ]
    }

    // What is no text, too large or gone is passed over.
    private func look(for wanted: String, in name: String, _ hits: inout [JSON]) -> Int {
        guard let file = try? self.opened(name, O_RDONLY | O_NONBLOCK) else { return 0 }
        defer { close(file) }
        guard let size = try? Self.size(of: file, name), size <= Self.largestSearched else { return 0 }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0, !bytes.prefix(min(count, 4096)).contains(0) else { return 0 }
        let lines = bytes.prefix(count).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where hits.count < Self.mostHits {
            let words = String(decoding: line, as: UTF8.self)
            guard words.lowercased().contains(wanted) else { continue }
            hits.append([
                "path": .string(name), "line": .integer(Int64(number + 1)),
                "text": .string(PlainText.line(words, limit: 300)),
            ])
        }
        return count
    }

    // MARK: Writing

    // Beside it first: whoever reads meanwhile finds the old text or the new one.
    func put(_ bytes: [UInt8], to path: String) throws(Fault) -> JSON {
        let parts = try self.parts(of: path)
        guard let name = parts.last else { throw Fault(words: "a file has a name") }
        let folder = try self.madeFolder(Array(parts.dropLast()), path)
        defer { close(folder) }
        let fresh = ".\(name.prefix(100)).\(UInt64.random(in: 0 ... .max))"
        let file = baton_open_beneath(folder, fresh, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        guard file >= 0 else { throw Self.fault(path, errno) }
        var isWritten = false
        defer { if !isWritten { unlinkat(folder, fresh, 0) } }
        do {
            defer { close(file) }
            try Self.writeAll(bytes, to: file, path)
        }
        var status = stat()
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw Fault(words: "\(PlainText.line(path, limit: 200)) is no file that can be replaced")
        }
        // What could be run can be run still.
        if status.st_mode & S_IFMT == S_IFREG { fchmodat(folder, fresh, status.st_mode & 0o777, 0) }
        guard renameat(folder, fresh, folder, name) == 0 else { throw Self.fault(path, errno) }
        isWritten = true
        return .string("\(bytes.count) bytes are written to \(parts.joined(separator: "/")).")
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32, _ path: String) throws(Fault) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.fault(path, errno) }
            done += count
        }
    }

    private func madeFolder(_ parts: [String], _ path: String) throws(Fault) -> Int32 {
        var made = ""
        for part in parts {
            let parent = baton_open_beneath(self.root, made.isEmpty ? "." : made, O_RDONLY | O_DIRECTORY, 0)
            guard parent >= 0 else { throw Self.fault(path, errno) }
            mkdirat(parent, part, 0o755)
            close(parent)
            made = made.isEmpty ? part : "\(made)/\(part)"
        }
        let folder = baton_open_beneath(self.root, made.isEmpty ? "." : made, O_RDONLY | O_DIRECTORY, 0)
        guard folder >= 0 else { throw Self.fault(path, errno) }
        return folder
    }
}
