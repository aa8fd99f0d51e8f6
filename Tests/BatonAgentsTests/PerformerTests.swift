import BatonAgents
import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// Every performer there is; each passes the same tests.
enum PerformerAdapter: String, CaseIterable, CustomTestStringConvertible {
    case function
    case command

    var testDescription: String { self.rawValue }

    /// What a test has done, in the words of each.
    enum Part {
        /// Gives back the task's name and the input.
        case echo
        case fails
        /// Says `ready` and never ends by itself.
        case waits
    }

    func performer(_ part: Part, _ rig: CommandRig) -> any Performer {
        guard self == .function else { return rig.performer }
        return FunctionPerformer { work in
            switch part {
            case .echo: return ["task": .string(work.task.id.text), "input": work.input]
            case .fails: throw Failure(.permanent, "test.fails", "it cannot be done", remedy: "do it by hand")
            case .waits:
                work.say("ready")
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
    }

    func command(_ part: Part) -> [String] {
        let script =
            switch part {
            case .echo:
                #"printf '{"task":"%s","input":%s}' "$BATON_TASK" "$(tr -d '\n' | sed 's/.*"input":\([0-9]*\).*/\1/')""#
            case .fails: "echo 'it cannot be done' >&2; exit 65"
            case .waits: "echo ready >&2; while :; do sleep 1; done"
            }
        return ["/bin/sh", "-c", script]
    }
}

@Suite(.timeLimit(.minutes(30)))
struct PerformerTests {
    private static func perform(
        _ adapter: PerformerAdapter,
        _ part: PerformerAdapter.Part,
        input: JSON = .null,
        _ rig: CommandRig,
        live: LiveSink = .none
    ) async -> WorkResult {
        let work = rig.work(adapter.command(part), input: input).saying(to: live)
        return await adapter.performer(part, rig).perform(work)
    }

    @Test(arguments: PerformerAdapter.allCases)
    func `a step gets its task and input, and its output comes back as a value`(adapter: PerformerAdapter) async throws
    {
        try await CommandRig.lend { rig in
            let result = await Self.perform(adapter, .echo, input: 7, rig)
            #expect(result.value == ["task": "draft", "input": 7])
        }
    }

    @Test(arguments: PerformerAdapter.allCases)
    func `what cannot be done is a failure with a code, its reason and the next step`(
        adapter: PerformerAdapter
    ) async throws {
        try await CommandRig.lend { rig in
            let failure = try #require(await Self.perform(adapter, .fails, rig).failure)
            #expect(failure.kind == .permanent)
            #expect(failure.code.contains("."))
            #expect(failure.message.contains("it cannot be done"))
            #expect(!failure.remedy.isEmpty)
        }
    }

    @Test(arguments: PerformerAdapter.allCases)
    func `what is said on the way is heard, and a step that is cancelled comes back as stopped, with nothing left`(
        adapter: PerformerAdapter
    ) async throws {
        try await CommandRig.lend { rig in
            let log = LineLog()
            let step = Task { await Self.perform(adapter, .waits, rig, live: log.sink) }
            await log.wait(for: "ready")
            step.cancel()
            #expect(await step.value.isStopped)
            #expect(rig.survivors.isEmpty)
        }
    }

    @Test(arguments: PerformerAdapter.allCases)
    func `many steps at once do not mix up what they get and bring`(adapter: PerformerAdapter) async throws {
        try await CommandRig.lend { rig in
            let values = await withTaskGroup { group in
                for number in 0..<12 {
                    group.addTask {
                        await Self.perform(adapter, .echo, input: .integer(Int64(number)), rig).value?["input"]?.integer
                    }
                }
                return await group.reduce(into: Set<Int64>()) { set, value in
                    if let value { set.insert(value) }
                }
            }
            #expect(values == Set(0..<12))
        }
    }
}
