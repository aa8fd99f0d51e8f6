import BatonCore
import BatonEngine
import Foundation
import OrderedCollections
import Testing

@testable import BatonAgents

/// Nothing of a command is left when the performer returns, whatever the command has done to stay.
///
/// `make test` runs the suite twice: beside all others, and alone for what only a quiet process can show.
@Suite(.timeLimit(.minutes(30)))
struct CommandEndTests {
    // Each writes the numbers of its processes to `pids` and says `ready` when all are there.
    private static let stayers: [(name: String, script: String)] = [
        ("plain", "echo $$ >> pids; echo ready >&2; exec sleep 60"),
        ("deaf", "trap '' TERM; echo $$ >> pids; echo ready >&2; sleep 60 & echo $! >> pids; wait; sleep 60"),
        (
            "deaf grandchildren",
            "mkfifo up; sh -c 'trap \"\" TERM; echo $$ >> pids; echo > up; sleep 60' & read x < up; echo ready >&2; wait"
        ),
        (
            "other session",
            "mkfifo up; setsid sh -c 'trap \"\" TERM; echo $$ >> pids; echo > up; sleep 60' & read x < up; "
                + "echo ready >&2; wait"
        ),
        (
            "daemon",
            "mkfifo up; (setsid sh -c '(echo > up; exec sleep 60) & echo $! >> pids' &) ; read x < up; "
                + "echo ready >&2; sleep 60"
        ),
        (
            "no environment",
            "mkfifo up; env -i setsid /bin/sh -c 'echo $$ >> pids; echo > up; exec /bin/sleep 60' & read x < up; "
                + "echo ready >&2; sleep 60"
        ),
        (
            "daemon without environment",
            "mkfifo up; (env -i setsid /bin/sh -c '(echo > up; exec /bin/sleep 60) & echo $! >> pids' &); read x < up; "
                + "echo ready >&2; sleep 60"
        ),
        (
            "other group without environment",
            "mkfifo up; (env -i /bin/sh -mc '(echo > up; exec /bin/sleep 60) & echo $! >> pids' &); read x < up; "
                + "echo ready >&2; sleep 60"
        ),
        ("stopped", "echo $$ >> pids; echo ready >&2; kill -STOP $$; sleep 60"),
        (
            "spawning",
            "mkfifo up; setsid sh -c 'trap \"\" TERM; echo > up; i=0; while [ $i -lt 300 ]; do i=$((i+1)); "
                + "setsid sleep 60 & echo $! >> pids; done' & read x < up; echo ready >&2; wait"
        ),
        (
            "closed and renamed",
            "mkfifo up; (setsid bash -c 'echo $$ >> pids; echo > up; exec -a kworker sleep 60' <&- >&- 2>&- &); "
                + "read x < up; echo ready >&2; sleep 60"
        ),
    ]

    // Two of them could be of any attempt that is at work; they are tried alone, below.
    private static let nameless = ["no environment", "daemon without environment"]

