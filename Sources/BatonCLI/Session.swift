import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation

/// One process that holds a data folder and carries one run to its end, or to where it needs people.
struct Session {
    private let folder: DataFolder
    private let journal: SQLiteJournal
    private let prices: PriceTable
    private let askingLimits: [String: ProviderPace.Limits]
    private let follow: FollowOptions
    private let output: OutputOptions
    private let shows: Showing
    private let commands: CommandPerformer
    private let servers: ToolServers
    private let browsers: Browsers

    init(data path: String, follow: FollowOptions, output: OutputOptions, shows: Showing = .run) async throws {
        self.follow = follow
        self.output = output
        self.shows = shows
        try OpenFiles.requireEnough()
        self.folder = try DataFolder(holding: path)
        for warning in self.folder.warnings { Console.note("warning: \(warning)") }
        let orphans = self.folder.wasAbandoned ? Orphans.kill(ofFolder: self.folder.path) : 0
        if orphans > 0 {
            Console.note(
                "killed \(orphans) \(orphans == 1 ? "process" : "processes") that a dead engine had left behind"
            )
        }
        self.prices = try Prices.table(in: self.folder.path)
        self.askingLimits = try AskingLimits.table(in: self.folder.path)
        self.journal = try SQLiteJournal(in: self.folder)
        let environment = Surroundings.variables
        self.commands = CommandPerformer(
            projectFolder: follow.projectFolder,
            dataFolder: self.folder.path,
            environment: environment,
            isSoleParent: true
        )
        self.servers = ToolServers(commands: self.commands, environment: environment, clock: SystemClock())
        self.browsers = Browsers(commands: self.commands, dataFolder: self.folder.path, clock: SystemClock())
        try await self.verify()
    }

    // A journal that was changed behind our back is not written to. Of a large one only the runs that may still go on are
    // looked at, for starting must stay quick; the others are checked when they are read.
    private func verify() async throws {
        let size = (try? FileManager.default.attributesOfItem(atPath: self.folder.journalPath)[.size]) as? Int ?? 0
        let isLarge = size > 32 << 20
        for head in try await self.journal.heads() where !head.isEnded || !isLarge {
            try await JournalReader(self.journal).verify(head.run)
        }
    }

    private func close() {
        self.journal.close()
        self.folder.letGo()
    }

