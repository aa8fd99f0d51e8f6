import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The end of a file that is still being written.
enum LastLine {
    private static let window = 2048

    /// The last line that holds more than spaces, of the last two kilobytes; nil if there is none.
    static func of(file path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: Self.window)
        let count = pread(descriptor, &buffer, buffer.count, max(0, status.st_size - off_t(Self.window)))
        guard count > 0 else { return nil }
        let lines = buffer[..<count].split(separator: 0x0A)
        let line = lines.last { line in line.contains { $0 > 0x20 } }
        return line.map { String(decoding: $0, as: UTF8.self) }
    }
}
