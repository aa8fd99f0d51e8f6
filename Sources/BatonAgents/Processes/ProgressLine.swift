import BatonCore
import OrderedCollections

/// How far an agent says it is, on one line for people.
enum ProgressLine {
    private static let longest = 500

    /// Such as `30 %: reads the files`.
    static func words(percent: Double?, text: String) -> String {
        let text = PlainText.line(text, limit: Self.longest)
        guard let percent, percent.isFinite else { return text }
        let share = "\(Int(min(100, max(0, percent)).rounded())) %"
        return text.isEmpty ? share : "\(share): \(text)"
    }

    private static func number(_ value: JSON) -> Double? {
        switch value {
        case .integer(let whole): Double(whole)
        case .number(let number): number
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The words for a line such as `{"percent": 30, "text": "reads the files"}`; nil for any other.
    static func words(of line: [UInt8]) -> String? {
        guard line.first == UInt8(ascii: "{"), let value = try? JSON(parsing: line), case .object(let members) = value,
            members.count == (value["percent"] == nil ? 0 : 1) + (value["text"] == nil ? 0 : 1)
        else { return nil }
        let (percent, text) = (value["percent"].flatMap(Self.number), value["text"]?.string)
        guard (percent == nil) == (value["percent"] == nil), (text == nil) == (value["text"] == nil),
            percent != nil || text != nil
        else { return nil }
        return Self.words(percent: percent, text: text ?? "")
    }
}
