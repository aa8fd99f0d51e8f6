package import BatonCore
package import BatonEngine
import Foundation
import Synchronization

/// Live lines in one capped file for each attempt, `live/RUN/TASK.ATTEMPT.log` below the data folder, for people.
package struct LiveFiles: Sendable {
    /// More than this is dropped, with a last line that says so.
    static let limit = 1 << 20

    private let folder: String

    /// Writes below this folder.
    package init(dataFolder: String) { self.folder = "\(dataFolder)/live" }

    /// The table for an engine.
    ///
    /// Names of runs and tasks are safe as file names by their own rule.
    package var table: LiveTable {
        { run, task, attempt in
            let file = LiveFile(folder: "\(self.folder)/\(run)", name: Self.name(task, attempt))
            return LiveSink { file.take($0) }
        }
    }

    /// The last line that an attempt has written so far, by this process or another; nil if there is none.
    package func lastLine(of run: RunID, _ task: TaskID, attempt: Int) -> String? {
        LastLine.of(file: "\(self.folder)/\(run)/\(Self.name(task, attempt))")
    }

    /// What the logs of a run take on the disk, in bytes.
    package func size(of run: RunID) -> Int64 {
        guard let path = self.path(of: run) else { return 0 }
        // No folder: no log was written.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            let found = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return sum + ((found?[.size] as? Int64) ?? 0)
        }
    }

    /// Takes the logs of a run away.
    package func remove(_ run: RunID) {
        guard let path = self.path(of: run) else { return }
        // What cannot be removed is a log without a run, which `baton doctor` names.
        try? FileManager.default.removeItem(atPath: path)
    }

    // A name that a damaged journal gives may lead anywhere.
    private func path(of run: RunID) -> String? {
        NameRule.fault(of: run.text) == nil ? "\(self.folder)/\(run)" : nil
    }

    private static func name(_ task: TaskID, _ attempt: Int) -> String { "\(task).\(attempt).log" }
}

/// One log; opened at its first line, since most attempts have none.
private final class LiveFile: Sendable {
    private struct State {
        var handle: FileHandle?
        var written = 0
        var isClosed = false
    }

    private let folder: String
    private let name: String
    private let state = Mutex(State())

    init(folder: String, name: String) {
        self.folder = folder
        self.name = name
    }

    func take(_ line: String) {
        self.state.withLock { state in
            guard !state.isClosed else { return }
            if state.handle == nil { state.handle = self.open() }
            guard let handle = state.handle else {
                state.isClosed = true
                return
            }
            let isLast = state.written > LiveFiles.limit
            let text = isLast ? "… the rest is dropped: \(LiveFiles.limit) bytes are kept\n" : line + "\n"
            // A log is for people: a disk that does not take it must not fail the work.
            try? handle.write(contentsOf: Data(text.utf8))
            state.written += text.utf8.count
            state.isClosed = isLast
        }
    }

    private func open() -> FileHandle? {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            atPath: self.folder,
            withIntermediateDirectories: true,
            attributes: attributes
        )
        let path = "\(self.folder)/\(self.name)"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            return nil
        }
        return FileHandle(forWritingAtPath: path)
    }
}
