package import BatonCore

/// An error that one can act on: what is wrong and the next step.
public struct BatonError: Error, Sendable, CustomStringConvertible {
    /// What kind of error; open, so that a new one breaks nobody.
    public struct Code: Hashable, Sendable {
        /// The stable text, such as `journal.unavailable`.
        public let text: String

        package init(_ text: String) { self.text = text }

        /// The disk does not take events: full, read-only or failing.
        public static let journalUnavailable = Code("journal.unavailable")
        /// What the disk holds is not what was written.
        public static let journalCorrupt = Code("journal.corrupt")
        /// A newer Baton wrote the journal.
        public static let journalNewer = Code("journal.newer")
        /// Another process holds the data folder.
        public static let busy = Code("engine.busy")
        /// The engine is not running, or shuts down.
        public static let stopped = Code("engine.stopped")
        /// More commands wait than the engine takes.
        public static let overloaded = Code("engine.overloaded")
        /// There is no such run.
        public static let unknownRun = Code("run.unknown")
        /// A run of that name exists already.
        public static let runExists = Code("run.exists")
        /// The plan has errors.
        public static let plan = Code("plan.invalid")
        /// The engine carries one run of its owner's and takes no others.
        public static let ownedByOne = Code("engine.one_run")
        /// The run is in the journal, and this engine has not taken it over.
        public static let notCarried = Code("run.not_carried")
        /// A key of a request was used for another one before.
        public static let keyConflict = Code("request.conflict")
        /// The run does not take the command.
        public static let refused = Code("run.refused")
    }

    /// What kind of error.
    public let code: Code
    /// What happened, where.
    public let message: String
    /// The next step.
    public let remedy: String
    /// What caused it.
    public let cause: (any Error)?

    /// Describes an error.
    public init(_ code: Code, _ message: String, remedy: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }

    package init(_ refusal: Refusal) {
        self.init(Code(refusal.code), refusal.message, remedy: refusal.remedy, cause: refusal)
    }

    /// `error[code]: message; remedy`.
    public var description: String {
        "error[\(self.code.text)]: \(PlainText.of(self.message)); \(PlainText.of(self.remedy))"
    }
}
