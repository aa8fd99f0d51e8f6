package import BatonEngine
import CBatonSystem
import NIOCore
import NIOPosix

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

    /// Lets the sockets of this process share few threads, each of which needs three files.
    ///
    /// To be said before the first socket is opened. A machine of 64 cores would else take 192 for what one thread does well.
    package static func shareThreads() { NIOSingletons.groupLoopCountSuggestion = 2 }

    /// An engine with fewer has none left for a command or a client, and parts of it end the process where they get none.
    private static let least = 64

    /// So many files whoever started this process has left open for it: they take places that nothing here can use.
    private static let inherited = Int(baton_inherited_files())

    /// So many may be open besides those that were handed down.
    static var own: Int { Int(clamping: baton_open_file_limit()) - Self.inherited }

    /// Raises the limit, and refuses to carry runs with one that is too low.
    ///
    /// - Throws: ``BatonError`` with `engine.descriptors`.
    package static func requireEnough() throws {
        let limit = Self.raise()
        guard limit >= 0, Self.own < Self.least else { return }
        let taken = Self.inherited > 0 ? ", \(Self.inherited) of which were open before it began" : ""
        throw BatonError(
            .engineDescriptors,
            "this process may open \(limit) files\(taken); an engine needs \(Self.least) of its own",
            remedy: "raise the limit: `ulimit -n 1024`"
        )
    }

    /// So many commands may be in hand at once.
    package static var commands: Int { LaunchLimit.shared.most }

    /// So many clients may be connected: the rest is for commands and the journal.
    package static var clients: Int { Self.clients(of: Self.own) }

    /// A quarter of so many.
    static func clients(of limit: Int) -> Int { max(8, limit / 4) }
}

extension BatonError.Code {
    /// Too few files may be open for an engine.
    package static let engineDescriptors = BatonError.Code("engine.descriptors")
}
