import BatonCore
import Testing

@testable import BatonSimulation

/// The simulator's own books see what is wrong in a history; a checker that lets all pass would be worth nothing.
@Suite struct LedgerTests {
    private static let now = Timestamp(microseconds: World.start)

    private static func plan() -> Plan {
        var agent = AgentProfile(id: "a0")
        agent.type = "function"
        agent.repeatable = true
        let first = TaskSpec(id: "t0", description: "work")
        var second = TaskSpec(id: "t1", description: "work")
        second.dependencies = ["t0"]
        return Plan(id: "two", agents: [agent], tasks: [first, second])
    }

    /// What the real rules make of a run without trouble.
    private static func history() throws -> [Recorded] {
        let seed = RunSeed(run: "two", plan: Self.plan(), stored: .zero, seed: 1, mode: .real, engine: "first")
        var out = Emission()
        var run = Run.create(seed, at: Self.now, by: .engine, &out)
        for _ in 0..<2 {
            try run.handle(.slots(4), at: Self.now, by: .engine, &out)
            guard let key = run.owed.keys.first else { break }
            try run.handle(.returned(key, .done(Ledger.output(of: key), .none)), at: Self.now, by: .engine, &out)
        }
        return out.facts
    }

    private static func rule(_ events: [Event], plan: Plan = Self.plan()) -> String? {
        let ledger = Ledger(name: "two", plan: plan, at: Self.now)
        do {
            var position = Position.start
            var facts: [Recorded] = []
            for event in events {
                position = position.next
                facts.append(Recorded(position: position, at: Self.now, by: .engine, event: event))
            }
            try ledger.take(facts[...])
            return nil
        } catch let violation as Violation {
            return violation.rule
        } catch {
            return "\(error)"
        }
    }

    @Test func `a good history passes`() throws {
        #expect(Self.rule(try Self.history().map(\.event)) == nil)
    }

    @Test func `every event left out is noticed`() throws {
        let events = try Self.history().map(\.event)
        #expect(events.count == 10)
        // The books begin with the plan, and do not need the event that carries it.
        for offset in events.indices.dropFirst() {
            var shorter = events
            shorter.remove(at: offset)
            #expect(Self.rule(shorter) != nil, "without \(events[offset])")
        }
    }

    @Test func `every event told twice is noticed`() throws {
        let events = try Self.history().map(\.event)
        for offset in events.indices.dropFirst() {
            var longer = events
            longer.insert(events[offset], at: offset)
            #expect(Self.rule(longer) != nil, "\(events[offset]) twice")
        }
    }

    @Test func `two neighbours that change places are noticed`() throws {
        let events = try Self.history().map(\.event)
        for offset in events.indices.dropFirst().dropLast() {
            var other = events
            other.swapAt(offset, offset + 1)
            #expect(Self.rule(other) != nil, "\(events[offset]) after \(events[offset + 1])")
        }
    }

    @Test func `a call that no event allows is noticed`() throws {
        let ledger = Ledger(name: "two", plan: Self.plan(), at: Self.now)
        #expect(throws: Violation.self) {
            try ledger.begin(StepKey(task: TaskIndex(0), attempt: 1, step: 1, delivery: 1))
        }
    }

    @Test func `an acknowledgement without its event is noticed after a crash`() throws {
        let facts = try Self.history()
        let ledger = Ledger(name: "two", plan: Self.plan(), at: Self.now)
        ledger.acknowledge(facts[3])
        try ledger.checkPromises(facts)
        #expect(throws: Violation.self) { try ledger.checkPromises(Array(facts.prefix(3))) }
    }

    // Of a chain of three the first fails while another task goes on, and is retried.
    private static func retried() throws -> (plan: Plan, run: Run, facts: [Recorded]) {
        var plan = Self.plan()
        for offset in 2...3 {
            var task = TaskSpec(id: TaskID("t\(offset)"), description: "work")
            if offset == 2 { task.dependencies = ["t1"] }
            plan.tasks.append(task)
        }
        plan.defaults.maxRetryAttempts = 1
        let seed = RunSeed(run: "two", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "first")
        var out = Emission()
        var run = Run.create(seed, at: Self.now, by: .engine, &out)
        let fault = Failure(.permanent, "test.fault", "drawn", remedy: "none")
        try run.handle(.slots(1), at: Self.now, by: .engine, &out)
        let key = StepKey(task: TaskIndex(0), attempt: 1, step: 1, delivery: 1)
        try run.handle(.returned(key, .failed(fault, .none)), at: Self.now, by: .engine, &out)
        try run.handle(.slots(1), at: Self.now, by: .engine, &out)
        try run.handle(.retry(TaskIndex(0)), at: Self.now, by: .person("p"), &out)
        return (plan, run, out.facts)
    }

    @Test func `a retry that leaves down what fell with the task is noticed`() throws {
        let (plan, _, facts) = try Self.retried()
        var events = facts.map(\.event)
        #expect(events.last == .tasksReset((0..<3).map { TaskIndex($0) }))
        #expect(Self.rule(events, plan: plan) == nil)
        for left in 1...2 {
            events[events.count - 1] = .tasksReset((0..<left).map { TaskIndex($0) })
            let rule = Self.rule(events, plan: plan)
            #expect(rule == "a retry begins anew all that fell with the task, and nothing else")
        }
    }

    @Test func `a run that stands elsewhere than its events put it is noticed`() throws {
        let (plan, run, facts) = try Self.retried()
        let ledger = Ledger(name: "two", plan: plan, at: Self.now)
        try ledger.take(facts.dropLast())
        #expect(throws: Violation.self) { try ledger.checkStanding(of: run) }
        try ledger.take(facts.suffix(1))
        try ledger.checkStanding(of: run)
    }

    @Test func `the books say what may be asked for, and whether that is what came of it`() throws {
        let (plan, _, facts) = try Self.retried()
        let ledger = Ledger(name: "two", plan: plan, at: Self.now)
        try ledger.take(facts.dropLast())
        #expect(ledger.allows(.retry(TaskIndex(0))) == true)
        #expect(ledger.allows(.retry(TaskIndex(1))) == false)
        #expect(ledger.allows(.skip(TaskIndex(3))) == true)
        #expect(ledger.allows(.skip(TaskIndex(0))) == false)
        #expect(ledger.allows(.reprioritize(TaskIndex(3), 5)) == false)
        #expect(ledger.allows(.resume) == false)
        #expect(ledger.allows(.answer(QuestionID(1), Answer(.skip))) == false)
        #expect(Ledger.fulfils(.retry(TaskIndex(0)), .tasksReset([TaskIndex(0), TaskIndex(1)])))
        #expect(!Ledger.fulfils(.retry(TaskIndex(2)), .tasksReset([TaskIndex(0), TaskIndex(1)])))
        #expect(!Ledger.fulfils(.pause(now: true), .resumed))
    }
}
