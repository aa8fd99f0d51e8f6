package import BatonCore

/// How a task stands, as far as a drawing tells it: states that look the same are one.
package enum GraphState: String, Hashable, Sendable, CaseIterable {
    case waiting
    case ready
    case running
    case resting
    case blocked
    case completed
    case failed
    case skipped
    case cancelled

    package init(_ state: TaskState) {
        switch state {
        case .waiting, .scheduled: self = .waiting
        case .ready: self = .ready
        case .running, .stopping: self = .running
        case .resting: self = .resting
        case .blocked: self = .blocked
        case .ended(.completed): self = .completed
        case .ended(.failed): self = .failed
        case .ended(.skipped): self = .skipped
        case .ended(.cancelled): self = .cancelled
        }
    }

    /// One character, for where there is no colour.
    package var mark: String {
        switch self {
        case .waiting: "·"
        case .ready: "○"
        case .running: "▶"
        case .resting: "↻"
        case .blocked: "?"
        case .completed: "✓"
        case .failed: "✗"
        case .skipped: "-"
        case .cancelled: "×"
        }
    }

    package var style: StyledText.Style {
        switch self {
        case .waiting, .ready: .plain
        case .running: .active
        case .resting, .blocked: .waiting
        case .completed: .good
        case .failed: .bad
        case .skipped, .cancelled: .faint
        }
    }

    /// The colours of a node; those of its text are dark, for pages may be light or dark.
    package var colours: (fill: String, line: String) {
        switch self {
        case .waiting: ("#f6f8fa", "#8c959f")
        case .ready: ("#ddf4ff", "#54aeff")
        case .running: ("#80ccff", "#0969da")
        case .resting: ("#fff8c5", "#d4a72c")
        case .blocked: ("#ffd8b5", "#bc4c00")
        case .completed: ("#aceebb", "#1a7f37")
        case .failed: ("#ffcecb", "#cf222e")
        case .skipped: ("#eaeef2", "#8c959f")
        case .cancelled: ("#d0d7de", "#57606a")
        }
    }

    /// The colour of text in a node.
    package static let ink = "#1f2328"
    /// The colour of the critical path.
    package static let critical = "#8250df"
}
