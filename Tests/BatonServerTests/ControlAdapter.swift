import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer
import BatonTestKit
import Synchronization
import Testing

/// Every way to speak to an engine; each passes the same tests.
enum ControlAdapter: String, CaseIterable, CustomTestStringConvertible {
    case engine
    case client

    var testDescription: String { self.rawValue }

    /// Lends an engine that goes on, and the way to it.
    func lend(
        journal: any Journal = MemoryJournal(),
        takesRuns: Bool = true,
        performer: ScriptedPerformer = ScriptedPerformer { _ in .done("done") },
        _ body: @escaping @Sendable (any Control, Engine) async throws -> Void
    ) async throws {
        var configuration = Engine.Configuration()
        configuration.takesRuns = takesRuns
        let engine = Engine(journal: journal, configuration: configuration) { _ in performer }
        try await engine.running { engine in
            switch self {
            case .engine: try await body(engine, engine)
            case .client: try await Served.lend(engine) { client, _ in try await body(client, engine) }
            }
        }
    }
}

/// An engine behind a socket of one test's own.
enum Served {
    static func lend(
        _ engine: Engine,
        clients: Int = 4096,
        silence: Duration = .seconds(60),
        patience: Duration = .seconds(120),
        _ body: @Sendable (ControlClient, String) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let place = SocketPlace(dataFolder: folder.path)
        try place.prepare()
        let server = ControlServer(engine, at: place.path, clients: clients, silence: silence, patience: patience)
        let listening = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Whoever waits for a server that cannot start must not wait for ever.
                defer { listening.open() }
                try await server.run { listening.open() }
            }
            await listening.wait()
            let client = ControlClient(socket: place.path, patience: .seconds(600))
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(client, place.path))
            } catch {
                result = .failure(error)
            }
            await client.close()
            group.cancelAll()
            try await group.waitForAll()
            try result.get()
        }
        place.remove()
    }
}

/// A plan whose tasks come one after the other, with an agent that tests play.
func chain(_ count: Int) -> Plan {
    var agent = AgentProfile(id: "f")
    agent.type = "function"
    agent.repeatable = true
    let tasks = (0..<count).map { number in
        TaskSpec(
            id: TaskID("t\(number)"),
            description: "d\(number)",
            dependencies: number == 0 ? [] : [TaskID("t\(number - 1)")]
        )
    }
    return Plan(id: "p", agents: [agent], tasks: tasks)
}

let ada = Caller(by: "ada")

extension FactFeed {
    /// All facts up to the end of the run.
    func all() async throws -> [Recorded] {
        var facts: [Recorded] = []
        while let more = try await self.next() { facts += more }
        return facts
    }
}
