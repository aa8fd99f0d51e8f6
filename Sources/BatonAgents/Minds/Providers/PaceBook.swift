import BatonCore
import Foundation
import OrderedCollections
import Synchronization

/// Keeps over restarts which providers are left alone: a file of the data folder, `providers.json`.
///
/// It is a hint: what cannot be read is as if nothing were there, and what cannot be written is forgotten with the engine.
package final class PaceBook: Sendable {
    private let path: String
    private let entries: Mutex<[String: ProviderPace.Memory]>

    /// - Parameter dataFolder: the engine's own.
    package init(dataFolder: String) {
        self.path = "\(dataFolder)/providers.json"
        self.entries = Mutex(Self.read(self.path))
    }

    func memory(of provider: String) -> ProviderPace.Memory? { self.entries.withLock { $0[provider] } }

    func keep(_ memory: ProviderPace.Memory, of provider: String) {
        self.entries.withLock { entries in
            entries[provider] = memory.isEmpty ? nil : memory
            let members = entries.sorted { $0.key < $1.key }.map { name, memory -> (String, JSON) in
                (
                    name,
                    [
                        "rests_until": memory.restsUntil.map { .integer($0.microseconds) } ?? JSON.null,
                        "not_before": .integer(memory.notBefore.microseconds),
                    ]
                )
            }
            try? Data(JSON.members(members).description.utf8).write(
                to: URL(fileURLWithPath: self.path),
                options: .atomic
            )
        }
    }

    private static let largestFile = 65_536

    private static func read(_ path: String) -> [String: ProviderPace.Memory] {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= Self.largestFile,
            let value = try? JSON(parsing: Array(bytes)), case .object(let members) = value
        else { return [:] }
        var entries: [String: ProviderPace.Memory] = [:]
        for (name, memory) in members {
            entries[name] = ProviderPace.Memory(
                restsUntil: memory["rests_until"]?.integer.map { Timestamp(microseconds: $0) },
                notBefore: Timestamp(microseconds: memory["not_before"]?.integer ?? 0)
            )
        }
        return entries
    }
}
