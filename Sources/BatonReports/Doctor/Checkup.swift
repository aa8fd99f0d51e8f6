package import BatonCore

/// One line of `baton doctor`: what was looked at, how it is, and what to do about it.
package struct Checkup: Hashable, Sendable {
    package enum Level: String, Hashable, Sendable {
        case ok
        /// It works, and somebody should know.
        case warning
        /// It does not work.
        case error
    }

    /// What an error says of the place where it was found; it decides the exit code.
    package enum Fault: Hashable, Sendable {
        /// Stored data is not what was written.
        case data
        /// The disk or the folder does not do its part.
        case disk
        /// An agent of a plan cannot do its work here.
        case agent
    }

    package let level: Level
    /// What was looked at, in few words, such as `disk`.
    package let subject: String
    package let text: String
    /// The next step; empty where there is none to take.
    package let remedy: String
    /// Nil unless it is an error.
    package let fault: Fault?

    private init(_ level: Level, _ subject: String, _ text: String, _ remedy: String, _ fault: Fault? = nil) {
        self.level = level
        self.subject = subject
        self.text = text
        self.remedy = remedy
        self.fault = fault
    }

    package static func ok(_ subject: String, _ text: String) -> Checkup { Checkup(.ok, subject, text, "") }

    package static func warning(_ subject: String, _ text: String, remedy: String) -> Checkup {
        Checkup(.warning, subject, text, remedy)
    }

    package static func error(_ subject: String, _ text: String, remedy: String, _ fault: Fault) -> Checkup {
        Checkup(.error, subject, text, remedy, fault)
    }

    /// `warning  lock      what; what to do`.
    package var line: StyledText {
        let style: StyledText.Style =
            switch self.level {
            case .ok: .good
            case .warning: .waiting
            case .error: .bad
            }
        return StyledText(TextWidth.column(self.level.rawValue, 9), style)
            + StyledText(TextWidth.column(self.subject, 10) + " ")
            + StyledText(self.text + (self.remedy.isEmpty ? "" : "; \(self.remedy)"))
    }

    /// The line as `baton doctor --json` prints it.
    package var json: JSON {
        [
            "check": .string(self.subject), "level": .string(self.level.rawValue),
            "text": .string(PlainText.of(self.text)), "remedy": .string(PlainText.of(self.remedy)),
        ]
    }
}
