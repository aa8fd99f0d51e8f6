import BatonEngine

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
        for byte in chunk {
            if byte == 0x0A {
                self.flush(live)
            } else if self.line.count < Self.longestLine {
                self.line.append(byte)
            }
        }
    }

    mutating func flush(_ live: LiveSink) {
        guard !self.line.isEmpty else { return }
        live.line(String(decoding: self.line, as: UTF8.self))
        self.line.removeAll(keepingCapacity: true)
    }

    var text: String { String(decoding: self.bytes.suffix(Self.kept), as: UTF8.self) }
}
