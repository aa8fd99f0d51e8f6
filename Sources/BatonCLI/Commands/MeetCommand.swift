import ArgumentParser
import BatonCore
import BatonEngine
import Foundation

/// `baton meet`: a meeting without a plan.
struct MeetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meet",
        abstract: "Holds a meeting without a plan; its minutes are what goes to standard output.",
        discussion: """
            Examples:
              baton meet "What do we build first?" --agents agents.yml --rounds 3
              baton meet "Ship it?" --agents review,test --agenda costs --agenda dates --facilitator review
              baton meet "What do we drink?" --agents agents.yml --attendees ann,bob --rehearse
            It is a run as any other: `baton runs` lists it, `baton resume` goes on with it. What it decides stays in its \
            minutes; with --spawn its action items become tasks, which are done. Agents come from --agents, else from \
            agents.yml in the project folder.
            """
    )

    @Argument(help: "What it is about.") var about: String
    @Option(
        help: "A file with agents, or names of built-in ones, such as knowledge,code.",
        completion: .file(extensions: RunNames.planEndings)
    )
    var agents: String?
    @Option(help: "Who comes: agents with commas between them. Default: all.") var attendees: String?
    @Option(help: "How often each of them speaks. Default: 4.") var rounds: Int?
    @Option(help: "An item of the agenda, one after the other; may be given several times.") var agenda: [String] = []
    @Option(help: "Who leads it from item to item.") var facilitator: String?
    @Option(help: "What its minutes are to look for above all.") var objective: String?
    @Option(help: "What its minutes list besides; may be given several times.") var field: [String] = []
    @Flag(help: "Do what was decided: action items and grave risks become tasks.") var spawn = false
    @Flag(help: "Let stand-ins play every agent: free, offline, repeatable by seed.") var rehearse = false
    @Option(help: "The run's identifier. Default: meeting with date and time.") var id: String?
    @Option(help: "What stand-ins and jitter draw from.") var seed: UInt64 = 0
    @OptionGroup var cost: CostOptions
    @OptionGroup var follow: FollowOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !self.about.isBlank else { throw ValidationError("say what it is about, in quotes") }
        guard let id, let fault = NameRule.fault(of: id) else { return }
        throw ValidationError(
            "--id \"\(PlainText.line(id, limit: 60))\" is no name: \(fault); a name has \(NameRule.form)"
        )
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            var plan = try self.plan()
            if !self.rehearse { try self.cost.limit(&plan, data: self.data, output: self.output) }
            var options = Engine.StartOptions()
            options.id = self.id.map { RunID($0) }
            options.seed = self.seed
            try await Session.play(
                plan,
                options,
                isPlayed: self.rehearse || plan.isPlayed,
                data: self.data,
                follow: self.follow,
                output: self.output,
                shows: .minutes
            )
        }
    }

    private func plan() throws -> Plan {
        var plan = try Team.working(self.agents, usual: nil).plan
        var meeting = TaskSpec(id: "meeting", description: Template.literal(self.about))
        let all = plan.agents.filter { $0.kind != .conductor }.map(\.id.text)
        meeting.isMeeting = true
        meeting.attendees = self.attendees.map { $0.split(separator: ",").map { String($0).trimmed } } ?? all
        meeting.rounds = self.rounds
        meeting.agenda = self.agenda.map { AgendaItem($0) }
        meeting.facilitator = self.facilitator.map { AgentID($0) }
        meeting.extractionObjective = self.objective
        meeting.fields = self.field
        meeting.spawnsTasks = self.spawn
        meeting.priority = 2
        (plan.id, plan.title, plan.tasks) = ("meeting", PlainText.line(self.about, limit: 100), [meeting])
        let found = PlanRanges.diagnostics(of: plan) + PlanCheck.diagnostics(of: plan).filter { $0.severity == .error }
        if let first = found.first {
            throw BatonError(.plan, "the meeting cannot be held: \(first.message)", remedy: first.remedy)
        }
        return plan.unfolded
    }
}

extension String {
    fileprivate var trimmed: String { self.trimmingCharacters(in: .whitespaces) }
}
