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
    ///
    /// Of one that was cut, by us or by others, half is half too much: what begins like it or ends like it goes too.
    package func redacting(_ text: String) -> String {
        let secret = Array(self.secret.utf8)
        guard secret.count >= Self.shortest else { return text }
        let half = max(Self.shortest, secret.count / 2)
        let (start, end) = (secret.prefix(half), secret.suffix(half))
        let bytes = Array(text.utf8)
        var clean: [UInt8] = []
        // From here on nothing is told yet, and nothing of it was found.
        var rest = 0
        var next = 0
        while next + half <= bytes.count {
            if bytes[next] == secret[0], bytes[next...].starts(with: start) {
                let length = zip(bytes[next...], secret).prefix { $0 == $1 }.count
                clean += bytes[rest..<next] + Array(self.description.utf8)
                next += length
                rest = next
            } else if bytes[next] == end[end.startIndex], bytes[next...].starts(with: end) {
                let before = zip(bytes[rest..<next].reversed(), secret.dropLast(half).reversed()).prefix { $0 == $1 }
                    .count
                clean += bytes[rest..<next - before] + Array(self.description.utf8)
                next += half
                rest = next
            } else {
                next += 1
            }
        }
        guard rest > 0 else { return text }
        return String(decoding: clean + bytes[rest...], as: UTF8.self)
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
