import ArgumentParser
import BatonCore
import BatonEngine

/// `baton ask`: one task without a plan.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Asks one agent something, without a plan; its answer is all that goes to standard output.",
        usage: "baton ask \(Self.form) [--input INPUT] [OPTIONS]",
        discussion: """
            Examples:
              baton ask ada "Which of these names is free?" --input @names.json
              baton ask --capability translate "Good morning"
              baton ask --command "wc -c" "How long is this?"
              baton ask --model anthropic/claude-haiku-4-5 --max-cost 0.05 "Write a haiku."
            It is a run as any other: `baton runs` lists it, `baton resume` goes on with it. \
            Agents come from --agents or --run, else from agents.yml or plan.yml in the project folder, else from the \
            newest run of a plan here. Without AGENT, --type and --capability, whoever suits best is asked.
            """
    )

    private static let form = "[AGENT] \"WORDS\""

    @Argument(help: "[AGENT] WORDS") var words: [String] = []
    @Option(help: "Ask whoever of this type suits best.") var type: String?
    @Option(help: "Ask whoever with this capability suits best.") var capability: String?
    @Option(help: "What the agent gets besides: JSON or text; @FILE, or - for standard input.") var input: String?
    @Option(name: .customLong("input-text"), help: "The same, and always text, whatever it begins with.")
    var inputText: String?
    @Option(help: "Ask this program: words as in a shell, with quotes, and no shell.") var command: String?
    @Option(help: "Ask this model, and no agent of a file: provider/model.") var model: String?
    @Option(
        help: "A file with agents: a plan, or only its agents.",
        completion: .file(extensions: RunNames.planEndings)
    )
    var agents: String?
    @Option(name: .customLong("run"), help: "Take the agents of this run.", completion: RunNames.all) var earlier:
        String?
    @Option(help: "The run's identifier. Default: ask with date and time.") var id: String?
    @OptionGroup var cost: CostOptions
    @OptionGroup var follow: FollowOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard self.words.count <= 2 else { throw ValidationError("write [AGENT] \"WORDS\"; put the words in quotes") }
        guard !(self.words.last ?? "").isBlank || self.words.isEmpty && self.hasInput else {
            throw ValidationError("say what is asked, in quotes")
        }
        guard self.input == nil || self.inputText == nil else {
            throw ValidationError("--input and --input-text exclude each other")
        }
        guard [self.command, self.model, self.agents, self.earlier].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("--command, --model, --agents and --run exclude each other")
        }
        let ways = [self.words.count == 2 ? "" : nil, self.type, self.capability, self.command, self.model]
        guard ways.count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("AGENT, --type, --capability, --command and --model exclude each other")
        }
        guard let id, let fault = NameRule.fault(of: id) else { return }
        throw ValidationError(
            "--id \"\(PlainText.line(id, limit: 60))\" is no name: \(fault); a name has \(NameRule.form)"
        )
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let team = try await self.builtIn(beside: self.team)
            var plan = try self.ask(of: team.plan).plan(among: team.plan)
            try self.cost.limit(&plan, data: self.data, output: self.output)
            if !self.output.json { Console.note(self.whom(plan.agents, from: team.source)) }
            var options = Engine.StartOptions()
            options.id = self.id.map { RunID($0) }
            try await Session.play(
                plan,
                options,
                isPlayed: plan.isPlayed,
                data: self.data,
                follow: self.follow,
                output: self.output,
                shows: .answer
            )
        }
    }

    // Whoever is asked by the name of a built-in type is there, also beside a team that knows of none.
    private func builtIn(beside team: () async throws -> Team) async throws -> Team {
        let wanted = self.type ?? (self.words.count == 2 ? self.words[0] : nil)
        guard let wanted, AgentProfile.builtInTypes.contains(wanted) else { return try await team() }
        var found: Team?
        do { found = try await team() } catch let error as BatonError where error.code.text == "agent.unknown" {}
        if let found, found.plan.agents.contains(where: { $0.id.text == wanted || $0.type == wanted }) { return found }
        guard let model = Surroundings.model ?? found?.plan.defaults.model else {
            throw BatonError(
                BatonError.Code("agent.unknown"),
                "\(wanted) is a built-in agent, and nothing says which model it asks",
                remedy: "set BATON_MODEL to provider/model"
            )
        }
        return Team(profiles: [wanted], model: model)
    }

    private func team() async throws -> Team {
        if let command { return try Team(command: command) }
        if let model { return Team(model: model) }
        if let agents { return try Team(file: agents) }
        if let earlier { return try await Team(run: earlier, in: self.data.path) }
        return try await Team(usualIn: self.follow.projectFolder, data: self.data.path)
    }

    private func ask(of team: Plan) throws -> Ask {
        var words = self.words.last ?? ""
        var whom = Engine.Asked.anyone
        if self.words.count == 2 {
            whom = .agent(AgentID(self.words[0]))
        } else if let type = self.type {
            whom = .type(type)
        } else if let capability = self.capability {
            whom = .capability(capability)
        } else if let agent = team.agents.first(where: { $0.id.text == words }) {
            // A name alone is an agent; what it is asked is the input.
            guard self.hasInput else {
                throw BatonError(
                    .usage,
                    "agent \(agent.id) is asked nothing",
                    remedy:
                        "usage: baton ask \(Self.form), such as baton ask \(agent.id) \"What is new?\"; or give it an --input"
                )
            }
            (words, whom) = ("", .agent(agent.id))
        }
        let input = try AskedInput.value(self.input, text: self.inputText) ?? .null
        return Ask(words: words, input: input, whom: whom)
    }

    private var hasInput: Bool { self.input != nil || self.inputText != nil }

    private func whom(_ agents: [AgentProfile], from source: String?) -> String {
        let names = agents.prefix(5).map(\.id.text).joined(separator: ", ") + (agents.count > 5 ? " and more" : "")
        let played = agents.allSatisfy { $0.kind == .standIn } ? "\(StandIn.mark): a stand-in plays it; " : ""
        let place = source.map { ", of \(PlainText.line($0, limit: 80))" } ?? ""
        return "\(played)asking \(agents.count == 1 ? "" : "the best of ")\(names)\(place)"
    }
}
