/// What a name from outside may look like: `[A-Za-z0-9._-]{1,128}`, no leading `.` or `-`, no `..`, nothing that git keeps.
///
/// A name that passes is safe as a file name, a command-line argument, a branch and a key.
package enum NameRule {
    package static let form =
        "1 to 128 of A-Z a-z 0-9 . _ -, not beginning with . or -, not ending with . or .lock, without .., not HEAD"
    /// The same rule for readers of the published schema.
    package static let pattern =
        #"^(?![.-])(?!.*\.\.)(?!.*\.$)(?!.*\.[Ll][Oo][Cc][Kk]$)(?![Hh][Ee][Aa][Dd]$)[A-Za-z0-9._-]{1,128}$"#

    /// Why the name is refused, or nil.
    package static func fault(of name: String) -> String? {
        if Self.isPlain(name) { return nil }
        guard !name.isEmpty else { return "it is empty" }
        guard name.utf8.count <= 128 else { return "it has \(name.utf8.count) bytes" }
        for scalar in name.unicodeScalars where !Self.isAllowed(scalar) {
            return "it has the character \(Self.shown(scalar))"
        }
        if name.hasPrefix(".") || name.hasPrefix("-") { return "it begins with \(name.prefix(1))" }
        if name.contains("..") { return "it has .." }
        if name.hasSuffix(".") { return "it ends with ." }
        let folded = name.lowercased()
        if folded.hasSuffix(".lock") { return "it ends with .lock, which git keeps for itself" }
        return folded == "head" ? "git keeps HEAD for itself" : nil
    }

    // Most names have neither a dot nor anything that must be shown: a plan of 100,000 tasks asks for each of them.
    private static func isPlain(_ name: String) -> Bool {
        guard 5...128 ~= name.utf8.count, name.utf8.first != UInt8(ascii: "-") else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "!"..."~": "'\(scalar)'"
        case " ": "space"
        default: "U+\(String(scalar.value, radix: 16, uppercase: true).leftPadded(to: 4))"
        }
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - self.count)) + self
    }
}
