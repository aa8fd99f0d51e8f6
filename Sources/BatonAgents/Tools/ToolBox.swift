import BatonCore
package import BatonEngine

/// Calls the tools of agents that think.
///
/// Which tools an agent has, and whether a person has to say yes first, is decided before: a call that arrives here may be made.
package struct ToolBox: Sendable {
    private let projectFolder: String
    private let commands: CommandPerformer?

    /// - Parameters:
    ///   - projectFolder: an absolute path without links; files and commands are at home there or below.
    ///   - commands: nil where nobody runs any.
    package init(projectFolder: String, commands: CommandPerformer?) {
        self.projectFolder = projectFolder
        self.commands = commands
    }

    package func call(_ call: Transcript.Call, of work: Work) async -> WorkResult {
        guard let tool = BuiltInTool.named(call.tool), work.task.tools(of: work.agent).contains(call.tool) else {
            return .failed(
                Self.failure(call, "there is no such tool", "take it out of the tools of agent \(work.agent.id)")
            )
        }
        // The schemas are ours: one that cannot be read is a fault of Baton, and its call is refused.
        let faults = (try? JSONSchema(tool.input))?.faults(of: call.input) ?? ["the tool has no schema"]
        guard faults.isEmpty else {
            return .failed(
                Self.failure(call, faults.joined(separator: "; "), "call it again with arguments of its schema")
            )
        }
        do throws(Failure) {
            return try await self.result(of: call, work)
        } catch {
            return .failed(error)
        }
    }

    private func result(of call: Transcript.Call, _ work: Work) async throws(Failure) -> WorkResult {
        switch call.tool {
        case "list_files", "read_file", "search_files", "write_file":
            let files = try WorkFiles(for: work, in: self.projectFolder)
            do throws(WorkFiles.Fault) {
                return .done(try files.call(call.tool, call.input))
            } catch {
                throw Self.failure(call, error.words, "name another file")
            }
        case "run_command": return await self.run(call, work)
        case "report_progress":
            let percent = call.input["percent"]?.integer.map { "\($0) %: " } ?? ""
            work.say(percent + PlainText.line(call.input["text"]?.string ?? "", limit: 500))
            return .done("People are told.")
        default:
            throw Self.failure(
                call,
                "a person answers it, and nobody calls it",
                "this is a fault of Baton: please report it"
            )
        }
    }

    // The agent's word for word command, as if it were an agent of its own.
    private func run(_ call: Transcript.Call, _ work: Work) async -> WorkResult {
        guard let commands = self.commands else {
            return .failed(Self.failure(call, "nobody here runs commands", "let `baton run` play the plan"))
        }
        var agent = AgentProfile(id: work.agent.id)
        agent.type = "command"
        agent.command = (call.input["command"]?.elements ?? []).compactMap(\.string)
        agent.environment = work.agent.environment
        agent.limits.outputBytes = min(work.agent.limits.outputBytes, 256 << 10)
        var task = TaskSpec(id: work.task.id)
        task.workingDirectory = work.workingDirectory
        let inner = Work(run: work.run, task: task, agent: agent, attempt: work.attempt, delivery: work.delivery)
        switch await commands.perform(inner.saying(to: work.live)) {
        case .done(let output, let usage): return .done(output, usage)
        case .stopped(let usage): return .stopped(usage)
        case .failed(let failure, let usage):
            // What it printed is what the model has to see.
            let tail = failure.stderrTail.map { "\n\(PlainText.of($0, keepingLines: true))" } ?? ""
            return .failed(Self.failure(call, failure.message + String(tail.suffix(8000)), failure.remedy), usage)
        }
    }

    private static func failure(_ call: Transcript.Call, _ why: String, _ remedy: String) -> Failure {
        Failure(.permanent, "tool.failed", "\(PlainText.line(call.tool, limit: 60)): \(why)", remedy: remedy)
    }
}
