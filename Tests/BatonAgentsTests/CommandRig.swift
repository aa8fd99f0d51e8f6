import BatonAgents
import BatonCore
import Foundation
import Synchronization

@testable import BatonEngine

/// A project folder and a data folder of one test, and commands in them.
struct CommandRig: Sendable {
    let folder: String
    let dataFolder: String
    var outer = ["HOME": "/tmp", "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"]

    private init(_ root: String) {
        self.folder = "\(root)/project"
        self.dataFolder = "\(root)/data"
    }

    /// Lends a rig; its folders are gone afterwards.
    static func lend<Value>(_ body: (CommandRig) async throws -> Value) async throws -> Value {
        let root = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
            .appendingPathComponent("baton-\(UUID().uuidString)").path
        let rig = CommandRig(root)
        for folder in [rig.folder, rig.dataFolder] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: root) }  // what stays is in the temporary folder
        return try await body(rig)
    }

    func work(_ command: [String], _ change: (inout AgentProfile, inout TaskSpec) -> Void = { _, _ in }) -> Work {
        self.work(command, input: .null, change)
    }

    func work(
        _ command: [String],
        input: JSON,
        attempt: Int = 1,
        delivery: Int = 1,
        dependencies: [Work.Dependency] = [],
        _ change: (inout AgentProfile, inout TaskSpec) -> Void = { _, _ in }
    ) -> Work {
        var agent = AgentProfile(id: "writer")
        agent.command = command
        var task = TaskSpec(id: "draft", description: "Write it")
        change(&agent, &task)
        return Work(
            run: RunID("r1"),
            task: task,
            agent: agent,
            attendees: [agent.id],
            attempt: attempt,
            delivery: delivery,
            input: input,
            description: task.description,
            dependencies: dependencies
        )
    }

    var performer: CommandPerformer { self.performer(isSoleParent: true) }

    func performer(isSoleParent: Bool) -> CommandPerformer {
        CommandPerformer(
            projectFolder: self.folder,
            dataFolder: self.dataFolder,
            environment: self.outer,
            isSoleParent: isSoleParent
        )
    }

    func perform(_ work: Work, live: LiveSink = .none) async -> WorkResult {
        await self.performer.perform(work.saying(to: live))
    }

    /// Performs a line of the shell.
    func shell(
        _ script: String,
        live: LiveSink = .none,
        _ change: (inout AgentProfile, inout TaskSpec) -> Void = { _, _ in }
    ) async -> WorkResult {
        await self.perform(self.work(["/bin/sh", "-c", script], change), live: live)
    }

    /// Performs a line of the shell and cancels it when it has printed `ready` to standard error.
    func cancelled(_ script: String) async -> (result: WorkResult, took: Duration) {
        let log = LineLog()
        let task = Task { await self.shell(script, live: log.sink) }
        await log.wait(for: "ready")
        let start = ContinuousClock.now
        task.cancel()
        let result = await task.value
        return (result, ContinuousClock.now - start)
    }

    /// Makes an executable file; the shell writes it, since a descriptor of ours, open for writing while another test
    /// spawns, would make the file busy.
    func executable(_ name: String, _ text: String) async {
        _ = await self.perform(
            self.work(["/bin/sh", "-c", "printf %s \"$1\" > \"$0\"; chmod 755 \"$0\"; echo ok", name, text])
        )
    }

    /// Processes that work in the project folder, however they have disguised themselves.
    var survivors: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
            return place?.hasPrefix(self.folder) == true
        }
    }

    /// Those of the numbers in the file `pids` that still name a process, zombies included.
    var unburied: [String] {
        let text = (try? String(contentsOfFile: "\(self.folder)/pids", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init).filter {
            FileManager.default.fileExists(atPath: "/proc/\($0)")
        }
    }
}

extension WorkResult {
    var value: JSON? {
        if case .done(let value, _) = self { return value }
        return nil
    }

    var failure: Failure? {
        if case .failed(let failure, _) = self { return failure }
        return nil
    }

    var isStopped: Bool {
        if case .stopped = self { return true }
        return false
    }
}

/// Live lines as they came.
final class LineLog: Sendable {
    private struct State {
        var lines: [String] = []
        var waiting: [(line: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var sink: LiveSink {
        LiveSink { line in
            let ready = self.state.withLock { state in
                state.lines.append(line)
                let ready = state.waiting.filter { $0.line == line }
                state.waiting.removeAll { $0.line == line }
                return ready.map(\.continuation)
            }
            for continuation in ready { continuation.resume() }
        }
    }

    var lines: [String] { self.state.withLock { $0.lines } }

    func wait(for line: String) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isThere = self.state.withLock { state in
                if !state.lines.contains(line) { state.waiting.append((line, continuation)) }
                return state.lines.contains(line)
            }
            if isThere { continuation.resume() }
        }
    }
}
