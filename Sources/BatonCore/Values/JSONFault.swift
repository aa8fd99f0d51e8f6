extension JSON {
    /// Why a text is not the JSON that was asked for, and where.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The kinds of fault; stable, part of the error code `parse.…`.
        public enum Kind: String, Hashable, Sendable {
            /// The text breaks JSON's grammar.
            case syntax
            /// There is no value at all.
            case empty
            /// A comma stands before the closing bracket.
            case trailingComma = "trailing_comma"
            /// Two members of an object have one name.
            case duplicateKey = "duplicate_key"
            /// Values are nested too deeply.
            case depth
            /// A number is too long or too large.
            case number
            /// A text holds an unpaired surrogate or a bad escape.
            case escape
            /// A raw control character stands in a text.
            case controlCharacter = "control_char"
            /// The bytes are not UTF-8.
            case encoding
            /// There is more after the value.
            case trailingText = "trailing_text"
            /// There are too many values.
            case size
            /// A comment: JSON has none.
            case comment
        }

        /// The kind of fault.
        public let kind: Kind
        /// What is wrong and what to do, in one sentence.
        public let message: String
        /// Where.
        package let place: SourcePlace

        package init(_ kind: Kind, _ message: String, at place: SourcePlace) {
            self.kind = kind
            self.message = message
            self.place = place
        }

        /// `line:column: message`.
        public var description: String { "\(self.place.line):\(self.place.column): \(self.message)" }
    }
}
