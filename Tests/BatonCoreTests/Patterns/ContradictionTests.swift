import BatonCore
import Testing

/// Which decisions say the opposite of one another.
@Suite struct ContradictionTests {
    @Test(
        arguments: [
            ("we use Swift", "We do not use Swift."), ("ship without tests", "Ship tests!"),
            ("we don’t wait", "we wait"),
            ("Nobody is asked: never wait", "nobody is asked, wait"),
        ]
    )
    func `the same words with a negation in one of them contradict`(left: String, right: String) {
        #expect(Contradiction.holds(between: left, and: right))
        #expect(Contradiction.holds(between: right, and: left))
    }

    @Test(
        arguments: [
            ("we use Swift", "we use Swift"), ("we use Swift", "we do not use Rust"), ("not not this", "this"),
            ("", "not"),
        ]
    )
    func `anything else does not`(left: String, right: String) {
        #expect(!Contradiction.holds(between: left, and: right))
    }
}