    // Servers of tools last as long as the engine that speaks to them, however that ends.
    private func running<Value: Sendable>(
        _ engine: Engine,
        _ body: @escaping @Sendable (Engine) async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await engine.running(body)
            await self.servers.close()
            await self.browsers.close()
            return value
        } catch {
            await self.servers.close()
            await self.browsers.close()
            throw error
        }
    }

    // MARK: Rehearsals

    func rehearse(_ plan: Plan, _ options: Engine.StartOptions) async throws {
        defer { self.close() }
        let offline = try await OfflineRun.rehearse(plan, options, journal: self.journal, clock: SystemClock())
        try await self.play(offline, isResumed: false)
    }

    private func play(_ offline: OfflineRun, isResumed: Bool) async throws {
        var offline = offline
        self.folder.announce(carrying: offline.run.id)
        var printer = RunPrinter(asJSON: self.output.json, shows: self.shows)
        printer.take(try await JournalReader(self.journal).all(of: offline.run.id), isOld: isResumed)
        let stop = await StopSignal()
        // Unstructured: playing is one long call of this task, and nobody waits for the listener.
        let listener = Task { await stop.listen() }
        defer { listener.cancel() }
        try await offline.play(isResumed: isResumed, while: { !stop.isGiven }, report: { printer.take($0) })
        if stop.isGiven, !offline.run.isEnded {
            Console.note("stopped; go on with: \(self.command("resume", offline.run.id))")
            throw Exit.interrupted
        }
        try await self.finish(try await self.sheet(of: offline.run.id))
    }

    // MARK: Real runs

    func run(_ plan: Plan, _ options: Engine.StartOptions) async throws {
        defer { self.close() }
        let engine = self.engine(seed: options.seed)
        try await self.carry(engine) { try await engine.start(plan, options: options) }
    }

    func resume(_ wanted: RunID?) async throws {
        defer { self.close() }
        let heads = try await self.journal.heads()
        let head = heads.first { wanted == nil ? !$0.isEnded : $0.run == wanted }
        guard let head else {
            throw BatonError(
                .unknownRun,
                wanted.map { "there is no run \($0)" } ?? "no run waits to be resumed",
                remedy: "`baton runs` lists the runs"
            )
        }
        if head.isEnded || head.isRehearsal {
            let offline = try await OfflineRun.open(head.run, journal: self.journal, clock: SystemClock())
            if !head.isEnded { return try await self.play(offline, isResumed: true) }
            Console.note("run \(head.run) has ended already: \(head.state)")
            return try await self.finish(try await self.sheet(of: head.run))
        }
        let (run, _) = try await JournalReader(self.journal).fold(head.run)
        let engine = self.engine(seed: run.seed.seed, clock: SystemClock(notBefore: run.now))
        try await self.carry(engine, skipping: run.head) { try await engine.resume(head.run) }
    }

    // MARK: An engine that stays

    func serve() async throws {
        defer { self.close() }
        let stop = await StopSignal()
        let open = try await self.journal.heads().filter { !$0.isEnded && !$0.isRehearsal }
        var newest = Timestamp.zero
        var sound: [RunID] = []
        for head in open {
            // One that is damaged keeps no other from going on.
            do {
                newest = max(newest, try await JournalReader(self.journal).fold(head.run).run.now)
                sound.append(head.run)
            } catch let error as BatonError {
                Console.note("warning: run \(head.run) is left as it is: \(error)")
            }
        }
        let runs = sound
        let engine = self.engine(seed: 0, clock: SystemClock(notBefore: newest), takesRuns: true)
        let listening = Listening(engine, in: self.folder)
        let (given, give) = AsyncStream.makeStream(of: Void.self)
        // Unstructured: it listens as long as the engine is there, for the second signal too.
        let listener = Task { await stop.listen { give.yield() } }
        defer { listener.cancel() }
        try await self.running(engine) { engine in
            try await listening.during {
                // Many runs take their time, and whoever wants to stop need not wait for them.
                var going = 0
                for run in runs.reversed() where !stop.isGiven {
                    do {
                        _ = try await engine.adopt(run, staysPaused: true)
                        going += 1
                    } catch let error as BatonError where error.code.text.hasPrefix("provider.") {
                        Console.note("warning: run \(run) is left as it is: \(error)")
                    }
                }
                Console.note(
                    "an engine serves \(self.folder.path)\(going == 0 ? "" : ", \(going) \(going == 1 ? "run goes" : "runs go") on")"
                )
                for await _ in given { break }
                Console.note("stopping; once more stops at once")
            }
        }
    }

    private func providers(_ clock: any EngineClock) -> Providers {
        let files = [self.follow.realProjectFolder, self.folder.path].map { "\($0)/.env" }
        let keys = KeyRing(environment: Surroundings.variables, files: files)
        for file in keys.refused {
            Console.note("warning: \(file) is not used, as others can read it; chmod 600 \(file)")
        }
        return Providers(
            keys: keys,
            prices: self.prices,
            clock: clock,
            limits: self.askingLimits,
            book: PaceBook(dataFolder: self.folder.path)
        )
    }

    private func engine(seed: UInt64, clock: SystemClock = SystemClock(), takesRuns: Bool = false) -> Engine {
        var configuration = Engine.Configuration()
        configuration.slots = min(configuration.slots, OpenFiles.commands)
        configuration.takesRuns = takesRuns
        configuration.projectFolder = self.follow.realProjectFolder
        configuration.prices = self.prices
        let providers = self.providers(clock)
        let secrets = providers.secrets
        configuration.admits = { try providers.requireAccess(for: $0) }
        let commands = self.commands
        let standIn = StandInPerformer(seed: seed)
        // Its agents' tools speak to the engine that calls them.
        let late = LateEngine()
        let models = LanguageModels(
            providers,
            tools: ToolBox(
                projectFolder: self.follow.realProjectFolder,
                dataFolder: self.folder.path,
                commands: commands,
                servers: self.servers,
                browsers: self.browsers,
                texts: SQLiteTextStore(in: self.folder),
                addTasks: { tasks, run, caller in try await late.engine().add(tasks, to: run, caller) },
                keeping: secrets,
                environment: Surroundings.variables,
                clock: clock
            ),
            projectFolder: self.follow.realProjectFolder,
            journal: self.journal
        )
        let live = LiveFiles(dataFolder: self.folder.path).table
        let engine = Engine(journal: self.journal, configuration: configuration, clock: clock, live: live) { agent in
            switch agent.kind {
            case .command: secrets.isEmpty ? commands : DiscreetPerformer(commands, keeping: secrets)
            case .standIn: standIn
            case .model: models.performer(for: agent)
            case .person, .function, .builtIn, .conductor: nil
            }
        }
        late.set(engine)
        return engine
    }

    private func carry(
        _ engine: Engine,
        skipping old: Position = .start,
        _ begin: @escaping @Sendable () async throws -> RunHandle
    ) async throws {
        let dataFolder = self.folder.path
        let follower = Follower(
            control: engine,
            readings: Readings(self.journal),
            options: self.follow,
            output: self.output,
            shows: self.shows,
            dataFolder: dataFolder,
            stop: await StopSignal(),
            atStop: { engine.shutDown() },
            farewell: { run in
                "stopping; once more stops at once"
                    + (run.map { ", then: " + CommandHint.line(["resume", $0.text], dataFolder: dataFolder) } ?? "")
            },
            skipping: old
        )
        let (listening, folder) = (Listening(engine, in: self.folder), self.folder)
        let (run, reason) = try await self.running(engine) { _ in
            try await listening.during {
                let handle = try await begin()
                folder.announce(carrying: handle.id)
                return (handle.id, try await follower.follow(handle.id))
            }
        }
        switch reason {
        case .ended: try await self.finish(try await self.sheet(of: run))
        case .interrupted:
            Console.note("stopped; go on with: \(self.command("resume", run))")
            throw Exit.interrupted
        case .waitsForPeople:
            try await self.summarise(try await self.sheet(of: run))
            Console.note("only people are waited for; after answering: \(self.command("resume", run))")
            throw Exit.waitsForPeople
        }
    }

    private func sheet(of run: RunID) async throws -> RunSheet {
        try RunSheet.of(run, try await JournalReader(self.journal).all(of: run))
    }

    private func command(_ verb: String, _ run: RunID) -> String {
        var words = [verb, run.text]
        if let project = self.follow.projectDir { words += ["--project-dir", project] }
        return CommandHint.line(words, dataFolder: self.folder.path)
    }

    // MARK: The end

    private func finish(_ sheet: RunSheet) async throws {
        try await self.summarise(sheet)
        if case .ended(let end) = sheet.run.phase {
            if let code = Exit.code(of: end) { throw code }
        } else if !sheet.run.openQuestions.isEmpty {
            Console.note("only people are waited for; after answering: \(self.command("resume", sheet.run.id))")
            throw Exit.waitsForPeople
        }
    }

    private func summarise(_ sheet: RunSheet) async throws {
        let viewer = Console.viewer(dataFolder: self.folder.path)
        if !self.output.json, self.shows == .run { Console.print("") }
        let outputs = Readings(self.journal)
        try await Console.summarise(sheet, outputs, for: viewer, asJSON: self.output.json, self.shows)
    }
}

