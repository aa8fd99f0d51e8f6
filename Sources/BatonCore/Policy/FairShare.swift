/// Max-min fair division of slots: nobody gets more than wanted, and nobody's share can grow without a smaller one
/// shrinking.
package enum FairShare {
    /// - Parameter wanted: how many slots each run could use.
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
}
