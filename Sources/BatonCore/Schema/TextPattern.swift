/// A regular expression of JSON Schema: all ways through it are followed side by side, so that a match takes no longer than text
/// times pattern, whatever others have written there.
package struct TextPattern: Sendable {
    /// What a match may look at in all: a fraction of a second.
    package struct Allowance {
        package var left: Int

        package init(_ left: Int = 5_000_000) { self.left = left }
    }

    enum Instruction: Sendable {
        case take(ScalarSet)
        case jump(Int)
        case fork(Int, Int)
        case begin
        case end
        /// Between a letter, digit or underscore and something else, or not there.
        case edge(Bool)
        /// Whether a match of another program begins here.
        case ahead([Instruction], wanted: Bool)
        case done
    }

    /// Longer programs are refused.
    static let longest = 4000

    private let program: [Instruction]

    /// - Returns: nil if it is no pattern, or one that looks back or refers back.
    package init?(_ text: String) {
        var reader = PatternReader(text)
        guard let node = reader.pattern() else { return nil }
        var compiler = PatternCompiler()
        compiler.add(node)
        guard let program = compiler.finished else { return nil }
        self.program = program
    }

    /// Whether it matches anywhere in the text; nil if the allowance was used up first.
    package func matches(_ text: String, _ allowance: inout Allowance) -> Bool? {
        guard text.utf8.count < allowance.left else { return nil }
        return Match(scalars: Array(text.unicodeScalars), allowance: allowance).run(self.program, from: 0, isFree: true)
        {
            allowance = $0
        }
    }

    /// One text under a pattern.
    private struct Match {
        let scalars: [Unicode.Scalar]
        var allowance: Allowance

        func run(_ program: [Instruction], from: Int, isFree: Bool, _ used: (Allowance) -> Void) -> Bool? {
            var match = self
            defer { used(match.allowance) }
            return match.follow(program, from: from, isFree: isFree)
        }

        // Threads of one place after the other; each instruction has one thread at most.
        private mutating func follow(_ program: [Instruction], from: Int, isFree: Bool) -> Bool? {
            self.allowance.left -= program.count
            var current = Threads(program.count)
            var next = Threads(program.count)
            for place in from...self.scalars.count {
                if place == from || isFree {
                    switch self.enter(0, place, program, &current) {
                    case true?: return true
                    case nil: return nil
                    case false?: break
                    }
                }
                guard place < self.scalars.count else { break }
                if current.waiting.isEmpty, !isFree { return false }
                for waiting in current.waiting {
                    guard case .take(let set) = program[waiting] else { continue }
                    self.allowance.left -= 1 + set.members.count
                    guard set.contains(self.scalars[place]) else { continue }
                    switch self.enter(waiting + 1, place + 1, program, &next) {
                    case true?: return true
                    case nil: return nil
                    case false?: continue
                    }
                }
                guard self.allowance.left > 0 else { return nil }
                swap(&current, &next)
                next.clear()
            }
            return false
        }

        // Follows all that takes nothing; true where the pattern is through.
        private mutating func enter(
            _ first: Int,
            _ place: Int,
            _ program: [Instruction],
            _ threads: inout Threads
        ) -> Bool? {
            var left = [first]
            while let instruction = left.popLast() {
                guard threads.insert(instruction) else { continue }
                self.allowance.left -= 1
                guard self.allowance.left > 0 else { return nil }
                switch program[instruction] {
                case .take: threads.waiting.append(instruction)
                case .jump(let to): left.append(to)
                case .fork(let one, let other): left += [other, one]
                case .begin: if place == 0 { left.append(instruction + 1) }
                case .end: if place == self.scalars.count { left.append(instruction + 1) }
                case .edge(let wanted): if self.isEdge(place) == wanted { left.append(instruction + 1) }
                case .ahead(let inner, let wanted):
                    guard let found = self.follow(inner, from: place, isFree: false) else { return nil }
                    if found == wanted { left.append(instruction + 1) }
                case .done: return true
                }
            }
            return false
        }

        private func isEdge(_ place: Int) -> Bool {
            let before = place > 0 && ScalarSet.word.contains(self.scalars[place - 1])
            return before != (place < self.scalars.count && ScalarSet.word.contains(self.scalars[place]))
        }
    }

    /// The instructions that have been come to at one place.
    private struct Threads {
        private var seen: [Bool]
        private var entered: [Int] = []
        var waiting: [Int] = []

        init(_ count: Int) { self.seen = Array(repeating: false, count: count) }

        mutating func insert(_ instruction: Int) -> Bool {
            guard !self.seen[instruction] else { return false }
            self.seen[instruction] = true
            self.entered.append(instruction)
            return true
        }

        mutating func clear() {
            for instruction in self.entered { self.seen[instruction] = false }
            self.entered.removeAll(keepingCapacity: true)
            self.waiting.removeAll(keepingCapacity: true)
        }
    }
}

