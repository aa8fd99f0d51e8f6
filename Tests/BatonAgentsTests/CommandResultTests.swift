import BatonCore
import BatonEngine
import Foundation
import OrderedCollections
import Testing

@testable import BatonAgents

/// What a command leaves, and what becomes of it.
@Suite(.timeLimit(.minutes(30)))
struct CommandResultTests {
    @Test(arguments: [
        ("printf '{\"a\":[1,2.5,null]}'", ["a": [1, 2.5, nil]] as JSON), ("echo 42", 42), ("echo true", true),
        ("echo '  \"x\"  '", "x"), ("echo '{\"a\":1,}'", "{\"a\":1,}"), ("echo hello; echo you", "hello\nyou"),
        ("printf 'a\\n\\n'", "a"), ("echo '{}{}'", "{}{}"), ("printf '\\357\\273\\277hi'", "\u{FEFF}hi"),
    ])
    func `standard output is JSON if it is exactly one value, else text`(script: String, value: JSON) async throws {
        try await CommandRig.lend { rig in
            #expect(await rig.shell(script).value == value)
        }
    }

    @Test(arguments: [1, 2, 64, 65, 66, 69, 75, 77, 78, 126, 127, 255])
    func `an exit code is a failure, permanent only where sysexits says so`(code: Int) async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell("echo '{\"a\":1}'; echo why >&2; exit \(code)").failure
            #expect(failure?.code == "exec.exit")
            #expect(failure?.kind == ([64, 65, 66, 77, 78].contains(code) ? .permanent : .transient))
            #expect(failure?.message == "the command of task draft ended with exit code \(code): why")
            #expect(failure?.remedy.contains("baton show") == true)
            #expect(failure?.stderrTail == "why\n")
        }
    }

    @Test(arguments: [
        ("TERM", "15 (SIGTERM)"), ("KILL", "9 (SIGKILL)"), ("SEGV", "11 (SIGSEGV)"), ("USR1", "10 (number 10)"),
    ])
    func `a signal is named`(name: String, shown: String) async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell("echo '{}'; echo bye >&2; kill -\(name) $$").failure
            #expect(failure?.code == "exec.signal")
            #expect(failure?.kind == .transient)
            #expect(failure?.message == "the command of task draft died by signal \(shown)")
            #expect(failure?.stderrTail == "bye\n")
        }
    }

    @Test(arguments: ["true", "printf ' \\t\\r\\n\\n'", "exec 1>&-; exit 0"])
    func `no output, only white space and a closed output are one named failure`(script: String) async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell(script).failure
            #expect(failure?.code == "exec.empty_output")
            #expect(failure?.message == "the command of task draft ended with exit code 0 and printed no result")
            #expect(failure?.remedy.isEmpty == false)
        }
    }

    @Test(arguments: [
        ("printf 'ab\\377'", 2), ("printf 'a\\000b'", 1), ("printf '\\300\\200'", 0), ("printf 'x\\355\\240\\200'", 1),
    ])
    func `bytes that are no text are a failure that says where`(script: String, byte: Int) async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell(script).failure
            #expect(failure?.code == "exec.garbage")
            #expect(failure?.kind == .permanent)
            #expect(failure?.message.hasSuffix("first at byte \(byte)") == true, "\(failure?.message ?? "")")
        }
    }

    @Test func `a result before standard output is closed early is kept`() async throws {
        try await CommandRig.lend { rig in
            #expect(await rig.shell("echo 7; exec 1>&-; sleep 0.1; exit 0").value == 7)
        }
    }

    @Test func `a flood is stopped at the limit, with everybody who makes it`() async throws {
        try await CommandRig.lend { rig in
            let result = await rig.shell("echo $$ >> pids; yes & echo $! >> pids; yes") { agent, _ in
                agent.limits.outputBytes = 1 << 20
            }
            #expect(result.failure?.code == "exec.output_limit")
            #expect(result.failure?.kind == .permanent)
            #expect(result.failure?.message.contains("more than 1048576 bytes") == true)
            #expect(result.failure?.remedy.contains("limits.output_bytes of agent writer") == true)
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
        }
    }

    @Test func `exactly the limit is no flood`() async throws {
        try await CommandRig.lend { rig in
            let result = await rig.shell("printf 12345678") { agent, _ in agent.limits.outputBytes = 8 }
            #expect(result.value == 12_345_678)
        }
    }

    @Test func `escapes pass into the value and are shown inert`() async throws {
        try await CommandRig.lend { rig in
            let text = "\u{1B}]52;c;aGk=\u{07}\u{1B}[2J\u{1B}P\u{1B}\\x"
            let script = "printf '\\033]52;c;aGk=\\007\\033[2J\\033P\\033\\\\x'"
            #expect(await rig.shell(script).value == .string(text))
            let shown = PlainText.of(text)
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
            #expect(shown.hasPrefix("\\u{1b}]52"))
        }
    }
}
