import BatonCore
import Testing

@Suite struct CivilDateTests {
    private static func fault(_ text: String) -> CivilDate.Fault? {
        do throws(CivilDate.Fault) {
            _ = try CivilDate.parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (2000, 29), (1900, 28), (2100, 28), (2024, 29), (2023, 28), (2400, 29), (9996, 29),
    ])
    func `leap years follow the Gregorian rule`(year: Int, days: Int) {
        #expect(CivilDate.daysInMonth(2, of: year) == days)
    }

    @Test(arguments: [
        "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "1969-12-31",
        "2026-01-01T24:00",
        "2026-01-01T23:60", "2026-01-01T23:59:60",
    ])
    func `dates that do not exist are impossible`(text: String) {
        guard case .impossible? = Self.fault(text) else {
            Issue.record("\(text) gives \(String(describing: Self.fault(text)))")
            return
        }
    }

    @Test(arguments: [
        "", "2026", "26-01-01", "2026-1-1", "2026/01/01", "2026-01-01T", "2026-01-01T9:00", "2026-01-01T09:00:00+1",
        "2026-01-01T09:00:00+0100", "2026-01-01T09:00:00+24:00", "2026-01-01T09:00:00.", "2026-01-01T09:00z",
        "2026-01-01Z", " 2026-01-01", "2026-01-01 ", "２026-01-01", "10000-01-01",
    ])
    func `texts of another form are refused as such`(text: String) {
        #expect(Self.fault(text) == .form)
    }

    @Test func `every day from 1970 to 9999 survives the way to a timestamp and back`() throws {
        var draws = SplitMix64(seed: 5)
        for _ in 0..<1500 {
            var date = CivilDate(year: 1970 + draws.below(8030), month: 1 + draws.below(12), day: 1)
            date.day = 1 + draws.below(CivilDate.daysInMonth(date.month, of: date.year))
            (date.hour, date.minute, date.second) = (draws.below(24), draws.below(60), draws.below(60))
            #expect(CivilDate(date.timestamp) == date)
            let (back, offset) = try CivilDate.parse(date.text(milliseconds: false))
            #expect(back == date)
            #expect(offset == 0)
        }
    }

    @Test func `days follow each other without gaps`() {
        var date = CivilDate(year: 1970, month: 1, day: 1)
        #expect(date.timestamp == .zero)
        for day in 0..<3000 {
            #expect(CivilDate(.zero + .seconds(day * 86400)) == date)
            date.day += 1
            if date.day > CivilDate.daysInMonth(date.month, of: date.year) {
                (date.month, date.day) = (date.month + 1, 1)
            }
            if date.month > 12 { (date.year, date.month) = (date.year + 1, 1) }
        }
    }

    @Test(arguments: [
        ("2026-11-21", nil, 0), ("2026-11-21T09:30", nil, 34_200), ("2026-11-21 09:30:05", nil, 34_205),
        ("2026-11-21T09:30:05.123Z", 0, 34_205), ("2026-11-21T09:30+02:00", 7200, 34_200),
        ("2026-11-21T09:30-05:30", -19_800, 34_200),
    ])
    func `a zone is told apart from none`(text: String, offset: Int?, second: Int) throws {
        let (date, found) = try CivilDate.parse(text)
        #expect(found == offset)
        #expect(date.timestamp - CivilDate(year: 2026, month: 11, day: 21).timestamp == .seconds(second))
    }

    @Test func `a planned date with a zone is the moment, without one the wall clock`() throws {
        let here = try #require(Plan.PlannedDate("2026-11-21T09:00:00+02:00"))
        let utc = try #require(Plan.PlannedDate("2026-11-21T07:00:00"))
        #expect(here.projectTimestamp == utc.projectTimestamp)
        #expect(Plan.PlannedDate("2026-02-30") == nil)
    }

    @Test func `a timestamp reads as ISO 8601, also before 1970 and at the ends of the range`() {
        #expect(Timestamp(microseconds: 1_800_000_000_123_456).description == "2027-01-15T08:00:00.123Z")
        #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(microseconds: .max).description.hasSuffix("Z"))
        #expect(Timestamp(microseconds: .min).description.hasSuffix("Z"))
    }
}
