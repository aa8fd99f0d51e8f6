import BatonCore

/// A scale for the time of a run: where a moment stands, and which moments are named.
struct TimeAxis {
    let span: Duration
    /// In tenths of a unit of the drawing.
    private let tenths: Double
    let left: Int
    let width: Int

    /// - Parameter span: the whole time; nothing is wider than the axis, whatever a journal says.
    init(span: Duration, left: Int, width: Int) {
        self.span = span
        self.left = left
        self.width = width
        self.tenths = span > .zero ? Double(width) * 10 / span.inSeconds : 0
    }

    /// Where a moment after the start stands, in tenths of a unit from the left of the axis, kept within the axis.
    private func place(_ moment: Duration) -> Int {
        let place = moment.inSeconds * self.tenths
        guard place.isFinite, place > 0 else { return 0 }
        return place >= Double(self.width) * 10 ? self.width * 10 : Int(place)
    }

    /// The same as a coordinate.
    func x(_ moment: Duration) -> String { Self.text(self.left * 10 + self.place(moment)) }

    /// The width of what lasts from one moment to another: never too thin to be seen.
    func width(from: Duration, to: Duration) -> String { Self.text(max(20, self.place(to) - self.place(from))) }

    /// Where text behind a bar begins.
    func x(after moment: Duration) -> String { Self.text(self.left * 10 + self.place(moment) + 60) }

    private static func text(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

    // MARK: Ticks

    private static let units: [(name: String, seconds: Double, steps: [Int])] = [
        ("ms", 0.001, [1, 2, 5, 10, 20, 50, 100, 200, 500]), ("s", 1, [1, 2, 5, 10, 20, 30]),
        ("min", 60, [1, 2, 5, 10, 20, 30]), ("h", 3600, [1, 2, 4, 8, 12]),
        ("d", 86_400, [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
    ]

    /// At most nine moments with their names, evenly spread from 0.
    var ticks: [(at: Duration, name: String)] {
        let total = self.span.inSeconds
        guard total > 0 else { return [(.zero, "0")] }
        for unit in Self.units {
            for step in unit.steps where total / (Double(step) * unit.seconds) <= 8 {
                let count = Int(total / (Double(step) * unit.seconds))
                return (0...count).map { place in
                    let value = place * step
                    return (
                        .seconds(fraction: Double(value) * unit.seconds), value == 0 ? "0" : "\(value) \(unit.name)"
                    )
                }
            }
        }
        return [(.zero, "0"), (self.span, SpanText.of(self.span))]
    }
}
