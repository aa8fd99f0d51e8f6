import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer
import Foundation

/// The way to the engine of a data folder, if one runs there.
struct EngineLink {
    typealias Client = ControlClient

    /// The client of the engine that holds the folder; nil if none does, or it does not listen.
    static func find(in path: String, patience: Duration = .seconds(30)) -> ControlClient? {
        Self.client(of: Self.holder(of: path), patience: patience)
    }

    /// So long an engine that has just taken the folder may need until it listens.
    private static let opening = Duration.seconds(2)

    /// The same, and one that is about to listen is waited for.
    static func reach(in path: String) async -> ControlClient? {
        let start = ContinuousClock.now
        while true {
            let holder = Self.holder(of: path)
            if let client = Self.client(of: holder) { return client }
            guard holder.standing == .held, ContinuousClock.now - start < Self.opening,
                (try? await Task.sleep(for: .milliseconds(10))) != nil
            else { return nil }
        }
    }

    private static func holder(of path: String) -> DataFolder.Holder {
        DataFolder.holder(of: URL(fileURLWithPath: path).standardizedFileURL.path)
    }

    private static func client(of holder: DataFolder.Holder, patience: Duration = .seconds(30)) -> ControlClient? {
        guard holder.standing == .held, let socket = holder.socket else { return nil }
        return ControlClient(socket: socket, patience: patience)
    }

    /// Asks the engine of a folder something.
    ///
    /// - Throws: ``BatonError`` with `engine.absent` where none runs, naming the way.
    static func ask<Value>(
        in folder: ReadOnly,
        about run: RunID,
        _ body: (ControlClient) async throws -> Value
    ) async throws -> Value {
        guard let answer = try await Self.askIfThere(in: folder, body) else { throw try await Self.absent(folder, run) }
        return answer
    }

    /// The same; nil where no engine can be spoken to.
    static func askIfThere<Value>(
        in folder: ReadOnly,
        _ body: (ControlClient) async throws -> Value
    ) async throws -> Value? {
        guard let client = await Self.reach(in: folder.path) else { return nil }
        let result: Result<Value, any Error>
        do {
            result = .success(try await Self.noticing(folder.path) { try await body(client) })
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    /// Silence of an engine that a person is told of.
    private static let longSilence = Duration.seconds(2)

    /// Waits for an engine, and says on standard error that it does if that takes long.
    static func noticing<Value>(_ folder: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Cancelled as soon as there is an answer.
                    guard (try? await Task.sleep(for: Self.longSilence)) != nil else { return }
                    let holder = DataFolder.holder(of: folder)
                    let seconds = Int(Self.longSilence.inSeconds)
                    Console.note("\(Self.name(holder)) has not answered for \(seconds) s; \(Self.way(holder))")
                }
                defer { group.cancelAll() }
                return try await body()
            }
        } catch let error as BatonError where error.code == .engineSilent {
            let holder = DataFolder.holder(of: folder)
            // One that has gone is neither busy nor suspended.
            guard holder.standing == .held else { throw error }
            throw BatonError(
                .engineSilent,
                "\(Self.name(holder)) has not answered in time; whether it does what was asked is not known",
                remedy: Self.way(holder) + "; with --key the same can be said again and is done once",
                cause: error
            )
        }
    }

    private static func name(_ holder: DataFolder.Holder) -> String {
        "the engine\(holder.pid.map { " (process \($0))" } ?? "")"
    }

    private static func way(_ holder: DataFolder.Holder) -> String {
        guard let pid = holder.pid else { return "it may be busy, or suspended" }
        return holder.isSuspended
            ? "it is suspended; let it go on with: kill -CONT \(pid)"
            : "it may be busy; if it hangs, end it with: kill \(pid), and go on with: baton resume"
    }

    /// No engine of the folder can be spoken to that would do something about a run.
    static func absent(_ folder: ReadOnly, _ run: RunID) async throws -> BatonError {
        let head = try await folder.head(of: run)
        if head.isEnded { return Engine.ended(head) }
        let holder = DataFolder.holder(of: folder.path)
        let resume = CommandHint.line(["resume", run.text, "--wait"], dataFolder: folder.path)
        let serve = CommandHint.line(["serve"], dataFolder: folder.path)
        guard holder.standing == .held else {
            return BatonError(
                .engineAbsent,
                "no engine runs in \(folder.path), so nothing of run \(run) goes on",
                remedy: "go on with it: \(resume); or with all that has not ended: \(serve)"
            )
        }
        return BatonError(
            .engineAbsent,
            "\(holder.words) holds \(folder.path) and cannot be spoken to",
            remedy: "wait until it listens or ends"
        )
    }
}
