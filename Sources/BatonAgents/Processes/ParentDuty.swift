import CBatonSystem

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a process has to arrange for once before it starts others.
enum ParentDuty {
    private static let once: Void = {
        // What outlives its own parents becomes our child, so that it can be found and buried.
        _ = baton_adopt_orphans()
        // A command that does not read its input must not end us. A handler that does nothing, rather than ignoring
        // the signal: commands would inherit that.
        let earlier = signal(SIGPIPE) { _ in }
        if let earlier, unsafeBitCast(earlier, to: Int.self) != 0 { signal(SIGPIPE, earlier) }
    }()

    static func take() { Self.once }
}
