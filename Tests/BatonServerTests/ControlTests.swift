import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// What holds for whoever speaks to an engine, from within or through its socket.
@Suite struct ControlTests {
    private static func code(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch let error as BatonError {
            return error.code.text
        } catch {
            return String(describing: error)
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `a run is begun, followed to its end and told of`(adapter: ControlAdapter) async throws {
        try await adapter.lend { control, engine in
            let reply = try await control.start(chain(3), Engine.StartOptions(), ada)
            let facts = try await control.facts(of: reply.run).all()
            #expect(facts.map(\.position.value) == Array(1...Int64(facts.count)))
            #expect(facts.first?.by == .person("ada"))
            #expect(facts.last?.event == .ended(.completed))
            #expect(try await JournalReader(engine.journal).all(of: reply.run) == facts)
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `every command reaches the run and is durable when it is answered`(adapter: ControlAdapter) async throws {
        let gate = Gate()
        let performer = ScriptedPerformer { work in
            await gate.wait()
            return .done(.string(work.directives.joined(separator: "|")))
        }
        try await adapter.lend(performer: performer) { control, engine in
            let run = try await control.start(chain(3), Engine.StartOptions(), ada).run
            let wishes: [Wish] = [
                .pause(now: false), .add([.sentence("more"), .spec(TaskSpec(id: "own"))]),
                .edit("t2", ["description": "other", "priority": 3]), .reprioritize("t1", 5),
                .steer(.everyone, "be quick"), .steer(.task("t1"), "and short"), .skip("own", note: "why not"),
            ]
            var last = Position.start
            for wish in wishes {
                let reply = try await control.put(wish, to: run, ada)
                #expect(reply.position > last, "\(wish)")
                #expect(reply.state == "paused")
                last = reply.position
                let stored = try await JournalReader(engine.journal).fold(run).run
                #expect(stored.head >= reply.position)
            }
            #expect(try await control.put(.resume, to: run, ada).state == "running")
            gate.open()
            let facts = try await control.facts(of: run).all()
            let sheet = try #require(RunSheet(facts))
            #expect(sheet.run.output(of: TaskIndex(1)) == .inline("be quick|and short"))
            #expect(sheet.run.spec(TaskIndex(2)).description == "other")
            #expect(sheet.run.index(of: "added-1") != nil)
            #expect(sheet.run.record(TaskIndex(4))?.state == .ended(.skipped(.person(note: "why not"))))
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `a refusal says its code and the way, and changes nothing`(adapter: ControlAdapter) async throws {
        let gate = Gate()
        let performer = ScriptedPerformer { _ in
            await gate.wait()
            return .done("done")
        }
        try await adapter.lend(performer: performer) { control, engine in
            let run = try await control.start(chain(2), Engine.StartOptions(), ada).run
            let refused: [(Wish, String)] = [
                (.resume, "run.state"), (.skip("nowhere", note: ""), "run.unknown_task"), (.retry("t0"), "run.state"),
                (.reprioritize("t1", 9), "run.priority"), (.add([.spec(TaskSpec(id: "t0"))]), "run.conflict"),
                (.edit("t0", ["description": "x"]), "run.conflict"),
                (.edit("t1", ["nonsense": 1]), "plan.unknown_field"),
                (.edit("t1", ["dependencies": ["t1"]]), "plan.cycle"),
                (.steer(.agent("nobody"), "x"), "run.unknown_agent"),
                (.steer(.everyone, ""), "run.steer"), (.answer(QuestionID(1), .skip("")), "question.closed"),
            ]
            let before = try await JournalReader(engine.journal).fold(run).run.head
            for (wish, wanted) in refused {
                let code = await Self.code { _ = try await control.put(wish, to: run, ada) }
                #expect(code == wanted, "\(wish)")
            }
            #expect(await Self.code { _ = try await control.put(.cancel, to: RunID("no-such"), ada) } == "run.unknown")
            #expect(await Self.code { _ = try await control.facts(of: RunID("no-such")) } == "run.unknown")
            #expect(try await JournalReader(engine.journal).fold(run).run.head == before)
            gate.open()
            _ = try await control.facts(of: run).all()
            #expect(await Self.code { _ = try await control.put(.cancel, to: run, ada) } == "run.state")
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `an answer is bound to the question that was shown, and there is one`(adapter: ControlAdapter) async throws {
        var plan = chain(1)
        plan.tasks[0].needsApproval = true
        try await adapter.lend(performer: ScriptedPerformer { _ in .done("done") }) { [plan] control, engine in
            let run = try await control.start(plan, Engine.StartOptions(), ada).run
            let feed = try await control.facts(of: run)
            var asked: Question?
            while asked == nil, let facts = try await feed.next() {
                for case .asked(let question) in facts.map(\.event) { asked = question }
            }
            let inbox = try await Readings(engine.journal).inbox()
            let digest = try #require(inbox["questions"]?[0]?["digest"]?.string)
            let answer = { (shown: String?) in Wish.answer(QuestionID(1), .words("approve"), shown: shown) }
            #expect(await Self.code { _ = try await control.put(answer("0a"), to: run, ada) } == "question.changed")
            let reply = try await control.put(answer(digest), to: run, ada)
            #expect(reply.accepted == Position(3))
            #expect(reply.position >= reply.accepted)
            let second = await Self.code { _ = try await control.put(answer(nil), to: run, ada) }
            // The run may have ended by then.
            #expect(second == "question.closed" || second == "run.state")
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `the same key is answered as before, and for another wish refused`(adapter: ControlAdapter) async throws {
        let journal = MemoryJournal()
        let gate = Gate()
        let performer = ScriptedPerformer { _ in
            await gate.wait()
            return .done("done")
        }
        let key = Caller(key: "k-1", by: "ada")
        try await adapter.lend(journal: journal, performer: performer) { control, _ in
            let options = Engine.StartOptions()
            let run = try await control.start(chain(2), options, key)
            #expect(try await control.start(chain(2), options, key) == run)
            #expect(await Self.code { _ = try await control.start(chain(3), options, key) } == "request.conflict")
            let first = try await control.put(.add([.sentence("once")]), to: run.run, key)
            #expect(try await control.put(.add([.sentence("once")]), to: run.run, key) == first)
            #expect(await Self.code { _ = try await control.put(.cancel, to: run.run, key) } == "request.conflict")
            let refused = Caller(key: "k-2", by: "ada")
            #expect(await Self.code { _ = try await control.put(.resume, to: run.run, refused) } == "run.state")
            _ = try await control.put(.pause(now: false), to: run.run, ada)
            #expect(await Self.code { _ = try await control.put(.resume, to: run.run, refused) } == "run.state")
            #expect(
                await Self.code { _ = try await control.put(.cancel, to: run.run, Caller(key: " ", by: "a")) } != nil
            )
            #expect(try await JournalReader(journal).fold(run.run).run.counts.all.total == 3)
            _ = try await control.put(.resume, to: run.run, ada)
            gate.open()
            _ = try await control.facts(of: run.run).all()
            #expect(try await control.put(.add([.sentence("once")]), to: run.run, key) == first)
        }
        // Another engine knows it from the journal.
        try await adapter.lend(journal: journal) { control, _ in
            let again = try await control.start(chain(2), Engine.StartOptions(), key)
            #expect(try await journal.heads().map(\.run) == [again.run])
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `many who send one key at once are all told the same, and it is done once`(
        adapter: ControlAdapter
    ) async throws {
        let gate = Gate()
        let performer = ScriptedPerformer { _ in
            await gate.wait()
            return .done("done")
        }
        try await adapter.lend(performer: performer) { control, engine in
            let run = try await control.start(chain(1), Engine.StartOptions(), ada).run
            let replies = try await withThrowingTaskGroup(of: CommandReply.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await control.put(.add([.sentence("x")]), to: run, Caller(key: "same", by: "ada"))
                    }
                }
                return try await group.reduce(into: Set<CommandReply>()) { $0.insert($1) }
            }
            #expect(replies.count == 1)
            #expect(try await JournalReader(engine.journal).fold(run).run.counts.all.total == 2)
            gate.open()
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `runs that begin at once without a name each get one`(adapter: ControlAdapter) async throws {
        try await adapter.lend { control, engine in
            let runs = try await withThrowingTaskGroup(of: RunID.self) { group in
                for number in 0..<40 {
                    let caller = Caller(key: number % 2 == 0 ? "k\(number)" : nil, by: "ada")
                    group.addTask { try await control.start(chain(1), Engine.StartOptions(), caller).run }
                }
                return try await group.reduce(into: Set<RunID>()) { $0.insert($1) }
            }
            #expect(runs.count == 40)
            #expect(try await engine.journal.heads().count == 40)
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `an engine of one run takes no others`(adapter: ControlAdapter) async throws {
        try await adapter.lend(takesRuns: false) { control, _ in
            let code = await Self.code { _ = try await control.start(chain(1), Engine.StartOptions(), ada) }
            #expect(code == "engine.one_run")
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `resume takes over a run that nobody carries`(adapter: ControlAdapter) async throws {
        let journal = MemoryJournal()
        let gate = Gate()
        let waiting = ScriptedPerformer { _ in
            await Gate.untilCancelled()
            return .stopped()
        }
        let started = Lines()
        try await adapter.lend(journal: journal, performer: waiting) { control, _ in
            started.append(try await control.start(chain(2), Engine.StartOptions(), ada).run.text)
        }
        let run = RunID(try #require(started.all.first))
        try await adapter.lend(journal: journal) { control, _ in
            let before = try #require(try await journal.head(of: run)).position
            let keyed = Caller(key: "go-on", by: "ada")
            let resumed = try await control.put(.resume, to: run, keyed)
            #expect(resumed.state == "running")
            #expect(resumed.accepted == before.next, "what was before is not of this command")
            #expect(try await control.put(.resume, to: run, keyed) == resumed)
            let facts = try await control.facts(of: run).all()
            #expect(facts.last?.event == .ended(.completed))
        }
        gate.open()
    }

    @Test(arguments: ControlAdapter.allCases)
    func `a command reaches a run that the engine has not come to yet`(adapter: ControlAdapter) async throws {
        let journal = MemoryJournal()
        let waiting = ScriptedPerformer { _ in
            await Gate.untilCancelled()
            return .stopped()
        }
        let started = Lines()
        try await adapter.lend(journal: journal, performer: waiting) { control, _ in
            for _ in 0..<2 {
                started.append(try await control.start(chain(2), Engine.StartOptions(), ada).run.text)
            }
        }
        let (first, second) = (RunID(started.all[0]), RunID(started.all[1]))
        try await adapter.lend(journal: journal, performer: waiting) { control, engine in
            #expect(try await control.put(.pause(now: true), to: first, ada).state == "paused")
            #expect(try await control.put(.cancel, to: second, ada).state != "running")
            _ = try await control.facts(of: second).all()
            #expect(try await engine.outcome(of: second).end == .cancelled)
        }
        // The one was paused, and goes on where somebody says so, with the engine of another day too.
        try await adapter.lend(journal: journal) { control, _ in
            let keyed = Caller(key: "go-on", by: "ada")
            let resumed = try await control.put(.resume, to: first, keyed)
            #expect(resumed.state == "running")
            #expect(try await control.put(.resume, to: first, keyed) == resumed)
            #expect(try await control.facts(of: first).all().last?.event == .ended(.completed))
        }
    }

    @Test(arguments: ControlAdapter.allCases)
    func `forks that are made at once without a name each get one`(adapter: ControlAdapter) async throws {
        try await adapter.lend { control, engine in
            let run = try await control.start(chain(1), Engine.StartOptions(), ada).run
            _ = try await control.facts(of: run).all()
            let forks = try await withThrowingTaskGroup(of: RunID.self) { group in
                for _ in 0..<20 { group.addTask { try await control.fork(RunFork.Wish(of: run), ada).run } }
                return try await group.reduce(into: Set<RunID>()) { $0.insert($1) }
            }
            #expect(forks.count == 20)
            #expect(try await engine.journal.heads().count == 21)
        }
    }
}
