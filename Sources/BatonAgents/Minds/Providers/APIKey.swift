import BatonCore
import Foundation

/// A secret that never prints: whoever describes it gets its name.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The variable it came from.
    package let name: String
    private let secret: String

    package init(name: String, secret: String) {
        self.name = name
        self.secret = secret
    }

    /// For the one header that carries it.
    var header: String { self.secret }

    package var description: String { "[redacted:\(self.name)]" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Shorter ones would be found in any text.
    private static let shortest = 8

    /// The text without the secret, should somebody have put it there.
    package func redacting(_ text: String) -> String {
        guard self.secret.utf8.count >= Self.shortest, text.contains(self.secret) else { return text }
        return text.replacingOccurrences(of: self.secret, with: self.description)
    }

    /// The value without the secret in any of its texts and names.
    func redacting(_ value: JSON) -> JSON {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(self.redacting(text))
        case .array(let elements): .array(elements.map { self.redacting($0) })
        case .object(let members): .members(members.map { (self.redacting($0.key), self.redacting($0.value)) })
        }
    }
}
