/// Finds what somebody probably meant.
package enum NearestName {
    /// The candidate with the fewest edits, if few enough to be a slip; ties go to the earlier one.
    package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8.prefix(128))
        let allowance = max(1, wanted.count / 3)
        var best: (name: String, edits: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().utf8.prefix(128))
            guard abs(other.count - wanted.count) <= allowance else { continue }
            let edits = Self.edits(wanted, other)
            if edits <= allowance, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.name
    }

    // Insertions, removals, replacements and swaps of neighbours, in three rows.
    private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            row.reserveCapacity(right.count + 1)
            for j in right.indices {
                var cost = min(previous[j + 1], row[j]) + 1
                cost = min(cost, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            (older, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
