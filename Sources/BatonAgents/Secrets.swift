import BatonCore
import Foundation

/// The values of variables that others were given: where they repeat them, their names take their place.
struct Secrets: Sendable {
    private let keys: [APIKey]

    init(_ names: some Sequence<String>, of environment: [String: String]) {
        self.keys = names.compactMap { name in
            let value = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            return value.isEmpty ? nil : APIKey(name: name, secret: value)
        }
    }

    func redacting(_ text: String) -> String { self.keys.reduce(text) { $1.redacting($0) } }

    func redacting(_ value: JSON) -> JSON { self.keys.reduce(value) { $1.redacting($0) } }
}
