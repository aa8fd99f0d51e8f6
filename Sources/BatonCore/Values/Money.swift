/// An amount of money in millionths of a US dollar, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Millionths of a US dollar.
    public let microUSD: Int64

    /// Wraps millionths of a US dollar.
    public init(microUSD: Int64) { self.microUSD = microUSD }

    /// Nothing.
    public static let zero = Money(microUSD: 0)

    /// Orders by amount.
    public static func < (left: Money, right: Money) -> Bool { left.microUSD < right.microUSD }

    /// The sum, staying at the largest amount instead of trapping.
    public static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.microUSD.addingReportingOverflow(right.microUSD)
        return Money(microUSD: overflow ? .max : sum)
    }

    /// As a number of US dollars, for readers outside.
    package var inUSD: Double { Double(self.microUSD) / 1_000_000 }

    /// Dollars with six decimals at most, such as `1.25 USD`.
    public var description: String {
        let (whole, rest) = self.microUSD.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest != 0 else { return "\(whole) USD" }
        let decimals = padded(Int(rest.magnitude), 6)
        let trimmed = decimals.reversed().drop { $0 == "0" }.reversed()
        return "\(self.microUSD < 0 && whole == 0 ? "-" : "")\(whole).\(String(trimmed)) USD"
    }
}
