import BatonCore
import BatonEngine
import Synchronization

/// What is opened to speak to something, and closed again.
protocol PooledLine: Sendable {
    /// Whether nothing more comes of it, so that the next use needs another one.
    var isBroken: Bool { get }

    /// Returns when nothing of it is left.
    func close() async
}

/// Lines that are opened when somebody needs them, and closed when nobody has needed them for some time.
///
/// Several may use one at once, and each may be called off alone.
final class LinePool<Key: Hashable & Sendable, Line: PooledLine, Fault: Error>: Sendable {
    typealias Opening = Task<Result<Line, Fault>, Never>

    private struct Entry {
        let opening: Opening
        var users = 0
        /// Rises with each use, so that an alarm knows whether it is still meant.
        var uses = 0

        func close() async { if case .success(let line) = await self.opening.value { await line.close() } }
    }

    private let idle: Duration
    private let clock: any EngineClock
    private let isWanted: (@Sendable () -> Bool)?
    /// So long a line that is wanted stays with whoever has used it: it may think about what comes next.
    private static var shortest: Duration { .seconds(60) }
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameters:
    ///   - idle: how long a line that nobody uses stays open.
    ///   - isWanted: whether somebody waits for what an unused line holds; then it is closed after a minute. Nil: nobody does.
    init(idle: Duration, clock: any EngineClock, isWanted: (@Sendable () -> Bool)? = nil) {
        self.idle = idle
        self.clock = clock
        self.isWanted = isWanted
    }

    /// Uses a line, and opens it if it is not there.
    func with<Value: Sendable>(
        _ key: Key,
        open: @escaping @Sendable () async -> Result<Line, Fault>,
        _ body: @Sendable (Line) async throws(Fault) -> Value
    ) async -> Result<Value, Fault> {
        let opening = self.enter(key, open)
        defer { self.leave(key, opening) }
        let opened = await withTaskCancellationHandler {
            await opening.value
        } onCancel: {
            // Somebody else may wait for it too, and opens it anew.
            if self.entries.withLock({ $0[key]?.users ?? 0 <= 1 }) { opening.cancel() }
        }
        switch opened {
        case .failure(let fault):
            self.forget(key, opening)
            return .failure(fault)
        case .success(let line):
            do throws(Fault) {
                return .success(try await body(line))
            } catch {
                if line.isBroken {
                    self.forget(key, opening)
                    await line.close()
                }
                return .failure(error)
            }
        }
    }

    /// Closes those that nobody uses at the moment, without waiting for it.
    func closeUnused() {
        let unused = self.entries.withLock { entries in
            let unused = entries.filter { $0.value.users == 0 }
            for key in unused.keys { entries[key] = nil }
            return Array(unused.values)
        }
        for entry in unused {
            // Unstructured: whoever waits for what it holds hears of it by that.
            Task { await entry.close() }
        }
    }

    /// Closes all; returns when nothing of them is left.
    func close() async {
        let all = self.entries.withLock { entries in
            defer { entries = [:] }
            return Array(entries.values)
        }
        await withTaskGroup { group in
            for entry in all {
                group.addTask {
                    entry.opening.cancel()
                    await entry.close()
                }
            }
        }
    }

    private func enter(_ key: Key, _ open: @escaping @Sendable () async -> Result<Line, Fault>) -> Opening {
        self.entries.withLock { entries in
            // Unstructured: whoever comes while it is opened waits for the same.
            var entry = entries[key] ?? Entry(opening: Task { await open() })
            entry.users += 1
            entry.uses += 1
            entries[key] = entry
            return entry.opening
        }
    }

    // Another line may have taken its place meanwhile, which has users of its own.
    private func leave(_ key: Key, _ opening: Opening) {
        let uses = self.entries.withLock { entries -> Int? in
            guard entries[key]?.opening == opening else { return nil }
            entries[key]?.users -= 1
            return entries[key].flatMap { $0.users == 0 ? $0.uses : nil }
        }
        guard let uses else { return }
        // Unstructured: the use that was the last one does not wait for it.
        Task { [weak self, clock, idle, isWanted] in
            let end = clock.now() + idle
            repeat {
                try await clock.sleep(until: isWanted == nil ? end : min(end, clock.now() + Self.shortest))
            } while clock.now() < end && isWanted?() != true
            await self?.closeIdle(key, opening, uses)
        }
    }

    private func closeIdle(_ key: Key, _ opening: Opening, _ uses: Int) async {
        let entry = self.entries.withLock { entries -> Entry? in
            guard let entry = entries[key], entry.opening == opening, entry.uses == uses else { return nil }
            return entries.removeValue(forKey: key)
        }
        await entry?.close()
    }

    private func forget(_ key: Key, _ opening: Opening) {
        self.entries.withLock { entries in
            if entries[key]?.opening == opening { entries[key] = nil }
        }
    }
}
