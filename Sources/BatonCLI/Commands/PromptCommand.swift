import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine
import BatonPlans
import BatonReports
import Foundation

/// `baton prompt`: what a model is told for a task, with where each part stands.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract:
            "Shows what a model is told first for a task, or who an agent is, and where each part of it comes from.",
        discussion: """
            Examples:
              baton prompt plan.yml draft
              baton prompt plan.yml ada
              baton prompt knowledge
              baton prompt --of plan-1 draft --json
            Of a plan, results of other tasks are named and not there yet; of a run they are those that it has.
            """
    )

    @Argument(help: "A plan and a task or an agent of it; with --of the second alone. Default: the first task.")
    var words: [String] = []
    @Option(name: .customLong("of"), help: "A run, in the place of a plan.", completion: RunNames.all) var run: String?
    @Option(help: "Who does it. Default: who did, else the first who can.") var agent: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Subject {
        let plan: Plan
        let name: String
        var outputs: [TaskID: JSON] = [:]
        var leads: [TaskID: AgentID] = [:]
        /// Of tasks that brought nothing, why.
        var shortfalls: [TaskID: String] = [:]
        var sources: [TaskID: Provenance] = [:]
        var askers: [TaskID: Provenance] = [:]
        /// Of a run that knows them, what people have said.
        var directives: (TaskSpec) -> [String] = { _ in [] }
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            if self.run == nil, self.words.count == 1, let agent = Self.builtIn(self.words[0]) {
                return self.printSystem(of: agent)
            }
            let (subject, wanted) = try await self.subject()
            guard let task = subject.plan.tasks.first(where: { wanted == nil || $0.id.text == wanted }) else {
                if let agent = subject.plan.agents.first(where: { $0.id.text == wanted }) {
                    return self.printSystem(of: agent)
                }
                let names = subject.plan.tasks.map(\.id.text) + subject.plan.agents.map(\.id.text)
                throw BatonError(
                    .usage,
                    "\(subject.name) has no task and no agent \(PlainText.line(wanted ?? "", limit: 60))",
                    remedy: NearestName.of(wanted ?? "", among: names).map { "did you mean \($0)?" }
                        ?? "name one of its tasks or agents"
                )
            }
            let agent = try self.agent(for: task, subject)
            guard agent.kind != .conductor else {
                throw BatonError(
                    .usage,
                    "no model is told anything for task \(task.id): the engine itself joins what its parts bring",
                    remedy: "look at one of its parts"
                )
            }
            self.print(Self.work(task, agent, subject), subject)
        }
    }

    // One that every Baton has, where no plan is called like it.
    private static func builtIn(_ name: String) -> AgentProfile? {
        guard AgentProfile.builtInTypes.contains(name), !FileManager.default.fileExists(atPath: name) else {
            return nil
        }
        return Team(profiles: [name], model: Surroundings.model ?? ModelName.rehearsal).plan.agents.first
    }

    private func subject() async throws -> (Subject, task: String?) {
        guard let run else {
            guard let path = self.words.first, self.words.count <= 2 else {
                throw BatonError(
                    .usage,
                    "a plan is wanted, and at most a task of it",
                    remedy: "baton prompt plan.yml TASK"
                )
            }
            let plan = try PlanGate.plan(path, output: self.output, rehearsing: true)
            return (Subject(plan: plan, name: path), self.words.dropFirst().first)
        }
        guard self.words.count <= 1 else {
            throw BatonError(.usage, "with --of one task is wanted", remedy: "baton prompt --of \(run) TASK")
        }
        let folder = try ReadOnly(self.data.path)
        let facts = try await folder.facts(of: try await folder.run(run))
        let sheet = try RunSheet.of(RunID(run), facts)
        var subject = Subject(plan: sheet.run.plan, name: "run \(sheet.run.id)")
        for (index, output) in try await Readings(folder.journal).outputs(of: sheet.run) {
            subject.outputs[sheet.run.spec(index).id] = output
        }
        for offset in sheet.run.tasks.indices {
            let id = sheet.run.plan.tasks[offset].id
            subject.sources[id] = sheet.run.source(of: TaskIndex(offset))
            subject.askers[id] = sheet.run.asker(of: TaskIndex(offset))
        }
        for (offset, record) in sheet.run.tasks.enumerated() {
            if case .ended(let end) = record.state {
                subject.shortfalls[sheet.run.plan.tasks[offset].id] = end.shortfall
            }
        }
        let folded = sheet.run
        var told: [TaskIndex: Assignment] = [:]
        for fact in facts {
            if case .attemptStarted(let task, _, let assignment) = fact.event { told[task] = assignment }
        }
        for (task, assignment) in told { subject.leads[folded.spec(task).id] = folded.profile(assignment.lead).id }
        subject.directives = { [told] task in
            guard let index = folded.index(of: task.id), let assignment = told[index] else { return [] }
            return folded.directives(for: index, assignment).compactMap { $0.text.inlined?.plainText }
        }
        return (subject, self.words.first)
    }

    private func agent(for task: TaskSpec, _ subject: Subject) throws -> AgentProfile {
        let named = self.agent.map { AgentID($0) } ?? subject.leads[task.id] ?? task.assignedAgent
        let fitting = { () -> AgentProfile? in
            let declared = Eligibility.declaredTypes(of: subject.plan.agents)
            return Eligibility.candidates(for: task, agents: subject.plan.agents, declaredTypes: declared).agents
                .lazy.map { subject.plan.agents[$0.offset] }.first { $0.kind == .model }
        }
        guard let agent = named.map({ name in subject.plan.agents.first { $0.id == name } }) ?? fitting() else {
            throw BatonError(
                .usage,
                "no agent that thinks does task \(task.id)",
                remedy: "name one with --agent"
            )
        }
        return agent
    }

    private static func work(_ task: TaskSpec, _ agent: AgentProfile, _ subject: Subject) -> Work {
        let fill = { (value: JSON) -> JSON in
            Template(value).expanded(
                { subject.outputs[$0] },
                otherwise: { .string("(the result of \($0), not there yet)") }
            )
        }
        // Those that its texts name are among them.
        let graph = PlanGraph(subject.plan.tasks)
        let index = graph.indexes[task.id] ?? TaskIndex(0)
        let dependencies = graph.dependencies[index].map { offset in
            let id = subject.plan.tasks[Int(offset)].id
            let missing = subject.shortfalls[id] ?? "not there yet"
            let output = subject.outputs[id]
            return Work.Dependency(
                task: id,
                output: output,
                shortfall: output == nil ? missing : nil,
                source: subject.sources[id]
            )
        }
        return Work(
            run: "prompt",
            task: task,
            agent: agent,
            input: fill(task.input),
            description: fill(.string(task.description)).plainText,
            dependencies: dependencies,
            directives: subject.directives(task),
            asker: subject.askers[task.id],
            beside: subject.plan
        )
    }

    private func print(_ work: Work, _ subject: Subject) {
        let tools = work.task.tools(of: work.agent)
        let models = subject.plan.models(of: work.agent, for: work.task)
        let system = Prompt.system(of: work.agent)
        let words = Prompt.words(of: work) + Prompt.directives(of: work)
        let offers = Prompt.offers(of: tools)
        let bytes = (system + words + offers).reduce(0) { $0 + $1.text.utf8.count }
        guard !self.output.json else {
            return Console.print([
                "task": .string(work.task.id.text), "agent": .string(work.agent.id.text),
                "models": .array(models.map { .string($0) }), "tools": .array(tools.map { .string($0) }),
                "system": Self.list(system), "words": Self.list(words), "offers": Self.list(offers),
                "bytes": .integer(Int64(bytes)),
            ])
        }
        let weighed = subject.plan.tier(of: work.task)?.models.count ?? 1
        let first =
            weighed > 1
            ? ["the best of \(models.prefix(weighed).joined(separator: ", "))"] : models.prefix(1).map(\.self)
        let asked = (first + models.dropFirst(weighed)).joined(separator: ", then ")
        Console.print("Task \(work.task.id), \(work.agent.name), asks \(asked)")
        for (title, parts) in [
            ("Who it is", system), ("What it is told", words), ("Which tools it is offered", offers),
        ]
        where !parts.isEmpty {
            Console.print("\n\(title)")
            Self.show(parts)
        }
        Console.print(
            "\n\(offers.isEmpty ? "No tools. " : "")\(bytes) bytes, about \(CountText.of((bytes + 3) / 4, "token"))"
        )
    }

    // What an agent is told before any of its tasks.
    private func printSystem(of agent: AgentProfile) {
        let system = Prompt.system(of: agent)
        let offers = Prompt.offers(of: agent.tools)
        guard !self.output.json else {
            return Console.print([
                "agent": .string(agent.id.text), "system": Self.list(system), "offers": Self.list(offers),
                "produces": agent.produces ?? .null,
            ])
        }
        Console.print("Agent \(agent.id), \(agent.name), before any task")
        Self.show(system)
        if !offers.isEmpty {
            Console.print("\nWhich tools it is offered")
            Self.show(offers)
        }
        if let form = agent.produces {
            Console.print("\nThe form of its answers, unless a task has another\n    \(form)")
        }
    }

    private static func list(_ parts: [Prompt.Part]) -> JSON {
        .array(parts.map { ["origin": .string($0.origin), "text": .string($0.text)] })
    }

    private static func show(_ parts: [Prompt.Part]) {
        for part in parts {
            Console.print("  [\(part.origin)]")
            for line in part.text.split(separator: "\n", omittingEmptySubsequences: false) {
                Console.print("    \(PlainText.line(String(line), limit: 10_000))")
            }
        }
    }
}
