import BatonCore
import BatonEngine
import Foundation

/// A plan with one task: a goal that a manager breaks down for its agents.
enum GoalPlan {
    private static let usual = ["knowledge", "code", "test", "review"]

    /// - Parameter agents: a file with agents, or names of built-in ones; nil is what lies in the folder, else the usual ones.
    static func make(_ goal: String, agents: String?, isParallel: Bool) throws -> Plan {
        guard !goal.isBlank else {
            throw BatonError(.usage, "the goal is empty", remedy: "baton run --goal \"Make a web site for a bakery\"")
        }
        var plan = try Team.working(agents, usual: Self.usual).plan
        plan.id = "goal"
        plan.title = PlainText.line(goal, limit: 100)
        if !isParallel { plan.defaults.enableParallelExecution = false }
        let manager = plan.agents.first { $0.type == "main" } ?? Self.manager(beside: plan.agents)
        if !plan.agents.contains(where: { $0.id == manager.id }) { plan.agents.insert(manager, at: 0) }
        var task = TaskSpec(id: "goal", description: Template.literal(goal))
        task.pattern = .hierarchical
        task.manager = manager.id
        plan.tasks = [task]
        let found = PlanCheck.diagnostics(of: plan).filter { $0.severity == .error }
        if let first = found.first {
            throw BatonError(.plan, "the goal cannot be begun: \(first.message)", remedy: first.remedy)
        }
        return plan.unfolded
    }

    /// A goal for real agents wants a manager that thinks, and built-in agents a model.
    static func refuseStandIns(in plan: Plan) throws {
        let manager = plan.tasks.lazy.compactMap(\.manager).first
        let isPlayed = { (agent: AgentProfile) in
            switch agent.kind {
            case .builtIn: true
            case .standIn: agent.id == manager
            case .command, .model, .person, .function, .conductor: false
            }
        }
        guard let odd = plan.agents.first(where: isPlayed) else { return }
        throw BatonError(
            .plan,
            "agent \(odd.id) of the goal has no model, and nobody else can do its work",
            remedy: "set BATON_MODEL as provider/model, give it a model in the file of agents, or add --rehearse"
        )
    }

    // It may look at what there is before it plans.
    private static func manager(beside agents: [AgentProfile]) -> AgentProfile {
        var id: AgentID = "manager"
        while agents.contains(where: { $0.id == id }) { id = AgentID("\(id)-0") }
        var manager = AgentProfile(id: id, name: "Manager")
        manager.occupation = "manager"
        manager.model = Surroundings.model ?? agents.lazy.compactMap(\.model).first
        if manager.model != nil { manager.tools = ["list_files", "read_file", "search_files"] }
        return manager
    }
}
