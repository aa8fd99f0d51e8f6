#if os(Linux)
import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What the system lets a process have, and what happens where it is little.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct LimitTests {
    private static let plan = """
        project_id: crowd
        agents:
          - {agent_id: worker, command: [sh, -c, 'sleep 0.4; echo 1'], max_concurrent_tasks: 100}
        defaults: {task_timeout_seconds: 5}
        tasks:
        """ + (0..<40).map { "\n  - {task_id: t\($0)}" }.joined()

    private static func shell(_ line: String, in folder: TemporaryFolder) throws -> Int32 {
        try Running.system("sh", "-c", "cd \"$1\" && baton=$2 && \(line)", "sh", folder.path, Binary.path)
    }

    /// Sets the limit to so many files besides those that this shell has been handed, which nobody can use.
    private static func limit(_ count: Int) -> String { "ulimit -n $(($(ls /proc/$$/fd | wc -l) + \(count)))" }

    @Test func `more commands at once than there are files to open wait for each other`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.plan, to: "plan.yml")
        #expect(try Self.shell("\(Self.limit(64)); \"$baton\" run plan.yml --id r >out 2>err", in: folder) == 0)
        // Who waits for a place is not begun: the time of its attempt does not go by.
        let shown = try Binary(folder: folder.path)("show", "r").output
        #expect(shown.contains("40 completed"))
        let events = try Binary(folder: folder.path)("events", "r", "--json").output
        #expect(!events.contains("timed_out"))
    }

    @Test func `with too few files for an engine none is begun, and what only reads goes on`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.plan, to: "plan.yml")
        #expect(try Self.shell("\(Self.limit(32)); \"$baton\" run plan.yml >out 2>err", in: folder) == 69)
        #expect(try String(contentsOfFile: folder("err"), encoding: .utf8).contains("ulimit -n 1024"))
        #expect(try Self.shell("\(Self.limit(32)); \"$baton\" check plan.yml >out 2>err", in: folder) == 0)
    }

    @Test func `files that were handed down do not count as files that an engine may open`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.plan, to: "plan.yml")
        let handed = "ulimit -n 66; exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null;"
        #expect(try Self.shell("\(handed) \"$baton\" run plan.yml >out 2>err", in: folder) == 69)
        let error = try String(contentsOfFile: folder("err"), encoding: .utf8)
        #expect(error.contains("of which were open before it began"))
    }

    @Test func `where standard output is closed nothing is printed into other files`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.plan.replacing("sleep 0.4; ", with: ""), to: "plan.yml")
        #expect(try Self.shell("\"$baton\" run plan.yml --id r <&- >&- 2>err", in: folder) == 74)
        let errors = try String(contentsOfFile: folder("err"), encoding: .utf8)
        #expect(errors.contains("standard output took no more"))
        #expect(try Self.shell("\"$baton\" run plan.yml --id s <&- >&- 2>&-", in: folder) == 74)
        let binary = Binary(folder: folder.path)
        #expect(try binary("show", "r").output.contains("40 completed"))
        #expect(try binary("show", "s").output.contains("40 completed"))
        #expect(try binary("doctor").code == 0)
    }

    @Test func `what standard output does not take is an error, and a reader that goes away is none`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(Self.plan.replacing("sleep 0.4; ", with: ""), to: "plan.yml")
        #expect(try Binary(folder: folder.path)("run", "plan.yml", "--id", "r").code == 0)
        for command in ["export-run r -o -", "report r", "events r --json", "schema", "--help"] {
            #expect(try Self.shell("\"$baton\" \(command) >/dev/full 2>err", in: folder) == 74, "\(command)")
            let errors = try String(contentsOfFile: folder("err"), encoding: .utf8)
            #expect(errors.contains("standard output took no more"), "\(command)")
        }
        #expect(try Self.shell("\"$baton\" show no-such --json >/dev/full 2>err", in: folder) == 66)
        #expect(try String(contentsOfFile: folder("err"), encoding: .utf8).contains("no-such"))
        #expect(try Self.shell("{ \"$baton\" events r --json; echo $? >code; } | head -n 1 >out", in: folder) == 0)
        #expect(try String(contentsOfFile: folder("code"), encoding: .utf8) != "74\n")
    }
}
#endif
