/// A number with its noun: `1 task`, `2 tasks`.
package enum CountText {
    package static func of(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
