/// A small repeatable stream of numbers; one per subject, so that one more draw here shifts nothing there.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    /// A stream for one subject, such as one attempt of one task.
    package init(seed: UInt64, subject: some Sequence<UInt64>) {
        var mixed = seed
        for part in subject { mixed = Self.mix(mixed &+ 0x9E37_79B9_7F4A_7C15 &+ Self.mix(part)) }
        self.state = mixed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(self.state)
    }

    /// A number from 0 up to but not including `bound`, which is at least 1.
    package mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(max(1, bound))) }

    /// True in `share` of 100 draws.
    package mutating func chance(_ share: Int) -> Bool { self.below(100) < share }

    /// A repeatable number for a text, the same on every machine.
    package static func number(of text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Self.mix(hash)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
