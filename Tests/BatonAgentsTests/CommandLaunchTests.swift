import BatonCore
import Foundation
import OrderedCollections
import Testing

@testable import BatonAgents

/// Commands that cannot be started: each says what, where, and the next step.
@Suite(.timeLimit(.minutes(30)))
struct CommandLaunchTests {
    private static func expect(
        _ rig: CommandRig,
        _ command: [String],
        _ code: String,
        _ message: String,
        kind: Failure.Class = .permanent,
        _ location: SourceLocation = #_sourceLocation,
        _ change: (inout AgentProfile, inout TaskSpec) -> Void = { _, _ in }
    ) async {
        let failure = await rig.perform(rig.work(command, change)).failure
        #expect(failure?.code == code, sourceLocation: location)
        #expect(failure?.kind == kind, sourceLocation: location)
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "none")", sourceLocation: location)
        #expect(failure?.remedy.isEmpty == false, sourceLocation: location)
        #expect(failure?.message.utf8.count ?? 0 < 1000, sourceLocation: location)
    }

    @Test func `a program that is not there is named, with where it was looked for`() async throws {
        try await CommandRig.lend { rig in
            let path = rig.outer["PATH"] ?? ""
            await Self.expect(rig, ["no-such-program"], "exec.not_found", "no program no-such-program in \(path)")
            await Self.expect(rig, ["./tool"], "exec.not_found", "\(rig.folder)/./tool")
            await Self.expect(rig, [""], "exec.not_found", "there is no program")
            await Self.expect(rig, [], "exec.no_command", "agent writer has no command")
        }
    }

    @Test func `a file that may not be executed, a folder and a device are no programs`() async throws {
        try await CommandRig.lend { rig in
            try Data("echo".utf8).write(to: URL(fileURLWithPath: "\(rig.folder)/plain"))
            await Self.expect(rig, ["./plain"], "exec.not_executable", "./plain may not be executed")
            await Self.expect(rig, [rig.folder], "exec.not_a_file", "is a folder or a device")
            await Self.expect(rig, ["/dev/null"], "exec.not_a_file", "is a folder or a device")
        }
    }

    @Test(arguments: ["../tool", "/bin/../bin/echo", "a/../../b", "./.."])
    func `a path with dots that go up is refused`(path: String) async throws {
        try await CommandRig.lend { rig in
            await Self.expect(rig, [path], "exec.path", "has .. in its path")
        }
    }

    @Test func `a first line that names nothing is told from a missing program`() async throws {
        try await CommandRig.lend { rig in
            await rig.executable("tool", "#!/nowhere/python\nprint(1)\n")
            await Self.expect(rig, ["./tool"], "exec.interpreter", "names an interpreter in its first line")
        }
    }

    @Test func `a file that is no program is told`() async throws {
        try await CommandRig.lend { rig in
            await rig.executable("tool", "\u{7F}no ELF")
            await Self.expect(rig, ["./tool"], "exec.format", "is no program for this machine")
        }
    }

    @Test func `three megabytes of arguments are explained`() async throws {
        try await CommandRig.lend { rig in
            let text = String(repeating: "x", count: 3 << 20)
            await Self.expect(rig, ["echo", text], "exec.arguments_too_long", "have 3145728 bytes")
        }
    }

    @Test func `names with control characters are shown, not sent`() async throws {
        try await CommandRig.lend { rig in
            await Self.expect(rig, ["a\u{1B}[2Jb"], "exec.not_found", "a\\u{1b}[2Jb")
        }
    }

    @Test func `arguments are never read by a shell`() async throws {
        try await CommandRig.lend { rig in
            let arguments = ["$(id)", "`id`", "; touch x", "a b", "*", "-rf", "\n", "#(touch y)", ""]
            let result = await rig.perform(rig.work(["/usr/bin/printf", "[%s]"] + arguments))
            #expect(result.value == .string(arguments.map { "[\($0)]" }.joined()))
            let made = try FileManager.default.contentsOfDirectory(atPath: rig.folder)
            #expect(made == [])
        }
    }

    @Test(arguments: ["..", "../..", "/", "/tmp", "out", "sub/../../data", "sub/up/data"])
    func `a working directory that leads out of the project is refused`(wanted: String) async throws {
        try await CommandRig.lend { rig in
            let files = FileManager.default
            try files.createDirectory(atPath: "\(rig.folder)/sub", withIntermediateDirectories: false)
            try files.createSymbolicLink(atPath: "\(rig.folder)/out", withDestinationPath: rig.dataFolder)
            try files.createSymbolicLink(atPath: "\(rig.folder)/sub/up", withDestinationPath: "../..")
            await Self.expect(rig, ["pwd"], "exec.working_directory", "leads out of \(rig.folder)") {
                $1.workingDirectory = wanted
            }
        }
    }

    @Test(arguments: ["missing", "file"])
    func `a working directory must be a folder`(wanted: String) async throws {
        try await CommandRig.lend { rig in
            try Data().write(to: URL(fileURLWithPath: "\(rig.folder)/file"))
            await Self.expect(rig, ["pwd"], "exec.working_directory", "is no folder") { $1.workingDirectory = wanted }
        }
    }

    @Test func `a project folder that is gone is said to be`() async throws {
        try await CommandRig.lend { rig in
            try FileManager.default.removeItem(atPath: rig.folder)
            await Self.expect(rig, ["pwd"], "exec.working_directory", "\(rig.folder) is gone")
        }
    }

    @Test func `a working directory that the command removes does not matter`() async throws {
        try await CommandRig.lend { rig in
            #expect(await rig.shell("rmdir \"$PWD\"; echo 1").value == 1)
        }
    }

    @Test func `the folder of the task goes before that of the agent, and links inside are followed`() async throws {
        try await CommandRig.lend { rig in
            for name in ["a", "b"] {
                try FileManager.default.createDirectory(
                    atPath: "\(rig.folder)/\(name)",
                    withIntermediateDirectories: false
                )
            }
            try FileManager.default.createSymbolicLink(atPath: "\(rig.folder)/link", withDestinationPath: "b")
            let inAgents = await rig.shell("pwd") { agent, _ in agent.workingDirectory = "a" }
            #expect(inAgents.value == .string("\(rig.folder)/a"))
            let inTasks = await rig.shell("pwd") { agent, task in
                agent.workingDirectory = "a"
                task.workingDirectory = "link"
            }
            #expect(inTasks.value == .string("\(rig.folder)/b"))
        }
    }
}
