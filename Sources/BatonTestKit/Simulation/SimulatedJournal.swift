import BatonCore

/// The disk of the simulation: facts go through the real codec, and come back out of it.
struct SimulatedJournal {
    private var lines: [[UInt8]] = []
    private var authorised: Set<StepKey> = []
    private let plan: Plan
    /// A number for the whole history: equal for equal seeds.
    private(set) var trace: UInt64 = 0

    init(plan: Plan) { self.plan = plan }

    var count: Int { self.lines.count }

    mutating func append(_ facts: [Recorded]) throws {
        for fact in facts {
            var writer = JSONWriter()
            EventCodec.write(fact, to: &writer)
            let line = Array(writer.bytes.dropLast())
            self.lines.append(line)
            self.trace = SplitMix64.number(of: String(decoding: line, as: UTF8.self)) ^ (self.trace &* 31)
            if case .stepOwed(let key, _) = fact.event { self.authorised.insert(key) }
        }
    }

    func holdsAuthorisation(of key: StepKey) -> Bool { self.authorised.contains(key) }

    func facts() throws -> [Recorded] {
        try self.lines.enumerated().map { offset, line in
            try EventCodec.read(line, position: Position(Int64(offset) + 1)) { _ in self.plan }
        }
    }

    func fold() throws -> Run? {
        var run: Run?
        var changes = Changes()
        for (offset, line) in self.lines.enumerated() {
            let fact = try EventCodec.read(line, position: Position(Int64(offset) + 1)) { _ in self.plan }
            if run == nil { run = Run(fact) } else { run?.apply(fact, &changes) }
        }
        return run
    }
}