/// Characters that one place of a pattern takes.
struct ScalarSet: Sendable {
    enum Member: Sendable {
        case range(ClosedRange<UInt32>)
        case category(Set<Unicode.GeneralCategory>, isIn: Bool)
        case set([Member], isIn: Bool)

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .range(let range): range.contains(scalar.value)
            case .category(let categories, let isIn): categories.contains(scalar.properties.generalCategory) == isIn
            case .set(let members, let isIn): members.contains { $0.contains(scalar) } == isIn
            }
        }
    }

    var members: [Member]
    var isIn = true

    func contains(_ scalar: Unicode.Scalar) -> Bool { self.members.contains { $0.contains(scalar) } == self.isIn }

    static let digit: [Member] = [.range(0x30...0x39)]
    static let wordMembers: [Member] = digit + [.range(0x41...0x5A), .range(0x5F...0x5F), .range(0x61...0x7A)]
    static let word = ScalarSet(members: wordMembers)
    static let lineEnd: [Member] = [.range(0x0A...0x0A), .range(0x0D...0x0D), .range(0x2028...0x2029)]
    static let space: [Member] =
        lineEnd + [
            .range(0x09...0x09), .range(0x0B...0x0C), .range(0xFEFF...0xFEFF), .category([.spaceSeparator], isIn: true),
        ]
}

/// A pattern as a program.
private struct PatternCompiler {
    private var program: [TextPattern.Instruction] = []
    private var isTooLong = false
    // Also what takes nothing may not be repeated without end.
    private var left = 5 * TextPattern.longest

    var finished: [TextPattern.Instruction]? { self.isTooLong ? nil : self.program + [.done] }

    mutating func add(_ node: PatternNode) {
        // What is repeated is there as often as it may be.
        self.left -= 1
        guard self.program.count < TextPattern.longest, self.left > 0, !self.isTooLong else {
            self.isTooLong = true
            return
        }
        switch node {
        case .set(let set): self.program.append(.take(set))
        case .begin: self.program.append(.begin)
        case .end: self.program.append(.end)
        case .edge(let wanted): self.program.append(.edge(wanted))
        case .ahead(let inner, let wanted):
            var compiler = PatternCompiler()
            compiler.left = self.left
            compiler.add(inner)
            self.left = compiler.left
            guard let program = compiler.finished, self.program.count + program.count < TextPattern.longest else {
                self.isTooLong = true
                return
            }
            self.program.append(.ahead(program, wanted: wanted))
        case .sequence(let nodes): for node in nodes { self.add(node) }
        case .choice(let nodes): self.choose(nodes[...])
        case .repeated(let inner, let least, let most): self.repeatNode(inner, least, most)
        }
    }

    private mutating func choose(_ nodes: ArraySlice<PatternNode>) {
        var jumps: [Int] = []
        for (place, node) in zip(nodes.indices, nodes) {
            guard place < nodes.endIndex - 1 else {
                self.add(node)
                break
            }
            let fork = self.program.count
            self.program.append(.fork(fork + 1, fork + 1))
            self.add(node)
            jumps.append(self.program.count)
            self.program.append(.jump(0))
            self.program[fork] = .fork(fork + 1, self.program.count)
        }
        for jump in jumps { self.program[jump] = .jump(self.program.count) }
    }

    private mutating func repeatNode(_ inner: PatternNode, _ least: Int, _ most: Int?) {
        for _ in 0..<least where !self.isTooLong { self.add(inner) }
        guard let most else {
            let fork = self.program.count
            self.program.append(.fork(fork + 1, fork + 1))
            self.add(inner)
            self.program.append(.jump(fork))
            self.program[fork] = .fork(fork + 1, self.program.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<max(least, most) where !self.isTooLong {
            forks.append(self.program.count)
            self.program.append(.fork(self.program.count + 1, 0))
            self.add(inner)
        }
        for fork in forks { self.program[fork] = .fork(fork + 1, self.program.count) }
    }
}