extension Readings {
    /// One line for each task that brought something: of patterns what they come to, else a member called summary, else the whole.
    func texts(of sheet: RunSheet) async throws -> [TaskIndex: String] {
        guard sheet.run.tasks.count <= 1000 else { return [:] }
        let outputs = try await self.outputs(of: sheet.run)
        return Dictionary(
            uniqueKeysWithValues: outputs.map { task, output in
                (task, Gist.of(output, of: sheet.run.spec(task)) ?? output["summary"]?.string ?? output.plainText)
            }
        )
    }
}

/// A data folder that is only read, beside an engine or without one.
struct ReadOnly {
    let path: String
    let journal: SQLiteJournal

    init(_ path: String) throws {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        let file = DataFolder.journalPath(in: absolute)
        guard FileManager.default.fileExists(atPath: file) else {
            throw BatonError(
                .unknownRun,
                "there is no data folder at \(absolute)",
                remedy: "run a plan first, or name the folder with --data-dir"
            )
        }
        self.path = absolute
        self.journal = try SQLiteJournal(readingAt: file)
    }

    func head(of run: RunID) async throws -> RunHead {
        guard let head = try await self.journal.head(of: run) else { throw Engine.unknown(run) }
        return head
    }

    func facts(of run: RunID) async throws -> [Recorded] { try await JournalReader(self.journal).all(of: run) }

    func sheet(of run: RunID) async throws -> RunSheet { try RunSheet.of(run, try await self.facts(of: run)) }

    /// A run and a task of it; one word may be a task of the newest run, if no run is called so.
    func subject(_ name: String?, _ task: String?) async throws -> (RunID, String?) {
        let run = try await self.run(name)
        guard let name, task == nil, try await self.journal.head(of: run) == nil else { return (run, task) }
        let newest = try await self.run(nil)
        let tasks = try await self.sheet(of: newest).run.plan.tasks.map(\.id.text)
        guard tasks.contains(name) else {
            throw BatonError(
                .unknownRun,
                "there is no run \(PlainText.line(name, limit: 60)), and run \(newest) has no such task",
                remedy: NearestName.of(name, among: tasks).map { "did you mean \($0)?" }
                    ?? "`baton runs` lists the runs; the words are [RUN] [TASK]"
            )
        }
        return (newest, name)
    }

    /// The named run, else the newest; for those who want to see something happen, the newest that has not ended if there is one.
    func run(_ name: String?, goingOn: Bool = false) async throws -> RunID {
        if let name { return RunID(name) }
        let heads = try await self.journal.heads()
        guard let newest = (goingOn ? heads.first { !$0.isEnded } : nil) ?? heads.first else {
            throw BatonError(.unknownRun, "there are no runs here", remedy: "start one with `baton run PLAN`")
        }
        return newest.run
    }
}

extension RunSheet {
    /// The sheet of a run that was read whole.
    static func of(_ run: RunID, _ facts: [Recorded]) throws -> RunSheet {
        guard let sheet = RunSheet(facts) else {
            throw BatonError(
                .journalCorrupt,
                "run \(run) has no first event",
                remedy: "restore the data folder from a copy"
            )
        }
        if let damage = sheet.run.damage {
            throw BatonError(
                .journalCorrupt,
                "run \(run) is damaged at event \(damage.value)",
                remedy: "restore the data folder from a copy"
            )
        }
        return sheet
    }
}
