/// Max-min fair division: nobody gets more than wanted, and nobody's share can grow without a smaller one shrinking.
package enum FairShare {
    /// - Parameter wanted: how many each could use.
    /// - Returns: how many each gets, in the same order.
    package static func grants(of slots: Int, wanted: [Int]) -> [Int] {
        var grants = [Int](repeating: 0, count: wanted.count)
        var left = max(0, slots)
        let hungry = wanted.indices.sorted { wanted[$0] == wanted[$1] ? $0 < $1 : wanted[$0] < wanted[$1] }
        for (served, index) in hungry.enumerated() {
            // What is left over by a division goes to those who want most, who come last.
            let share = left / (hungry.count - served)
            grants[index] = min(wanted[index], share)
            left -= grants[index]
        }
        return grants
    }

    /// The same where some is held already, and nothing that is held is taken away: together never more than there is,
    /// unless more is held.
    ///
    /// - Parameters:
    ///   - held: how many each has now.
    ///   - wanted: how many each could use, those held among them.
    /// - Returns: how many each may have, at least what it holds.
    package static func grants(of slots: Int, held: [Int], wanted: [Int]) -> [Int] {
        let fair = Self.grants(of: slots, wanted: zip(held, wanted).map { max($0, $1) })
        let missing = zip(held, fair).map { max(0, $1 - $0) }
        let left = slots - held.reduce(0, +)
        return zip(held, Self.grants(of: left, wanted: missing)).map { $0 + $1 }
    }
}
