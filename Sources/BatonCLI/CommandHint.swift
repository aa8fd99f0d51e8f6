import Foundation

/// Command lines that can be typed as they are printed.
enum CommandHint {
    /// `baton` with these words, quoted for a shell where needed, and the data folder unless it is the usual one.
    static func line(_ words: [String], dataFolder: String) -> String {
        let usual = URL(fileURLWithPath: ".baton").standardizedFileURL.path
        let rest = dataFolder == usual ? [] : ["--data-dir", dataFolder]
        return (["baton"] + words + rest).map(Self.quoted).joined(separator: " ")
    }

    /// The word as a shell takes it for one.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "+"): true
                default: false
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
