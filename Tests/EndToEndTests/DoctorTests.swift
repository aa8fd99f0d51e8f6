import BatonCore
import BatonTestKit
import Foundation
import Testing

@Suite(.ownThreads, .timeLimit(.minutes(30)))
struct DoctorTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path, environment: ["LC_ALL": "C.UTF-8"])
        _ = try self.folder.write(
            """
            project_id: sick
            agents: [{agent_id: sh, command: [sh, -c, 'echo some words >&2; echo fine']}, {agent_id: ed, type: person}]
            tasks: [{task_id: a, assigned_agent: sh}, {task_id: b, assigned_agent: ed}]
            """,
            to: "plan.yml"
        )
    }

    private func doctor(_ arguments: String...) throws -> (code: Int32, checks: [JSON]) {
        let ending = try self.baton.run(["doctor", "--json"] + arguments)
        let json = try JSON(parsing: ending.output.utf8)
        return (ending.code, json["checks"]?.elements ?? [])
    }

    private static func level(_ subject: String, _ checks: [JSON]) -> [String] {
        checks.filter { $0["check"]?.string == subject }.compactMap { $0["level"]?.string }
    }

    private var data: String { self.folder(".baton") }

    @Test func `where there is nothing yet, all is well`() throws {
        let ending = try self.baton("doctor")
        #expect(ending.code == 0, "\(ending.output)")
        #expect(ending.output.hasSuffix("\nall is well\n"))
        #expect(!FileManager.default.fileExists(atPath: self.data), "it has only looked")
    }

    @Test func `files of prices and limits that are wrong are named`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        try FileManager.default.createDirectory(atPath: folder(".baton"), withIntermediateDirectories: true)
        _ = try folder.write("{\"openaai\": {\"requests_per_minute\": 6}}", to: ".baton/limits.json")
        _ = try folder.write("{", to: ".baton/prices.json")
        let ended = try baton("doctor")
        #expect(ended.code == 65)
        #expect(ended.output.contains("openaai") && ended.output.contains("prices.json"))
        _ = try folder.write("{\"openai\": {\"requests_per_minute\": 6}}", to: ".baton/limits.json")
        _ = try folder.write("{}", to: ".baton/prices.json")
        #expect(try baton("doctor").output.contains("limits.json can be read"))
    }

    @Test func `a run that waits is a warning with the commands that go on`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let ending = try self.baton("doctor")
        #expect(ending.code == 0)
        #expect(ending.output.contains("r has not ended: running, 1 of 2 tasks; baton resume r\n"))
        #expect(ending.output.contains("1 waits for people; baton inbox lists them"))
        #expect(ending.output.contains("ok       runs       1 run, "))
    }

    @Test func `bits that were flipped are found wherever they matter, and nothing traps`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let path = "\(self.data)/journal.sqlite"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var draws = SplitMix64(seed: 3)
        var codes: [Int32: Int] = [:]
        for _ in 0..<25 {
            var bytes = whole
            bytes[draws.below(bytes.count)] ^= UInt8(1 << draws.below(8))
            try bytes.write(to: URL(fileURLWithPath: path))
            codes[try self.doctor().code, default: 0] += 1
        }
        #expect(Set(codes.keys).isSubset(of: [0, 65, 74]), "\(codes)")
        // A letter of an event itself.
        let place = try #require(whole.range(of: Data("\"attempt_started\"".utf8))).lowerBound + 3
        var bytes = whole
        bytes[place] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let (code, checks) = try self.doctor()
        #expect(code == 65)
        #expect(Self.level("runs", checks) == ["error"])
        // What is to be restored from a copy is not to be gone on with.
        #expect(!checks.contains { $0["remedy"]?.string?.contains("resume") == true })
    }

    @Test func `a file that was cut off is an error with a remedy`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let path = "\(self.data)/journal.sqlite"
        try Data(contentsOf: URL(fileURLWithPath: path)).prefix(9000).write(to: URL(fileURLWithPath: path))
        let (code, checks) = try self.doctor()
        #expect(code == 65)
        let journal = checks.first { $0["check"] == "journal" }
        #expect(journal?["level"] == "error")
        #expect(journal?["remedy"]?.string?.contains("copy") == true)
    }

    @Test func `a file in the place of the folder is an error of the disk`() throws {
        _ = try self.folder.write("", to: "file")
        #expect(try self.doctor("--data-dir", "file").code == 74)
        #expect(try self.doctor("--data-dir", "file/below").code == 74)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a folder that cannot be written is an error of the disk`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: self.data)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: self.data) }
        let (code, checks) = try self.doctor()
        #expect(code == 74)
        #expect(Self.level("folder", checks) == ["error"])
    }

    @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm"), "there is no /dev/shm"))
    func `a folder in memory is a warning`() throws {
        let path = "/dev/shm/baton-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (code, checks) = try self.doctor("--data-dir", path)
        #expect(code == 0)
        #expect(Self.level("place", checks) == ["warning"])
    }

    @Test func `open rights, a dead holder and logs without a run are warnings`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: self.data)
        _ = try self.folder.write(#"{"pid":4194000,"since":"2026-01-01T00:00:00.000Z"}"#, to: ".baton/lock")
        try FileManager.default.createDirectory(atPath: "\(self.data)/live/gone", withIntermediateDirectories: true)
        let (code, checks) = try self.doctor()
        #expect(code == 0)
        for subject in ["folder", "lock", "logs"] { #expect(Self.level(subject, checks) == ["warning"], "\(subject)") }
        let lock = checks.first { $0["check"] == "lock" }
        #expect(lock?["text"]?.string?.contains("process 4194000 since 2026-01-01") == true)
        #expect(lock?["remedy"]?.string?.hasPrefix("baton resume") == true)
    }

    @Test func `beside a running engine it reads, and takes nothing from it`() throws {
        _ = try self.folder.write(
            """
            project_id: busy
            agents: [{agent_id: sh, command: [sh, -c, 'while [ ! -e go ]; do sleep 0.05; done; echo fine']}]
            tasks: [{task_id: a}]
            """,
            to: "busy.yml"
        )
        let running = try self.baton.start(["run", "busy.yml", "--id", "b"])
        while let line = running.nextLine(), !line.contains("started") {}
        let (code, checks) = try self.doctor()
        #expect(code == 0)
        #expect(checks.first { $0["check"] == "lock" }?["text"]?.string?.hasPrefix("held by process") == true)
        #expect(Self.level("run", checks) == ["ok"])
        #expect(Self.level("orphans", checks) == [])
        _ = try self.folder.write("", to: "go")
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/environ"), "there is no /proc"))
    func `processes of a dead engine are reported, and killed only when asked`() throws {
        _ = try self.folder.write(
            """
            project_id: dead
            agents: [{agent_id: sh, command: [sh, -c, 'echo here >&2; exec sleep 300']}]
            tasks: [{task_id: a}]
            """,
            to: "dead.yml"
        )
        let running = try self.baton.start(["run", "dead.yml", "--id", "d"])
        while let line = running.nextLine(), !line.contains("started") {}
        // The command writes its log when it runs.
        while self.folder.read(".baton/live/d/a.1.log").isEmpty {}
        running.send(SIGKILL)
        _ = running.wait()
        for _ in 0..<2 {
            let (_, checks) = try self.doctor()
            #expect(Self.level("orphans", checks) == ["warning"])
            #expect(Self.level("lock", checks) == ["warning"])
        }
        let fixed = try self.doctor("--fix").checks.first { $0["check"] == "orphans" }
        #expect(fixed?["text"] == "killed 1 process of a dead engine")
        let (_, checks) = try self.doctor()
        #expect(Self.level("orphans", checks) == ["ok"])
        #expect(Self.level("lock", checks) == ["ok"])
    }
}
