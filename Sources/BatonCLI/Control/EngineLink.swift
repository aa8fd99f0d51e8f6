import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer
import Foundation

/// The way to the engine of a data folder, if one runs there.
struct EngineLink {
    typealias Client = ControlClient

    /// The client of the engine that holds the folder; nil if none does, or it does not listen.
    static func find(in path: String) -> ControlClient? {
        let holder = DataFolder.holder(of: URL(fileURLWithPath: path).standardizedFileURL.path)
        guard holder.standing == .held, let socket = holder.socket else { return nil }
        return ControlClient(socket: socket)
    }

    /// Asks the engine of a folder something.
    ///
    /// - Throws: ``BatonError`` with `engine.absent` where none runs, naming the way.
    static func ask<Value>(
        in folder: ReadOnly,
        about run: RunID,
        _ body: (ControlClient) async throws -> Value
    ) async throws -> Value {
        guard let client = Self.find(in: folder.path) else { throw try await Self.absent(folder, run) }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    private static func absent(_ folder: ReadOnly, _ run: RunID) async throws -> BatonError {
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
