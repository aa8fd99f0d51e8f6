import BatonCore

/// What an attempt, an agent or a run has used, in words.
enum UsageText {
    /// `1200 tokens, $0.02`; nil if no model was used.
    static func models(_ usage: Usage) -> String? {
        usage.tokens == 0 && usage.money == .zero ? nil : "\(usage.tokens) tokens, \(usage.money)"
    }

    /// `1.4 s of processor time, a peak of 230 MiB of memory in one process`; nil if nobody counted.
    static func machine(_ usage: Usage) -> String? {
        let parts = [
            usage.cpu.map { "\(SpanText.of($0)) of processor time" },
            usage.peakMemory.map { "a peak of \(Self.size($0)) of memory in one process" },
            usage.peakMemoryBound.map { "no more than \(Self.size($0)) of memory in one process" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func size(_ bytes: Int64) -> String { MachineChecks.size(UInt64(max(0, bytes))) }
}
