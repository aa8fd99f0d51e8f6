import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer

/// The facts of a run as another process writes them, read from the journal; ends when nobody holds the folder any more.
actor JournalFeed {
    /// How often the journal is looked at.
    private static let beat = Duration.milliseconds(40)

    private let reader: JournalReader
    private let folder: String
    private var cursor: JournalReader.Cursor
    private var isOver = false
    private var beats = 0

    init(_ run: RunID, in folder: ReadOnly) {
        self.reader = JournalReader(folder.journal)
        self.folder = folder.path
        self.cursor = JournalReader.Cursor(run: run)
    }

    nonisolated var feed: FactFeed { FactFeed { try await self.next() } }

    private func next() async throws -> [Recorded]? {
        while !self.isOver {
            // Asked first: what was written before the holder ended is read behind it.
            let isHeld = !self.beats.isMultiple(of: 10) || DataFolder.holder(of: self.folder).standing == .held
            var cursor = self.cursor
            let facts = try await self.reader.next(&cursor)
            self.cursor = cursor
            if case .ended? = facts.last?.event { self.isOver = true }
            if !facts.isEmpty { return facts }
            guard isHeld else { break }
            self.beats += 1
            try await Task.sleep(for: Self.beat)
        }
        return nil
    }
}

/// The facts of a run that another process may carry: from its engine if that can be spoken to, else from the journal.
struct FactSource {
    private let client: EngineLink.Client?
    let feed: FactFeed

    init(_ run: RunID, in folder: ReadOnly) async throws {
        _ = try await folder.head(of: run)
        if let client = EngineLink.find(in: folder.path) {
            // An engine that ends just now, carries other runs or says nothing: the journal knows as much.
            if await Self.answers(folder.path), let feed = try? await client.facts(of: run) {
                self.client = client
                self.feed = FactFeed {
                    do {
                        return try await feed.next()
                    } catch let error as BatonError where error.code == .engineAbsent {
                        // Its process has ended: nothing carries the run any more.
                        return nil
                    }
                }
                return
            }
            await client.close()
        }
        (self.client, self.feed) = (nil, JournalFeed(run, in: folder).feed)
    }

    func close() async { await self.client?.close() }

    // A stream has no end by which it should have begun, so something else is asked for: what the engine reads nothing for.
    private static func answers(_ folder: String) async -> Bool {
        guard let client = EngineLink.find(in: folder, patience: .seconds(2)) else { return false }
        let result: Result<JSON, any Error>
        do { result = .success(try await client.get("/v1/openapi.json")) } catch { result = .failure(error) }
        await client.close()
        guard case .failure(let error as BatonError) = result, error.code == .engineSilent else { return true }
        Console.note("\(error.message), so the journal is read instead; \(error.remedy)")
        return false
    }
}
