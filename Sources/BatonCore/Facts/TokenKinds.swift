extension Usage {
    /// Tokens by what they cost.
    public struct TokenKinds: Hashable, Sendable {
        /// Read by the model, and not from its cache.
        public var input: Int64 = 0
        /// Read by the model from its cache.
        public var cacheRead: Int64 = 0
        /// Read by the model and put into its cache.
        public var cacheWrite: Int64 = 0
        /// Written by the model, thinking included.
        public var output: Int64 = 0
        /// Whether the provider did not count all of them, so that some are reckoned from the length of texts.
        public var isEstimated = false

        /// None.
        public init() {}

        /// All of them.
        public var total: Int64 { self.counts.reduce(0) { $0.addingSaturated($1) } }

        /// Their counts, each at least 0: input, cache reads, cache writes, output.
        package var counts: [Int64] { [self.input, self.cacheRead, self.cacheWrite, self.output] }

        /// Nil unless there are four counts, none below 0.
        package init?(_ counts: [Int64]) {
            guard counts.count == 4, counts.allSatisfy({ $0 >= 0 }) else { return nil }
            self.input = counts[0]
            self.cacheRead = counts[1]
            self.cacheWrite = counts[2]
            self.output = counts[3]
        }

        static func + (left: Self, right: Self) -> Self {
            var sum = Self()
            sum.input = left.input.addingSaturated(right.input)
            sum.cacheRead = left.cacheRead.addingSaturated(right.cacheRead)
            sum.cacheWrite = left.cacheWrite.addingSaturated(right.cacheWrite)
            sum.output = left.output.addingSaturated(right.output)
            sum.isEstimated = left.isEstimated || right.isEstimated
            return sum
        }
    }
}
