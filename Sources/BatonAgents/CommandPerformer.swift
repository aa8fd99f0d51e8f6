import BatonCore
public import BatonEngine
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// Performs steps by starting programs: argv and never a shell, an explicit environment, a process group of its own.
///
/// The task goes in as JSON on standard input, the result comes out on standard output as JSON or text, lines of standard
/// error are the live log. When it returns, no process of the attempt is left.
public struct CommandPerformer: Performer {
    /// How long a command has between TERM and KILL.
    static let grace = Duration.milliseconds(1500)

    let projectFolder: String
    let dataFolder: String
    let outer: [String: String]
    let isSoleParent: Bool

    /// Makes a performer.
    ///
    /// - Parameters:
    ///   - projectFolder: where commands start; absolute.
    ///   - dataFolder: marks the processes; absolute.
    ///   - environment: the engine's own; only a few harmless variables of it are passed on.
    ///   - isSoleParent: whether nothing else in this process starts programs. Then also whoever has shed group, session, parents
    ///     and environment is ended, told by being a child of this process that nobody claims. Where an app starts programs of its
    ///     own, these look the same, and both are left alone.
    public init(
        projectFolder: String,
        dataFolder: String,
        environment: [String: String],
        isSoleParent: Bool = false
    ) {
        self.projectFolder = projectFolder
        self.dataFolder = Marks.folder(dataFolder)
        self.outer = environment
        self.isSoleParent = isSoleParent
        ParentDuty.take()
    }

    /// Kills what an engine that died has left behind; call it once the data folder is held, before the first run.
    ///
    /// - Returns: how many processes.
    @discardableResult
    public func endOrphans() -> Int { Orphans.kill(ofFolder: self.dataFolder) }

    /// Runs the command of the work's agent.
    public func perform(_ work: Work) async -> WorkResult {
        guard let check = work.task.proves, check.review == nil else { return await self.perform(work, asText: false) }
        // Of a check it counts how the program ends; what it prints is for people.
        let result = await self.perform(work, asText: true)
        guard case .done(let printed, let usage) = result else { return result }
        return .done(check.verdict(on: printed), usage)
    }

    /// - Parameter asText: whether what it prints is wanted as it is, with its exit code, whatever that means.
    func perform(_ work: Work, asText: Bool) async -> WorkResult {
        let family = ProcessFamily(mark: Marks.fresh(), isSoleParent: self.isSoleParent)
        let launch: Launch
        do {
            launch = try Launch(
                work,
                projectFolder: self.projectFolder,
                dataFolder: self.dataFolder,
                mark: family.mark,
                outer: self.outer
            )
        } catch {
            return .failed(error)
        }
        guard await LaunchLimit.shared.enter() else { return .stopped(.none) }
        defer { LaunchLimit.shared.leave() }
        guard LaunchLimit.hasRoom else { return .failed(LaunchLimit.noRoom(for: work)) }
        family.begin()
        let result = await withTaskCancellationHandler {
            await Self.run(launch, work, family, asText)
        } onCancel: {
            family.terminate()
        }
        await family.sweep()
        let usage = family.usage
        return switch result {
        case _ where Task.isCancelled: .stopped(usage)
        case .done(let value, _): .done(value, usage)
        case .failed(let failure, _): .failed(failure, usage)
        case .stopped: .stopped(usage)
        }
    }

    // What a body collects while the command runs.
    private struct Collected {
        var stdout: [UInt8] = []
        var tail = StderrTail()
        var isTooLong = false
    }

    private static func run(
        _ launch: Launch,
        _ work: Work,
        _ family: ProcessFamily,
        _ asText: Bool
    ) async -> WorkResult {
        let configuration = Self.configuration(launch)
        let input = CommandInput.json(work).bytes
        let limit = work.agent.limits.outputBytes
        do {
            let outcome = try await Subprocess.run(
                configuration,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) {
                execution in
                family.lead(execution.processIdentifier.value)
                let collected = try await Self.converse(with: execution, input, limit, family, work.live)
                await family.account()
                return collected
            }
            let collected = outcome.closureResult
            if collected.isTooLong { return .failed(Self.tooLong(work, limit, collected.tail.text)) }
            let end: CommandOutput.End =
                switch outcome.terminationStatus {
                case .exited(let code): .exited(Int32(code))
                case .signaled(let signal): .signaled(Int32(signal))
                }
            if asText { return .done(CommandOutput.text(end, collected.stdout, collected.tail.text)) }
            return CommandOutput.result(end, stdout: collected.stdout, stderrTail: collected.tail.text, of: work)
        } catch let error as SubprocessError {
            return .failed(LaunchFault.failure(error, launch, work))
        } catch {
            return .failed(
                Failure(
                    .transient,
                    "exec.failed",
                    "the command of task \(work.task.id) could not be followed: \(error)",
                    remedy: "try again; report it if it stays"
                )
            )
        }
    }

    static func configuration(_ launch: Launch) -> Configuration {
        var options = PlatformOptions()
        // A session is a group of its own too. Children keep it through setpgid and a cleared environment.
        options.createSession = true
        // The family asks; signal 0 does nothing but wait for the KILL.
        options.teardownSequence = [
            .send(signal: Signal(rawValue: 0), toProcessGroup: true, allowedDurationToNextStep: Self.grace)
        ]
        return Configuration(
            executable: .path(FilePath(launch.executable)),
            arguments: Arguments(launch.arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: launch.environment.map { (Environment.Key(rawValue: $0.key) ?? "", $0.value) }
                )
            ),
            workingDirectory: FilePath(launch.directory),
            platformOptions: options
        )
    }

    private static func converse(
        with execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>,
        _ input: [UInt8],
        _ limit: Int,
        _ family: ProcessFamily,
        _ live: LiveSink
    ) async throws -> Collected {
        async let tail = Self.follow(execution.standardError, live)
        async let written: Void = Self.write(input, to: execution)
        var collected = Collected()
        for try await buffer in execution.standardOutput {
            guard !collected.isTooLong else { continue }
            collected.stdout += buffer.withUnsafeBytes { Array($0) }
            if collected.stdout.count > limit {
                collected.isTooLong = true
                collected.stdout = []
                family.killAll()
            }
        }
        await written
        collected.tail = try await tail
        return collected
    }

    // A command need not read its input: a pipe that it closes early is no failure.
    private static func write(
        _ input: [UInt8],
        to execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>
    ) async {
        _ = try? await execution.standardInputWriter.write(input)
        try? await execution.standardInputWriter.finish()
    }

    static func follow(_ stream: SubprocessOutputSequence, _ live: LiveSink) async throws -> StderrTail {
        var tail = StderrTail()
        for try await buffer in stream { tail.take(buffer.withUnsafeBytes { Array($0) }, live: live) }
        tail.flush(live)
        return tail
    }

    private static func tooLong(_ work: Work, _ limit: Int, _ tail: String) -> Failure {
        Failure(
            .permanent,
            "exec.output_limit",
            "the command of task \(work.task.id) printed more than \(limit) bytes and was stopped",
            remedy:
                "print less, write a file and print its name, or raise limits.output_bytes of agent \(work.agent.id)",
            stderrTail: tail.isEmpty ? nil : tail
        )
    }
}
