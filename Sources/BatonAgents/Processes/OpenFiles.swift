package import BatonEngine
import CBatonSystem

/// How many files this process may have open, sockets and pipes among them.
package enum OpenFiles {
    // Whoever has many more rights gets no table of a million descriptors, which some programs close one by one.
    private static let most: Int64 = 65_536

    /// Raises the limit to what this user may have.
    ///
    /// Each command and each client needs some. Commands inherit the limit.
    ///
    /// - Returns: what it is then.
    @discardableResult
    package static func raise() -> Int { Int(clamping: baton_raise_open_file_limit(Self.most)) }

    /// Keeps the places of standard input, output and error where they are closed.
    ///
    /// Else the next file that is opened takes one of them, and what is printed goes into it.
    package static func fillStandard() { baton_fill_standard_files() }

    /// An engine with fewer has none left for a command or a client, and parts of it end the process where they get none.
    private static let least = 64

    /// Raises the limit, and refuses to carry runs with one that is too low.
    ///
    /// - Throws: ``BatonError`` with `engine.descriptors`.
    package static func requireEnough() throws {
        let limit = Self.raise()
        guard 0..<Self.least ~= limit else { return }
        throw BatonError(
            .engineDescriptors,
            "this process may open \(limit) files; an engine needs \(Self.least)",
            remedy: "raise the limit: `ulimit -n 1024`"
        )
    }

    /// So many commands may be in hand at once.
    package static var commands: Int { LaunchGate.shared.most }

    /// So many clients may be connected: the rest is for commands and the journal.
    package static var clients: Int { Self.clients(of: Int(clamping: baton_open_file_limit())) }

    /// A quarter of so many.
    static func clients(of limit: Int) -> Int { max(8, limit / 4) }
}

extension BatonError.Code {
    /// Too few files may be open for an engine.
    package static let engineDescriptors = BatonError.Code("engine.descriptors")
}
