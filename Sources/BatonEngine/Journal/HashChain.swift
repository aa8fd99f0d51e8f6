package import BatonCore

import struct Crypto.SHA256

/// SHA-256 of texts, and the chain that ties the chunks of a run together.
package enum HashChain {
    package static func digest(of bytes: [UInt8]) -> Digest { Self.digest(SHA256.hash(data: bytes)) }

    /// The hash of a chunk covers the one before, the run, the place and the lines.
    package static func link(previous: Digest, run: RunID, first: Position, count: Int, lines: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(data: previous.bytes)
        hash.update(data: Array("\(run.text)\n\(first.value)\n\(count)\n".utf8))
        hash.update(data: lines)
        return Self.digest(hash.finalize())
    }

    /// What the first chunk of a fork names as the one before: the other run's chunk, and the place in it.
    package static func fork(from origin: ForkOrigin, chunk: Digest) -> Digest {
        Self.digest(of: chunk.bytes + Array("fork\n\(origin.run.text)\n\(origin.position.value)\n".utf8))
    }

    private static func digest(_ value: SHA256.Digest) -> Digest {
        value.withUnsafeBytes { bytes in
            Digest(
                a: Self.word(bytes, 0),
                b: Self.word(bytes, 8),
                c: Self.word(bytes, 16),
                d: Self.word(bytes, 24)
            )
        }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

/// Large values go to the journal once, by hash.
package enum ContentStore {
    package static func content(of value: JSON) -> (Content, StoredContent?) {
        switch value {
        case .null, .bool, .integer, .number: return (.inline(value), nil)
        case .string(let text) where text.utf8.count < Content.inlineLimit / 2: return (.inline(value), nil)
        case .string, .array, .object: break
        }
        let bytes = value.bytes
        guard bytes.count > Content.inlineLimit else { return (.inline(value), nil) }
        let digest = HashChain.digest(of: bytes)
        return (.stored(digest, bytes: bytes.count), StoredContent(digest: digest, bytes: bytes))
    }
}
