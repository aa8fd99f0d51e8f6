import BatonCore
import BatonEngine
import Foundation
import OrderedCollections
import Testing

@testable import BatonAgents

/// What a command is born with: variables, descriptors, signals.
@Suite(.timeLimit(.minutes(30)))
struct CommandEnvironmentTests {
    private static func variables(_ result: WorkResult) -> [String: String] {
        var variables: [String: String] = [:]
        for line in result.value?.string?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = String(parts[1])
        }
        return variables
    }

    @Test func `only allowed variables arrive, and never a key`() async throws {
        try await CommandRig.lend { lent in
            var rig = lent
            let kept = ["HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TZ", "USER"]
            for name in kept { rig.outer[name] = "/\(name)" }
            for name in [
                "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "LD_PRELOAD", "LD_LIBRARY_PATH", "GIT_DIR", "GIT_SSH_COMMAND",
                "BASH_ENV", "SSH_AUTH_SOCK", "BATON_TOKEN", "AWS_SECRET_ACCESS_KEY", "BATON_MARK",
            ] { rig.outer[name] = "canary" }
            let result = await rig.perform(
                rig.work(["/usr/bin/env"]) { agent, _ in
                    agent.environment = [AgentProfile.Variable("COLOR", "a=b c")]
                }
            )
            let variables = Self.variables(result)
            let own = ["RUN", "TASK", "ATTEMPT", "DELIVERY", "FOLDER", "MARK"].map { "BATON_\($0)" }
            #expect(Set(variables.keys) == Set(kept + own + ["PATH", "PWD", "COLOR"]))
            #expect(!variables.values.contains("canary"))
            #expect(variables["COLOR"] == "a=b c")
            #expect(variables["PATH"] == rig.outer["PATH"])
            #expect(variables["PWD"] == rig.folder)
            #expect(variables["BATON_RUN"] == "r1")
            #expect(variables["BATON_TASK"] == "draft")
            #expect(variables["BATON_ATTEMPT"] == "1")
            #expect(variables["BATON_DELIVERY"] == "1")
            #expect(variables["BATON_FOLDER"] == rig.dataFolder)
        }
    }

    @Test(arguments: [
        "PATH", "path", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "GIT_SSH_COMMAND", "BATON_MARK",
        "ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "API_KEY", "TOKEN", "BASH_ENV",
        "IFS", "NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "PYTHONSTARTUP", "PERL5LIB", "RUBYLIB", "JAVA_TOOL_OPTIONS",
        "GCONV_PATH", "GLIBC_TUNABLES", "", "1A", "A B", "A=B", "A\nB", "A\0B", "É", "BASH_FUNC_x%%", "A-B",
    ])
    func `a plan may not set what changes programs, holds keys or is no name`(name: String) async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell("echo started > started; echo 1") { agent, _ in
                agent.environment = [AgentProfile.Variable(name, "canary")]
            }.failure
            #expect(failure?.code == "exec.environment")
            #expect(failure?.kind == .permanent)
            #expect(failure?.message.contains("agent writer may not set") == true)
            #expect(failure?.message.contains("canary") == false)
            #expect(!FileManager.default.fileExists(atPath: "\(rig.folder)/started"))
        }
    }

    @Test func `a value with NUL is refused, one with a newline arrives`() async throws {
        try await CommandRig.lend { rig in
            let refused = await rig.shell("echo 1") { agent, _ in
                agent.environment = [AgentProfile.Variable("A", "b\0c")]
            }
            #expect(refused.failure?.code == "exec.environment")
            let arrived = await rig.shell("printf %s \"$A\"") { agent, _ in
                agent.environment = [AgentProfile.Variable("A", "b\nc")]
            }
            #expect(arrived.value == "b\nc")
        }
    }

    @Test func `a command has descriptors 0 to 2 and no other`() async throws {
        try await CommandRig.lend { rig in
            let leak = open("/dev/null", O_RDONLY)  // without O_CLOEXEC, as careless code opens
            defer { close(leak) }
            // The fourth is the folder that ls reads.
            #expect(await rig.perform(rig.work(["/bin/ls", "/proc/self/fd"])).value == "0\n1\n2\n3")
        }
    }

    @Test func `a command leads a session and a group of its own and ignores no signal`() async throws {
        try await CommandRig.lend { rig in
            let earlier = signal(SIGUSR2, SIG_IGN)
            defer { signal(SIGUSR2, earlier) }
            let stat = try #require(await rig.perform(rig.work(["/bin/cat", "/proc/self/stat"])).value?.string)
            let fields = stat.split(separator: " ")
            #expect(fields[0] == fields[4])
            #expect(fields[0] == fields[5])
            let signals = await rig.perform(rig.work(["/bin/grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"]))
            let masks = try #require(signals.value?.string).split(separator: "\n").map {
                UInt64($0.suffix(16), radix: 16)
            }
            // 32 and 33 are the C library's own.
            #expect(masks.map { $0.map { $0 & ~(3 << 31) } } == [0, 0])
        }
    }
}
