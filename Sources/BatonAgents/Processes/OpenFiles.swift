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

    /// So many commands may be in hand at once.
    package static var commands: Int { LaunchGate.shared.most }

    /// So many clients may be connected: the rest is for commands and the journal.
    package static var clients: Int { Self.clients(of: Int(clamping: baton_open_file_limit())) }

    /// A quarter of so many.
    static func clients(of limit: Int) -> Int { max(8, limit / 4) }
}
