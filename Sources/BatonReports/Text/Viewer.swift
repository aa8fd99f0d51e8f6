package import BatonCore

/// Who looks: how wide the paper is, what time it is there, and how commands are typed.
package struct Viewer: Sendable {
    /// Columns.
    package let width: Int
    /// Now, for what is still going on.
    package let now: Timestamp
    /// The time of day of a moment, where the viewer is.
    package let timeOfDay: @Sendable (Timestamp) -> String
    /// A command line from the words behind `baton`, with what else it needs here.
    package let command: @Sendable ([String]) -> String

    package init(
        width: Int,
        now: Timestamp,
        timeOfDay: @escaping @Sendable (Timestamp) -> String,
        command: @escaping @Sendable ([String]) -> String
    ) {
        self.width = width
        self.now = now
        self.timeOfDay = timeOfDay
        self.command = command
    }
}
