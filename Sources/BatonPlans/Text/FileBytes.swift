import BatonCore
import Foundation

/// Reads a whole file, but only a regular one and only up to a limit.
enum FileBytes {
    /// The largest plan file, in bytes.
    static let most = 64 << 20

    enum Reading {
        case bytes([UInt8])
        case refused(Diagnostic)
    }

    static func read(path: String) -> Reading {
        if path.isEmpty || path.utf8.contains(0) { return .refused(Self.missing(path)) }
        // Opening some devices acts on them, so look first; the look after opening is the one that counts.
        if let refusal = Self.refusal(path) { return .refused(refusal) }
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return .refused(Self.refusal(of: errno, path)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .refused(Self.refusal(of: errno, path)) }
        if let refusal = Self.refusal(of: status, path) { return .refused(refusal) }
        return Self.contents(of: file, path, expecting: Int(status.st_size))
    }

    /// Standard input, whatever it is, with the same limit.
    static func readStandardInput() -> Reading { Self.contents(of: STDIN_FILENO, "standard input", expecting: 0) }

    private static func refusal(_ path: String) -> Diagnostic? {
        var status = stat()
        guard stat(path, &status) == 0 else { return Self.refusal(of: errno, path) }
        return Self.refusal(of: status, path)
    }

    private static func refusal(of status: stat, _ path: String) -> Diagnostic? {
        let kind: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return status.st_size > Self.most ? Self.tooLarge(path) : nil
        case S_IFDIR: kind = "a directory"
        case S_IFIFO: kind = "a FIFO"
        case S_IFSOCK: kind = "a socket"
        default: kind = "a device"
        }
        return Self.notRegular("\(path) is \(kind), not a regular file")
    }

    private static func refusal(of code: Int32, _ path: String) -> Diagnostic {
        switch code {
        case ENOENT, ENOTDIR, ENAMETOOLONG: Self.missing(path)
        case ELOOP: Self.notRegular("\(path) is a loop of symbolic links")
        case ENXIO: Self.notRegular("\(path) is a socket or device, not a regular file")
        default:
            Self.refused(
                "parse.unreadable",
                "\(path) cannot be read: \(String(cString: strerror(code)))",
                "let the user who runs baton read it"
            )
        }
    }

    private static func contents(of file: Int32, _ path: String, expecting size: Int) -> Reading {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .refused(Self.refusal(of: errno, path)) }
            guard count > 0 else { return .bytes(bytes) }
            bytes += chunk[..<count]
            // The file may have grown since its size was read.
            guard bytes.count <= Self.most else { return .refused(Self.tooLarge(path)) }
        }
    }

    private static func missing(_ path: String) -> Diagnostic {
        Self.refused("parse.file_missing", "there is no file \(path)", "check the path, or name another file")
    }

    private static func notRegular(_ message: String) -> Diagnostic {
        Self.refused("parse.not_a_regular_file", message, "name the file itself")
    }

    private static func tooLarge(_ path: String) -> Diagnostic {
        Self.refused("parse.size", "\(path) is larger than \(Self.most >> 20) MiB", "split it into several plans")
    }

    private static func refused(_ code: String, _ message: String, _ remedy: String) -> Diagnostic {
        Diagnostic(code, message, remedy: remedy, at: .root, place: SourcePlace(line: 1, column: 1))
    }
}
