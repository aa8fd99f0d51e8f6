import BatonCore

/// Goes through all interleavings of small scopes: three tasks, two agents, one crash, so many acts.
///
/// A state that was met before with as many acts left is not gone into again. Of a crash only the loss counts: nothing
/// leaves before it is stored, so dying before, in and after an append are this act before and after others.
package struct Exhaustive {
    /// What was gone through.
    package struct Found: Sendable {
        package var states = 0
        package var steps = 0
    }

    enum Act {
        case result(StepKey, StepResult)
        case late(StepKey)
        case tick
        case command(Command)
        case crash
    }

    private struct Node {
        var run: Run
        var ledger: Ledger
        var inHand: [StepKey]
        var stale: [StepKey]
        var now: Timestamp
        var crashes: Int
        var wishes: Int
    }

    private let depth: Int
    private let wishes: Int
    // A state's hash, and how many acts were left when it was met.
    private var met: [Int: Int8] = [:]
    private var path: [Act] = []
    private var facts: [Recorded] = []
    private var steps = 0

    private init(depth: Int, wishes: Int) {
        self.depth = depth
        self.wishes = wishes
    }

    /// - Parameters:
    ///   - depth: how many acts.
    ///   - wishes: how many of them at most are commands of people.
    ///   - tell: is told of each scope.
    /// - Throws: the first violation, with the acts that lead to it.
    package static func search(depth: Int, wishes: Int, _ tell: (String) -> Void) throws -> Found {
        var found = Found()
        for (name, plan) in SmallScopes.plans {
            var search = Exhaustive(depth: depth, wishes: wishes)
            do {
                try search.begin(plan)
            } catch let violation as Violation {
                throw Violation(violation.rule, "\(name): \(violation.detail) after \(search.path)")
            }
            found.states += search.met.count
            found.steps += search.steps
            tell("\(name): \(search.met.count) states, \(search.steps) steps")
        }
        return found
    }

    private mutating func begin(_ plan: Plan) throws {
        let now = Timestamp(microseconds: World.start)
        let seed = RunSeed(run: "small", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "sim")
        var out = Emission()
        let run = Run.create(seed, at: now, by: .engine, &out)
        let ledger = Ledger(name: "small", plan: plan, at: now)
        var node = Node(run: run, ledger: ledger, inHand: [], stale: [], now: now, crashes: 1, wishes: self.wishes)
        try node.run.handle(.slots(2), at: now, by: .engine, &out)
        try self.commit(&node, out)
        try self.visit(node, self.depth)
    }

    private mutating func visit(_ node: Node, _ left: Int) throws {
        let state = Self.hash(of: node)
        if let known = self.met[state], Int(known) >= left { return }
        self.met[state] = Int8(left)
        if state & 255 == 0 { try self.checkFold(node) }
        guard left > 0, !node.run.isEnded else { return }
        for act in Self.acts(in: node) {
            self.path.append(act)
            let known = self.facts.count
            if let next = try self.node(after: act, from: node) { try self.visit(next, left - 1) }
            self.facts.removeSubrange(known...)
            self.path.removeLast()
        }
    }

    // The number of an event does not make a state another one; its times do.
    private static func hash(of node: Node) -> Int {
        var hasher = Hasher()
        hasher.combine(node.run.phase)
        hasher.combine(node.run.tasks)
        hasher.combine(node.run.records)
        hasher.combine(node.run.owed)
        hasher.combine(node.run.stopping)
        hasher.combine(node.run.questions)
        hasher.combine(node.run.leads)
        hasher.combine(node.inHand)
        hasher.combine(node.stale)
        hasher.combine(node.crashes)
        hasher.combine(node.wishes)
        hasher.combine(node.now)
        return hasher.finalize()
    }

    private func checkFold(_ node: Node) throws {
        guard let first = self.facts.first, var folded = Run(first) else { return }
        var changes = Changes()
        for fact in self.facts.dropFirst() { folded.apply(fact, &changes) }
        guard folded.damage == nil, folded.hasSameState(as: node.run) else {
            throw Violation("I-04 fold equals live state", "at \(node.run.head.value)")
        }
    }

    // MARK: Acts

    private static let busy = Failure(.transient, "sim.fault", "drawn", remedy: "none")

    private static func acts(in node: Node) -> [Act] {
        var acts: [Act] = []
        for key in node.inHand {
            acts.append(.result(key, Ledger.result(of: key, to: node.run.owed[key]?.request)))
            acts.append(.result(key, .failed(Self.busy, .none)))
            if node.run.stopping[key] != nil { acts.append(.result(key, .stopped(.none))) }
        }
        if let key = node.stale.first { acts.append(.late(key)) }
        if node.run.nextWake != nil { acts.append(.tick) }
        if node.crashes > 0 { acts.append(.crash) }
        guard node.wishes > 0 else { return acts }
        switch node.run.phase {
        case .running: acts += [.command(.pause(now: false)), .command(.pause(now: true)), .command(.cancel)]
        case .paused: acts += [.command(.resume), .command(.cancel)]
        case .stopping, .ended: break
        }
        for task in node.run.tasks.indices.map({ TaskIndex($0) }) {
            guard let state = node.run.record(task)?.state else { continue }
            if state.isEnded { acts.append(.command(.retry(task))) } else { acts.append(.command(.skip(task))) }
        }
        for question in node.run.openQuestions {
            for choice in [Answer.Choice.done, .again, .fail, .skip, .assign(AgentIndex(0))] {
                acts.append(.command(.answer(question.id, Answer(choice))))
            }
        }
        return acts
    }

    // Nil if it was refused.
    private mutating func node(after act: Act, from node: Node) throws -> Node? {
        self.steps += 1
        var next = node
        var out = Emission()
        do {
            try Self.put(act, &next, &out)
            try next.run.handle(.slots(2), at: next.now, by: .engine, &out)
        } catch {
            return nil
        }
        next.ledger = Ledger(copying: node.ledger)
        try self.commit(&next, out)
        return next
    }

    private static func put(_ act: Act, _ node: inout Node, _ out: inout Emission) throws {
        switch act {
        case .result(let key, let result):
            node.inHand.removeAll { $0 == key }
            try node.run.handle(.returned(key, result), at: node.now, by: .engine, &out)
        case .late(let key):
            node.stale.removeAll { $0 == key }
            try node.run.handle(
                .returned(key, Ledger.result(of: key, to: node.run.owed[key]?.request)),
                at: node.now,
                by: .engine,
                &out
            )
        case .tick:
            node.now = max(node.now, node.run.nextWake ?? node.now)
            try node.run.handle(.tick, at: node.now, by: .engine, &out)
        case .command(let command):
            node.wishes -= 1
            try node.run.handle(command, at: node.now, by: .person("p"), &out)
        case .crash:
            node.crashes -= 1
            node.stale = node.inHand
            node.inHand = []
            try node.run.handle(.recovered(engine: "e\(node.crashes)"), at: node.now, by: .engine, &out)
        }
    }

    private mutating func commit(_ node: inout Node, _ out: Emission) throws {
        self.facts += out.facts
        try node.ledger.take(out.facts[...])
        for key in out.changes.started where node.run.owed[key] != nil || node.run.stopping[key] != nil {
            try node.ledger.begin(key)
            node.inHand.append(key)
        }
        if let due = node.ledger.firstDue, node.run.nextWake.map({ $0 > due }) ?? true {
            throw Violation("the engine is woken when something is due", "\(due)")
        }
        if let task = node.ledger.startable(2) { throw Violation("I-23 what can start is started", "task \(task)") }
    }
}
