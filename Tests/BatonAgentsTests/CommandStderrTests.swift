import BatonCore
import BatonEngine
import Testing

@testable import BatonAgents

/// Standard error: live lines, and the tail that a failure keeps.
@Suite(.timeLimit(.minutes(30)))
struct CommandStderrTests {
    @Test func `lines arrive while the command runs, in their order`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            async let result = rig.shell(
                "mkfifo go; i=0; while [ $i -lt 500 ]; do echo line $i >&2; i=$((i+1)); done; read x < go; echo $x",
                live: log.sink
            )
            await log.wait(for: "line 499")
            // The command waits for this: its lines cannot have come after its end.
            #expect(await rig.shell("echo 5 > go; echo ok").value == "ok")
            #expect(await result.value == 5)
            #expect(log.lines == (0..<500).map { "line \($0)" })
        }
    }

    @Test func `a long line is cut for people and the next one is whole`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let script = "head -c 5000 /dev/zero | tr '\\0' x >&2; printf '\\nnext\\nlast' >&2; echo 1"
            #expect(await rig.shell(script, live: log.sink).value == 1)
            #expect(log.lines == [String(repeating: "x", count: 4096), "next", "last"])
        }
    }

    @Test func `progress that is drawn over itself comes as lines`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let script = "printf 'at 10%%\\rat 20%%\\r\\nend\\r\\n' >&2; echo 1"
            #expect(await rig.shell(script, live: log.sink).value == 1)
            #expect(log.lines == ["at 10%", "at 20%", "end"])
        }
    }

    @Test func `a line that says how far the work is is told in words`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let script = #"""
                printf '%s\n' '{"percent": 30, "text": "reads"}' '{"percent":250}' '{"text":"still"}' '{"percent":"x"}' '{"a":1}' '{' >&2
                echo 1
                """#
            #expect(await rig.shell(script, live: log.sink).value == 1)
            #expect(log.lines == ["30 %: reads", "100 %", "still", #"{"percent":"x"}"#, #"{"a":1}"#, "{"])
        }
    }

    @Test func `a line of 100 MB is one cut line and a tail`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let failure = await rig.shell("head -c 100M /dev/zero | tr '\\0' x >&2; exit 3", live: log.sink).failure
            #expect(log.lines.map(\.utf8.count) == [4096])
            #expect(failure?.stderrTail?.utf8.count == 64 << 10)
        }
    }

    @Test func `a flood keeps its last 64 KiB`() async throws {
        try await CommandRig.lend { rig in
            let failure = await rig.shell("seq 1 200000 >&2; exit 3").failure
            let tail = try #require(failure?.stderrTail)
            #expect(tail.utf8.count == 64 << 10)
            #expect(tail.hasSuffix("\n199999\n200000\n"))
        }
    }

    @Test func `a tail of no text, or cut within a character, is no longer than 64 KiB`() {
        var tail = StderrTail()
        tail.take([UInt8](repeating: 0xFF, count: 100_000), live: .none)
        #expect(tail.text.utf8.count <= 64 << 10)
        tail = StderrTail()
        tail.take([0x61] + Array(String(repeating: "é", count: 40_000).utf8) + [0x0A], live: .none)
        #expect(tail.text.utf8.count <= 64 << 10)
        #expect(!tail.text.contains("\u{FFFD}"))
        #expect(tail.text.hasSuffix("é\n"))
    }
}