    @Test(arguments: Self.stayers.map(\.name).filter { !Self.nameless.contains($0) })
    func `cancelling ends everybody within two seconds and leaves no zombie`(name: String) async throws {
        let script = try #require(Self.stayers.first { $0.name == name }).script
        try await CommandRig.lend { rig in
            let (result, took) = await rig.cancelled(script)
            #expect(result.isStopped)
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
            // Beside all other tests the span would tell how busy the machine is.
            if Self.isAlone { #expect(took < .seconds(2)) }
        }
    }

    @Test(arguments: Self.stayers.map(\.name).filter { !(["plain", "deaf", "stopped"] + Self.nameless).contains($0) })
    func `who stays behind after a normal end is ended too`(name: String) async throws {
        let script = try #require(Self.stayers.first { $0.name == name }).script
        let head = try #require(script.range(of: "echo ready >&2"))
        try await CommandRig.lend { rig in
            let result = await rig.shell("\(script[..<head.lowerBound]) echo 1")
            #expect(result.value == 1)
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
        }
    }

    // No exit test: its monitor waits for any child, and hangs on those that the test's process adopts.
    @Test(.enabled(if: Self.isAlone, "set BATON_ALONE=1 and run this test alone"), arguments: Self.nameless)
    func `who has shed session, parents and environment is ended when no other attempt works`(name: String) async throws
    {
        let script = try #require(Self.stayers.first { $0.name == name }).script
        let head = try #require(script.range(of: "echo ready >&2"))
        try await CommandRig.lend { rig in
            #expect(await rig.cancelled(script).result.isStopped)
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
        }
        try await CommandRig.lend { rig in
            #expect(await rig.shell("\(script[..<head.lowerBound]) echo 1").value == 1)
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
        }
    }

    private static let isAlone = ProcessInfo.processInfo.environment["BATON_ALONE"] != nil

    @Test(.enabled(if: Self.isAlone, "set BATON_ALONE=1 and run this test alone"))
    func `what hears TERM has its time, also after its leader`() async throws {
        try await CommandRig.lend { rig in
            let (result, _) = await rig.cancelled(
                "mkfifo up; sh -c 'trap \"sleep 0.3; echo done > saved; exit\" TERM; echo > up; while :; do :; done' "
                    + "& read x < up; echo ready >&2; wait"
            )
            #expect(result.isStopped)
            let saved = try? String(contentsOfFile: "\(rig.folder)/saved", encoding: .utf8)
            #expect(saved == "done\n")
            #expect(rig.survivors == [])
        }
    }

    @Test func `cancelling before the start starts nothing that stays`() async throws {
        try await CommandRig.lend { rig in
            for _ in 0..<10 {
                let task = Task { await rig.shell("echo $$ >> pids; sleep 60") }
                task.cancel()
                #expect(await task.value.isStopped)
            }
            #expect(rig.survivors == [])
            #expect(rig.unburied == [])
        }
    }

    @Test func `twenty commands at once keep their helpers until each of them ends`() async throws {
        try await CommandRig.lend { rig in
            let results = await withTaskGroup(of: WorkResult.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        // A helper that has shed everything and outlived its parent, which the command still needs.
                        await rig.shell(
                            "mkfifo up\(number); (env -i setsid /bin/sh -c '/bin/sleep 0.\(number % 5 + 1); echo \(number) "
                                + "> up\(number)' &); read x < up\(number); echo $x"
                        )
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(results.compactMap { $0.value?.integer }) == Set(0..<20))
        }
    }

    @Test func `a hundred quick commands at once do not end each other while they are spawned`() async throws {
        try await CommandRig.lend { rig in
            for round in 0..<3 {
                let results = await withTaskGroup(of: WorkResult.self) { group in
                    for number in 0..<100 {
                        // Some fail to start: their spawning is never followed by a leader.
                        group.addTask {
                            number % 10 == 9
                                ? await rig.perform(rig.work(["echo", String(repeating: "x", count: 3 << 20)]))
                                : await rig.perform(rig.work(["/bin/echo", "\(number)"]))
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let failures = results.compactMap(\.failure).filter { $0.code != "exec.arguments_too_long" }
                #expect(failures == [], "round \(round)")
                #expect(results.count { $0.value != nil } == 90)
            }
        }
    }

    @Test func `children that the engine's process has started itself are left alone`() async throws {
        try await CommandRig.lend { rig in
            let child = try Stranger("echo here; exec /bin/sleep 3600", [:])
            for _ in 0..<5 { #expect(await rig.shell("echo 1").value == 1) }
            #expect(child.isAlive)
            #expect(child.end() == SIGKILL)
        }
    }

    // Beside others the performers of those would take it for theirs.
    @Test(.enabled(if: Self.isAlone, "set BATON_ALONE=1 and run this test alone"))
    func
        `where the engine is not the sole parent, children in sessions of their own live, and the dead keep their end`()
        async throws
    {
        try await CommandRig.lend { rig in
            let performer = rig.performer(isSoleParent: false)
            let command = rig.work(["/bin/sh", "-c", "echo 1"])
            let child = try Stranger("echo here; exec /bin/sleep 3600", [:], inOwnSession: true)
            for _ in 0..<5 { #expect(await performer.perform(command).value == 1) }
            #expect(child.isAlive)
            #expect(child.end() == SIGKILL)
            let stayer =
                "(setsid /bin/sh -c 'echo $$ >> pids; exec /bin/sleep 60' &); until [ -s pids ]; do :; done; echo 2"
            #expect(await performer.perform(rig.work(["/bin/sh", "-c", stayer])).value == 2)
            #expect(rig.survivors == [])
        }
    }

    @Test(.enabled(if: Self.isAlone, "set BATON_ALONE=1 and run this test alone"))
    func `descriptors and threads return to where they were`() async throws {
        try await CommandRig.lend { rig in
            func count(_ folder: String) -> Int {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count
            }
            func runMany() async {
                await withDiscardingTaskGroup { group in
                    for number in 0..<40 {
                        group.addTask { _ = await rig.shell(number % 4 == 0 ? "exit 1" : "setsid sleep 60 & echo 1") }
                    }
                }
            }
            await runMany()
            let before = (files: count("/proc/self/fd"), threads: count("/proc/self/task"))
            for _ in 0..<4 { await runMany() }
            #expect(count("/proc/self/fd") <= before.files)
            // Dispatch keeps idle threads for a while; a leak would be of hundreds.
            #expect(count("/proc/self/task") <= before.threads + 40)
        }
    }

    // Beside all other tests their looks would be counted too.
    @Test(.enabled(if: Self.isAlone, "set BATON_ALONE=1 and run this test alone"))
    func `two hundred commands that are cancelled together need a few looks and not two for each`() async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let tasks = (0..<200).map { number in
                Task { await rig.shell("echo ready \(number) >&2; exec sleep 60", live: log.sink) }
            }
            for number in 0..<200 { await log.wait(for: "ready \(number)") }
            let before = Census.count
            for task in tasks { task.cancel() }
            for task in tasks { #expect(await task.value.isStopped) }
            #expect(Census.count - before < 100)
            #expect(rig.survivors == [])
        }
    }
}
