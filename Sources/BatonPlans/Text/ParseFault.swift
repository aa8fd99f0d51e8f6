import BatonCore

/// Why a text is no tree of values: one finding, since nothing behind it can be trusted.
struct ParseFault: Error {
    /// Without the prefix `parse.`.
    let kind: String
    let message: String
    let remedy: String
    let place: SourcePlace

    init(_ kind: String, _ message: String, remedy: String, at place: SourcePlace) {
        self.kind = kind
        self.message = message
        self.remedy = remedy
        self.place = place
    }

    /// A fault of our JSON reader: its sentence ends with the remedy, behind the last semicolon.
    init(_ fault: JSON.Fault) {
        self.kind = fault.kind.rawValue
        self.place = fault.place
        let parts = fault.message.split(separator: "; ")
        self.message = parts.count < 2 ? fault.message : parts.dropLast().joined(separator: "; ")
        self.remedy = parts.count < 2 ? "correct the JSON here" : parts.last.map(String.init) ?? ""
    }

    /// The same fault, but no further on than `end`.
    func notBehind(_ end: SourcePlace) -> ParseFault {
        ParseFault(self.kind, self.message, remedy: self.remedy, at: min(self.place, end))
    }

    var diagnostic: Diagnostic {
        Diagnostic("parse.\(self.kind)", self.message, remedy: self.remedy, at: .root, place: self.place)
    }
}
