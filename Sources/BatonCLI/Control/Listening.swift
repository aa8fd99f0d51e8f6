import BatonAgents
import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer

/// An engine that can be spoken to while it does something.
struct Listening {
    private let server: ControlServer
    private let place: SocketPlace
    private let folder: DataFolder
    private let takesRuns: Bool

    init(_ engine: Engine, in folder: DataFolder) {
        self.folder = folder
        self.takesRuns = engine.configuration.takesRuns
        self.place = SocketPlace(dataFolder: folder.path)
        let path = folder.path
        self.server = ControlServer(engine, at: self.place.path, clients: OpenFiles.clients) {
            CommandHint.line($0, dataFolder: path)
        }
    }

    /// Does something while the engine listens; without a socket it is done all the same.
    func during<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let (server, place, folder, takesRuns) = (self.server, self.place, self.folder, self.takesRuns)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try place.prepare()
                    defer { place.remove() }
                    try await server.run {
                        place.restrict()
                        folder.announce(socket: place.path, takesRuns: takesRuns)
                    }
                } catch let error as BatonError {
                    Console.note("warning: \(error)")
                }
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            // Watchers get the last events before they are left.
            await server.close()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
