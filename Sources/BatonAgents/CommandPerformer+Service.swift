package import BatonCore
import BatonEngine
import Subprocess

// Programs that are spoken to for longer than one step.
extension CommandPerformer {
    /// The file that would be started for an agent.
    ///
    /// - Throws: why nothing can be.
    package func program(of agent: AgentProfile, for task: TaskSpec) throws(Failure) -> String {
        let work = Work(run: "doctor", task: task, agent: agent)
        let launch = try Launch(
            work,
            projectFolder: self.projectFolder,
            dataFolder: self.dataFolder,
            mark: "",
            outer: self.outer
        )
        return launch.executable
    }

    /// Runs a program until it ends or the Swift task is cancelled; when it returns, no process of it is left.
    ///
    /// - Parameters:
    ///   - work: whose agent's command it is.
    ///   - passing: variables of the engine that it gets although they may be keys.
    ///   - setting: variables that it gets whatever the engine's are.
    ///   - input: what is written to it; its end closes standard input.
    ///   - heard: takes its standard output piece by piece, and says whether it goes on.
    /// - Returns: how it ended, for people.
    func serve(
        _ work: Work,
        passing: [String] = [],
        setting: [String: String] = [:],
        input: AsyncStream<[UInt8]>,
        heard: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws(Failure) -> String {
        let family = ProcessFamily(mark: Marks.fresh(), isSoleParent: self.isSoleParent)
        let launch = try Launch(
            work,
            projectFolder: self.projectFolder,
            dataFolder: self.dataFolder,
            mark: family.mark,
            outer: self.outer,
            passing: passing,
            setting: setting
        )
        guard await LaunchLimit.shared.enter() else { return "it was called off before it began" }
        defer { LaunchLimit.shared.leave() }
        guard LaunchLimit.hasRoom else { throw LaunchLimit.noRoom(for: work) }
        family.begin()
        let end = await withTaskCancellationHandler {
            await Self.serve(launch, work, family, input, heard)
        } onCancel: {
            family.terminate()
        }
        await family.sweep()
        return try end.get()
    }

    private static func serve(
        _ launch: Launch,
        _ work: Work,
        _ family: ProcessFamily,
        _ input: AsyncStream<[UInt8]>,
        _ heard: @escaping @Sendable ([UInt8]) -> Bool
    ) async -> Result<String, Failure> {
        do {
            let outcome = try await Subprocess.run(
                Self.configuration(launch),
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                family.lead(execution.processIdentifier.value)
                async let tail = Self.follow(execution.standardError, .none)
                async let written: Void = Self.write(input, to: execution)
                for try await buffer in execution.standardOutput {
                    guard heard(buffer.withUnsafeBytes { Array($0) }) else {
                        family.killAll()
                        break
                    }
                }
                // Nobody reads any more, so nobody writes either.
                _ = heard([])
                await written
                let text = try await tail.text
                await family.account()
                return text
            }
            // The last line says why, if any does.
            let last = outcome.closureResult.split(whereSeparator: \.isNewline).last ?? ""
            let tail = last.isEmpty ? "" : ": \(PlainText.line(String(last), limit: 400))"
            return switch outcome.terminationStatus {
            case .exited(let code): .success("it ended with exit code \(code)\(tail)")
            case .signaled(let signal): .success("it was ended by signal \(signal)\(tail)")
            }
        } catch let error as SubprocessError {
            return .failure(LaunchFault.failure(error, launch, work))
        } catch {
            return .success("it could not be followed: \(error)")
        }
    }

    private static func write(
        _ input: AsyncStream<[UInt8]>,
        to execution: Execution<CustomWriteInput, SequenceOutput, SequenceOutput>
    ) async {
        for await bytes in input {
            guard (try? await execution.standardInputWriter.write(bytes)) != nil else { break }
        }
        try? await execution.standardInputWriter.finish()
    }
}

extension Work {
    /// The same for a program, as if it were an agent of its own.
    func running(
        _ words: [String],
        _ environment: [AgentProfile.Variable],
        outputBytes: Int = AgentProfile.Limits().outputBytes
    ) -> Work {
        var agent = AgentProfile(id: self.agent.id)
        agent.type = "command"
        agent.command = words
        agent.environment = environment
        agent.limits.outputBytes = outputBytes
        var task = TaskSpec(id: self.task.id)
        task.workingDirectory = self.workingDirectory
        return Work(run: self.run, task: task, agent: agent, attempt: self.attempt, delivery: self.delivery)
    }
}
