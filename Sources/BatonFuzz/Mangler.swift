import BatonCore

/// Spoils bytes in ways that parsers do not like.
struct Mangler {
    private var random: SplitMix64

    init(seed: UInt64) { self.random = SplitMix64(seed: seed) }

    private static let tokens = [
        "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud800", ":", ",", "null", "-", "1e999", "9223372036854775808",
        "data:", "event:",
        "\n", "\r", "\r\n", "\n\n", "[DONE]", "\u{FEFF}", "\u{0}", "\"type\"", "\"index\":-1", "\"index\":1e9",
        "\"error\":{}",
        "\"choices\":[]", "\"usage\":{\"prompt_tokens\":-5}", "\"finish_reason\":\"stop\"",
    ].map { Array($0.utf8) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[self.random.below(elements.count)] }

    mutating func below(_ bound: Int) -> Int { self.random.below(bound) }

    /// The bytes, changed in a few places.
    mutating func mangled(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...self.random.below(6) {
            let place = self.random.below(bytes.count + 1)
            let end = min(bytes.count, place + self.random.below(30))
            switch self.random.below(6) {
            case 0 where place < bytes.count: bytes[place] = UInt8(self.random.below(256))
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3: bytes.removeSubrange(place...)
            case 4: bytes.insert(UInt8(self.random.below(256)), at: place)
            default: bytes.insert(contentsOf: self.pick(Self.tokens), at: place)
            }
        }
        return bytes
    }

    /// The bytes in pieces, cut anywhere.
    mutating func cut(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + self.random.below(40))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }
}
