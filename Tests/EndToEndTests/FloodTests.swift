#if os(Linux)
import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What a command says without end, and the engine that hears it: a process of its own, so that its memory can be measured.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct FloodTests {
    @Test func `a gigabyte of output does not reach the memory of the engine`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        mkfifo(folder("pipe"), 0o600)
        let plan = """
            project_id: flood
            agents:
              - {agent_id: talker, command: [sh, -c, 'head -c 1G /dev/zero']}
              - {agent_id: holder, command: [sh, -c, 'read x < pipe; echo ok']}
            tasks:
              - {task_id: talk, assigned_agent: talker}
              - {task_id: hold, assigned_agent: holder, dependencies: [talk], on_dependency_failure: run}
            """
        _ = try folder.write(plan, to: "plan.yml")
        let running = try baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") || !line.contains("\"hold\"") {}
        let status = try String(contentsOfFile: "/proc/\(running.pid)/status", encoding: .utf8)
        let peak = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
        let kilobytes = try #require(Int(peak.filter(\.isNumber)))
        #expect(kilobytes < 300 << 10, "\(peak)")
        try "go on\n".write(toFile: folder("pipe"), atomically: false, encoding: .utf8)
        while running.nextLine() != nil {}
        #expect(running.wait() == 1)
        let told = try JSON(parsing: Array(try baton("show", "r", "talk", "--json").output.utf8))
        #expect("\(told)".contains("exec.output_limit"))
    }
}
#endif
