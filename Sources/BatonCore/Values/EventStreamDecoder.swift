/// Reads server-sent events of bytes that may be cut anywhere.
///
/// Lines end with LF, CR or CRLF; a message ends with an empty line; comments and unknown fields are passed over.
package struct EventStreamDecoder: Sendable {
    /// One event.
    package struct Message: Hashable, Sendable {
        /// The last `id` that came, with this message or before.
        package var id = ""
        package var event = "message"
        /// The lines of `data`, joined by LF.
        package var data: [UInt8] = []
    }

    package struct TooLong: Error {}

    private let longest: Int
    private var line: [UInt8] = []
    private var message = Message()
    private var hasData = false
    private var endedWithCR = false
    private var isFirst = true

    /// - Parameter longest: bytes of a line, and of the data of one message.
    package init(longest: Int = 256 << 20) { self.longest = longest }

    /// Takes the next bytes and gives the messages that are whole with them.
    package mutating func take(_ bytes: some Collection<UInt8>) throws(TooLong) -> [Message] {
        // The loop itself is not generic: it would ask for each byte by a table.
        let read = bytes.withContiguousStorageIfAvailable { bytes -> Result<[Message], TooLong> in
            self.read(UnsafeRawBufferPointer(bytes))
        }
        return try (read ?? Array(bytes).withUnsafeBytes { self.read($0) }).get()
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) -> Result<[Message], TooLong> {
        var messages: [Message] = []
        for byte in bytes {
            defer { self.endedWithCR = byte == 0x0D }
            switch byte {
            case 0x0A where self.endedWithCR: continue
            case 0x0A, 0x0D: if let message = self.endLine() { messages.append(message) }
            default:
                guard self.line.count < self.longest else { return .failure(TooLong()) }
                self.line.append(byte)
            }
            guard self.message.data.count <= self.longest else { return .failure(TooLong()) }
        }
        return .success(messages)
    }

    private mutating func endLine() -> Message? {
        var line = self.line[...]
        if self.isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        self.isFirst = false
        defer { self.line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else { return self.dispatch() }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "id": if !value.contains(0) { self.message.id = String(decoding: value, as: UTF8.self) }
        case "event": self.message.event = String(decoding: value, as: UTF8.self)
        case "data":
            if self.hasData { self.message.data.append(0x0A) }
            self.message.data += value
            self.hasData = true
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Message? {
        defer {
            self.message.event = "message"
            self.message.data = []
            self.hasData = false
        }
        return self.hasData ? self.message : nil
    }
}
