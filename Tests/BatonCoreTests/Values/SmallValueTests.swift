import BatonCore
import Testing

@Suite struct SmallValueTests {
    // MARK: Digest

    @Test func `a digest survives its hexadecimal form and its bytes`() {
        var draws = SplitMix64(seed: 1)
        for _ in 0..<200 {
            let digest = Digest(a: draws.next(), b: draws.next(), c: draws.next(), d: draws.next())
            #expect(Digest(hex: digest.description) == digest)
            #expect(Digest(bytes: digest.bytes) == digest)
            #expect(digest.description.utf8.count == 64)
        }
        #expect(Digest.zero.description == String(repeating: "0", count: 64))
    }

    @Test(arguments: [
        "", "00", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
        String(repeating: "0", count: 65),
        String(repeating: "é", count: 32),
    ])
    func `other texts are no digest`(text: String) {
        #expect(Digest(hex: text) == nil)
        #expect(Digest(bytes: Array(text.utf8.prefix(31))) == nil)
    }

    // MARK: Money

    @Test(arguments: [
        (0, "0 USD"), (1_250_000, "1.25 USD"), (1, "0.000001 USD"), (-500_000, "-0.5 USD"), (-1_500_000, "-1.5 USD"),
        (3_000_000, "3 USD"), (Int64.max, "9223372036854.775807 USD"), (Int64.min, "-9223372036854.775808 USD"),
    ])
    func `money reads in dollars with as many decimals as it has`(micros: Int64, text: String) {
        #expect(Money(microUSD: micros).description == text)
    }

    @Test func `a sum of money stays at the largest amount`() {
        #expect(Money(microUSD: .max) + Money(microUSD: 1) == Money(microUSD: .max))
        #expect(Money(microUSD: 2) + Money(microUSD: 3) == Money(microUSD: 5))
    }

    // MARK: SplitMix64

    @Test func `the stream of a seed is the same for ever`() {
        var draws = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in draws.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
        #expect(SplitMix64.number(of: "baton") == 12_200_025_420_092_588_227)
        var subject = SplitMix64(seed: 7, subject: [1, 2])
        #expect(subject.next() == 17_630_795_706_186_921_334)
    }

    @Test func `draws stay below their bound`() {
        var draws = SplitMix64(seed: 2)
        #expect((0..<500).allSatisfy { _ in (0..<7).contains(draws.below(7)) })
        #expect(draws.below(0) == 0)
        #expect((0..<100).allSatisfy { _ in draws.chance(100) && !draws.chance(0) })
    }

    // MARK: Timestamp

    @Test func `time stays at the ends of its range instead of trapping`() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(last + .microseconds(1) == last)
        #expect(first + .microseconds(-1) == first)
        #expect(Timestamp.zero + .seconds(Int64.max) == last)
        #expect(last - first == .microseconds(Int64.max))
        #expect(first - last == .microseconds(Int64.min))
        #expect(Timestamp(microseconds: 7) - Timestamp(microseconds: 5) == .microseconds(2))
    }

    @Test(arguments: [(1.5, 1_500_000), (0.000_000_4, 0), (-0.25, -250_000), (1e300, Int64.max), (.nan, 0)])
    func `seconds become whole microseconds`(seconds: Double, micros: Int64) {
        #expect(Duration.seconds(fraction: seconds).microseconds == micros)
    }

    // MARK: Identifiers

    @Test(arguments: [("q7", 7), ("7", 7), ("q0", nil), ("", nil), ("q", nil), ("q-1", nil), ("q1234567890", nil)])
    func `a question is named with or without its q`(text: String, number: Int?) {
        #expect(QuestionID(text)?.number == number)
    }

    @Test func `step keys are ordered by task, attempt, step and delivery`() {
        func key(_ task: Int, _ attempt: Int32, _ step: Int32, _ delivery: Int32) -> StepKey {
            StepKey(task: TaskIndex(task), attempt: attempt, step: step, delivery: delivery)
        }
        let sorted = [key(0, 1, 1, 2), key(0, 1, 2, 1), key(0, 2, 1, 1), key(1, 1, 1, 1)]
        #expect(sorted.reversed().sorted() == sorted)
        #expect(key(0, 1, 1, 1).redelivered == key(0, 1, 1, 2))
    }
}
