import BatonCore
import BatonPlans
import Testing

/// Case 42 and beyond: whatever happens to a file on its way, reading it ends with findings that have a place in it.
struct MangledPlanTests {
    private static func expectSound(_ bytes: [UInt8], _ name: String) {
        let reading = PlanFile.read(bytes: bytes, name: name)
        #expect(reading.plan != nil || reading.hasErrors)
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for finding in reading.diagnostics {
            guard let place = finding.place else {
                Issue.record("no place: \(finding.line)")
                continue
            }
            // One past the last character and one past the last line are where an end can be missed.
            #expect(1...lines.count ~= place.line, "\(place) \(finding.line)")
            let width = place.line <= lines.count ? lines[place.line - 1].count { $0 & 0xC0 != 0x80 } : 0
            #expect(1...width + 1 ~= place.column, "\(place) \(finding.line)")
        }
    }

    @Test func `JSON cut at any byte is a clean error`() {
        let bytes = Array(SmallPlan.json.utf8)
        for length in 0..<bytes.count - 2 {
            let reading = PlanFile.read(bytes: Array(bytes[..<length]), name: "plan.json")
            #expect(reading.plan == nil)
            #expect(reading.diagnostics.count == 1)
            #expect(reading.diagnostics.first?.code.hasPrefix("parse.") == true)
            Self.expectSound(Array(bytes[..<length]), "plan.json")
        }
    }

    @Test(arguments: [SmallPlan.yaml, SmallPlan.json])
    func `YAML cut at any byte is a clean error or a smaller plan`(_ text: String) {
        let bytes = Array(text.utf8)
        for length in 0...bytes.count { Self.expectSound(Array(bytes[..<length]), "plan.yml") }
    }

    @Test(arguments: [("plan.json", SmallPlan.json), ("plan.yml", SmallPlan.yaml), ("plan.yaml", SmallPlan.json)])
    func `a plan with random damage never traps the reader`(_ name: String, _ text: String) {
        var random = SplitMix64(seed: 42)
        let pieces = [
            "[", "]", "{", "}", ":", ": ", ",", "- ", "? ", "\"", "'", "&a ", "*a ", "!t ", "|", ">", "#", "%", "\n",
            "\n  ", "\t", "\\", "null", "true", "1e999", "-", "---\n", "...", "é", "\u{202e}", "\u{0}", "<<", "~",
        ].map { Array($0.utf8) }
        for _ in 0..<300 {
            var bytes = Array(text.utf8)
            for _ in 0...random.below(4) {
                let start = random.below(bytes.count + 1)
                let end = min(bytes.count, start + random.below(6))
                switch random.below(4) {
                case 0: bytes.removeSubrange(start..<end)
                case 1: bytes.insert(contentsOf: bytes[start..<end], at: random.below(bytes.count + 1))
                // A carriage return would end a line in YAML, but not in the count of lines above.
                case 2: if start < bytes.count { bytes[start] = UInt8(0x0E + random.below(0xF2)) }
                default: bytes.replaceSubrange(start..<end, with: pieces[random.below(pieces.count)])
                }
            }
            Self.expectSound(bytes, name)
        }
    }
}

extension SplitMix64 {
    fileprivate mutating func below(_ limit: Int) -> Int { Int(self.next() % UInt64(limit)) }
}
