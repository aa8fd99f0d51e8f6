/// Finds the first byte that is not UTF-8: overlong forms, surrogates, cut sequences and stray bytes count.
package enum UTF8Check {
    package static func firstFault(in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                if byte < 0x80 {
                    index += 1
                    continue
                }
                guard let (length, second) = Self.shape(of: byte), index + length <= buffer.count,
                    second.contains(buffer[index + 1]),
                    (2..<max(2, length)).allSatisfy({ buffer[index + $0] & 0xC0 == 0x80 })
                else { return index }
                index += length
            }
            return nil
        }
    }

    // Length of the sequence that a byte begins, and what may follow it: this excludes overlong forms and surrogates.
    private static func shape(of byte: UInt8) -> (Int, ClosedRange<UInt8>)? {
        switch byte {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: nil
        }
    }
}
