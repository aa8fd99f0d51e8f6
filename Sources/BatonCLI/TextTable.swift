import BatonReports

/// Rows whose columns stand below one another.
enum TextTable {
    static func print(_ rows: [[String]]) {
        guard let head = rows.first else { return }
        let widths = head.indices.map { column in rows.map { TextWidth.of($0[column]) }.max() ?? 0 }
        for row in rows { Console.print(zip(row, widths).map { TextWidth.column($0, $1) }.joined(separator: "  ")) }
    }
}
