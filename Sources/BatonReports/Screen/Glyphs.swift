/// The signs of a screen; another set for terminals that show only ASCII.
package struct Glyphs: Sendable {
    let spinner: [String]
    let completed: String
    let failed: String
    let left: String
    let waiting: String
    let resting: String
    let question: String
    let bar: (full: String, empty: String)

    package static let unicode = Glyphs(
        spinner: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
        completed: "✓",
        failed: "✗",
        left: "–",
        waiting: "·",
        resting: "↻",
        question: "?",
        bar: ("━", "─")
    )

    package static let ascii = Glyphs(
        spinner: ["|", "/", "-", "\\"],
        completed: "+",
        failed: "x",
        left: "-",
        waiting: ".",
        resting: "~",
        question: "?",
        bar: ("#", ".")
    )
}
