import BatonAgents
import BatonCore
import Testing

/// When a provider may be asked.
@Suite struct ProviderPaceTests {
    private static let start = Timestamp(microseconds: 1_000_000_000_000)

    private static func at(_ seconds: Double) -> Timestamp { Self.start + .seconds(fraction: seconds) }

    /// So many questions at once, and when each may go, in seconds.
    private static func starts(_ pace: inout ProviderPace, _ count: Int, tokens: Int = 1) -> [Double] {
        (0..<count).compactMap { _ in
            guard case .go(let at) = pace.ask(tokens: tokens, Self.start) else { return nil }
            return (at - Self.start).inSeconds
        }
    }

    @Test func `without limits everybody goes at once`() {
        var pace = ProviderPace()
        #expect(Self.starts(&pace, 100) == [Double](repeating: 0, count: 100))
    }

    @Test func `no minute has more questions than a minute may and a burst of ten seconds`() {
        var pace = ProviderPace(ProviderPace.Limits(requestsPerMinute: 60))
        let starts = Self.starts(&pace, 200)
        #expect(starts.prefix(11).allSatisfy { $0 == 0 })
        #expect(starts == starts.sorted())
        for start in starts { #expect(starts.count { $0 >= start && $0 < start + 60 } <= 71) }
        #expect(starts.last == 189)
    }

    @Test func `tokens count as questions do, and one question larger than a minute's share still goes`() {
        var pace = ProviderPace(ProviderPace.Limits(tokensPerMinute: 6000))
        #expect(Self.starts(&pace, 4, tokens: 3000) == [0, 20, 50, 80])
        var small = ProviderPace(ProviderPace.Limits(tokensPerMinute: 10))
        #expect(Self.starts(&small, 2, tokens: 1_000_000) == [0, 50])
    }

    @Test func `a provider that asks for a pause gets it, from everybody`() {
        var pace = ProviderPace()
        #expect(pace.ask(tokens: 1, Self.start) == .go(at: Self.start))
        pace.ended(.limited(retryAfter: .seconds(7)), Self.start)
        #expect(pace.ask(tokens: 1, Self.at(1)) == .go(at: Self.at(7)))
        #expect(pace.mayGo(Self.at(6)) == Self.at(7))
        #expect(pace.mayGo(Self.at(7)) == nil)
        pace.ended(.limited(retryAfter: nil), Self.at(6.5))
        #expect(pace.mayGo(Self.at(7)) == Self.at(7.5))
    }

    @Test func `after five failures in a row it rests for a minute, then one looks how it is`() {
        var pace = ProviderPace()
        for _ in 0..<4 { pace.ended(.failed, Self.start) }
        #expect(pace.ask(tokens: 1, Self.start) == .go(at: Self.start))
        pace.ended(.failed, Self.start)
        #expect(pace.ask(tokens: 1, Self.at(1)) == .rests(until: Self.at(60)))
        #expect(pace.ask(tokens: 1, Self.at(60)) == .go(at: Self.at(60)))
        #expect(pace.ask(tokens: 1, Self.at(60)) == .rests(until: Self.at(61)))
        pace.ended(.failed, Self.at(62))
        #expect(pace.ask(tokens: 1, Self.at(63)) == .rests(until: Self.at(122)))
        #expect(pace.ask(tokens: 1, Self.at(122)) == .go(at: Self.at(122)))
        pace.ended(.answered, Self.at(123))
        #expect(pace.ask(tokens: 1, Self.at(123)) == .go(at: Self.at(123)))
        for _ in 0..<4 { pace.ended(.failed, Self.at(124)) }
        #expect(pace.ask(tokens: 1, Self.at(124)) == .go(at: Self.at(124)))
    }

    @Test func `a probe that says nothing lets another one look`() {
        var pace = ProviderPace()
        for _ in 0..<5 { pace.ended(.failed, Self.start) }
        #expect(pace.ask(tokens: 1, Self.at(60)) == .go(at: Self.at(60)))
        pace.ended(.other, Self.at(60))
        #expect(pace.ask(tokens: 1, Self.at(60)) == .go(at: Self.at(60)))
    }

    @Test(
        arguments: [
            ("3", nil, 3.0), ("0", nil, 0), (" 2.5 ", nil, 2.5), ("-1", nil, nil), ("999999999999", nil, 600),
            ("nan", nil, nil),
            ("soon", nil, nil), ("", nil, nil), (nil, nil, nil), ("3", "250", 0.25), ("3", "x", 3),
            ("Thu, 01 Jan 1970 00:01:30 GMT", nil, 30), ("Thu, 01 Jan 1970 00:00:10 GMT", nil, 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", nil, 600), ("Thu, 99 Jan 1970 00:01:30 GMT", nil, nil),
            ("Thu, 01 Jan 1970 00:01:30 CET", nil, nil),
        ] as [(String?, String?, Double?)]
    )
    func `a wish to wait is a number or a date, and never longer than ten minutes`(
        _ seconds: String?,
        _ milliseconds: String?,
        _ wait: Double?
    ) {
        let now = Timestamp(microseconds: 60_000_000)
        #expect(RetryAfter.read(seconds: seconds, milliseconds: milliseconds, now: now)?.inSeconds == wait)
    }
}
