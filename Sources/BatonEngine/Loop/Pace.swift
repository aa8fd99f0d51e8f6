/// How often a watcher looks: a few times at once, then no more until the window is over.
///
/// A busy run appends thousands of times a second. To wake somebody for each of these costs more than to fold the facts;
/// whoever only shows them to people takes them together.
struct Pace: Sendable {
    private static let window = Duration.milliseconds(100)
    private static let looks = 3

    private var began: ContinuousClock.Instant?
    private var count = 0

    /// Returns when it may look again.
    mutating func wait() async throws {
        let now = ContinuousClock.now
        guard let began = self.began, now - began < Self.window else {
            self.began = now
            self.count = 1
            return
        }
        self.count += 1
        guard self.count > Self.looks else { return }
        try await ContinuousClock().sleep(until: began + Self.window)
        self.began = .now
        self.count = 1
    }
}
