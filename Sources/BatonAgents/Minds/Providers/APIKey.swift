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
        guard self.secret.utf8.count >= Self.shortest else { return text }
        var text = text
        if text.contains(self.secret) { text = text.replacingOccurrences(of: self.secret, with: self.description) }
        // Of one that was cut, by us or by others, half is half too much.
        let half = max(Self.shortest, self.secret.count / 2)
        if let start = text.range(of: self.secret.prefix(half)) {
            let rest = zip(text[start.lowerBound...], self.secret).prefix { $0 == $1 }.count
            text.replaceSubrange(
                start.lowerBound..<text.index(start.lowerBound, offsetBy: rest),
                with: self.description
            )
            return self.redacting(text)
        }
        if let end = text.range(of: self.secret.suffix(half)) {
            let rest = zip(text[..<end.upperBound].reversed(), self.secret.reversed()).prefix { $0 == $1 }.count
            text.replaceSubrange(text.index(end.upperBound, offsetBy: -rest)..<end.upperBound, with: self.description)
            return self.redacting(text)
        }
        return text
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
