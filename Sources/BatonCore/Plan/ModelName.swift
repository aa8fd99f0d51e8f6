/// The name of a model as plans write it: `provider/model`.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
    package let provider: String
    /// As the provider calls it; of a script its file.
    package let model: String

    /// Reads a name; nil if it names no provider, or nothing behind it.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.provider = String(parts[0])
        self.model = String(parts[1])
    }

    package var description: String { "\(self.provider)/\(self.model)" }

    /// Whether this version can ask it.
    package var isPlayed: Bool { Self.played.contains(self.provider) }

    private static let played: Set<String> = ["scripted"]
}
