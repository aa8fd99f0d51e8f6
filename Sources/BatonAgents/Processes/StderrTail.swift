import BatonEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard error as it comes: lines go to the live sink, the last 64 KiB are kept for a failure.
struct StderrTail {
    static let kept = 64 << 10
    /// A longer line is cut for the live view.
    private static let longestLine = 4096

    private var bytes: [UInt8] = []
    private var line: [UInt8] = []

    mutating func take(_ chunk: [UInt8], live: LiveSink) {
        self.bytes += chunk
        if self.bytes.count > 2 * Self.kept { self.bytes.removeFirst(self.bytes.count - Self.kept) }
        chunk.withUnsafeBytes { chunk in
            var start = 0
            while let base = chunk.baseAddress, start < chunk.count {
                // memchr: a megabyte without a newline is looked at once, and fast also in a debug build.
                // Progress that is drawn over itself ends its lines with a carriage return.
                let ends = [Int32(0x0A), 0x0D].compactMap { memchr(base + start, $0, chunk.count - start) }
                let newline = ends.map { base.distance(to: UnsafeRawPointer($0)) }.min()
                let end = newline ?? chunk.count
                self.line += chunk[start..<min(end, start + Self.longestLine - self.line.count)]
                if newline != nil { self.flush(live) }
                start = end + 1
            }
        }
    }

    mutating func flush(_ live: LiveSink) {
        guard !self.line.isEmpty else { return }
        live.line(ProgressLine.words(of: self.line) ?? String(decoding: self.line, as: UTF8.self))
        self.line.removeAll(keepingCapacity: true)
    }

    /// What is kept, 64 KiB at most also where bytes that are no text were replaced.
    var text: String {
        let whole = String(decoding: Self.fromCharacter(self.bytes.suffix(Self.kept)), as: UTF8.self)
        guard whole.utf8.count > Self.kept else { return whole }
        return String(decoding: Self.fromCharacter(Array(whole.utf8.suffix(Self.kept))[...]), as: UTF8.self)
    }

    // Cut bytes may begin within a character.
    private static func fromCharacter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let first = bytes.prefix(3).firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.startIndex
        return bytes[first...]
    }
}
