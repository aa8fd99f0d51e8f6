import BatonCore

/// The research plan of the first documents: a query with tasks of research, each of a type that says which agent does it.
///
/// `query, session_id, tasks[task_id, task_type, description, parameters, dependencies, assigned_agent], estimated_duration_minutes`
/// becomes a plan; every value keeps its place in the file.
enum ResearchForm {
    private static let names = [
        "task_type": "type", "parameters": "input", "assigned_agent": "assigned_agent", "task_id": "task_id",
    ]

    /// Whether a text is of that form: it has a query, and neither a name nor agents.
    static func fits(_ node: SourceNode) -> Bool {
        node["query"] != nil && node["tasks"] != nil && node["agents"] == nil && node["project_id"] == nil
    }

    /// The plan that it stands for.
    static func plan(_ node: SourceNode) -> SourceNode {
        guard case .object(let members) = node.kind else { return node }
        var written: [SourceNode.Member] = []
        for member in members {
            switch member.name {
            case "query":
                written.append(Self.member("title", Self.line(member.value), like: member))
                written.append(Self.member("description", member.value, like: member))
            case "session_id": written.append(Self.member("project_id", member.value, like: member))
            case "status", "created_at": continue
            case "tasks":
                written.append(Self.member("tasks", Self.tasks(member.value, of: node["query"]), like: member))
            default: written.append(member)
            }
        }
        if node["session_id"] == nil {
            written.append(Self.made("project_id", .string("research"), at: node.place))
        }
        written.append(Self.made("agents", .array(Self.agents(of: node)), at: node.place))
        return SourceNode(.object(written), at: node.place)
    }

    private static func tasks(_ node: SourceNode, of query: SourceNode?) -> SourceNode {
        guard case .array(let tasks) = node.kind else { return node }
        return SourceNode(.array(tasks.map { Self.task($0, of: query) }), at: node.place)
    }

    private static func task(_ node: SourceNode, of query: SourceNode?) -> SourceNode {
        guard case .object(let members) = node.kind else { return node }
        // What the form keeps of a run that was: its own journal does that.
        let kept = ["status", "created_at", "started_at", "completed_at", "result", "error_message"]
        var written = members.filter { !kept.contains($0.name) }.map {
            Self.member(Self.names[$0.name] ?? $0.name, $0.value, like: $0)
        }
        let type = node["task_type"].flatMap(Self.text) ?? ""
        let role = ResearchRole.doing(type)
        if node["assigned_agent"] == nil {
            written.append(Self.made("assigned_agent", .string(role.rawValue), at: node.place))
        }
        if node["parameters"] == nil, let query {
            written.append(
                SourceNode.Member(
                    name: "input",
                    place: node.place,
                    value: SourceNode(
                        .object([SourceNode.Member(name: "query", place: query.place, value: query)]),
                        at: node.place
                    )
                )
            )
        }
        written.append(
            SourceNode.Member(name: "produces", place: node.place, value: SourceNode(role.form(of: type)))
        )
        return SourceNode(.object(written), at: node.place)
    }

    // One agent for each name that tasks ask for, of the role that the first of them wants.
    private static func agents(of node: SourceNode) -> [SourceNode] {
        guard case .array(let tasks)? = node["tasks"]?.kind else { return [] }
        var names: [String] = []
        var agents: [SourceNode] = []
        for task in tasks {
            let role = ResearchRole.doing(task["task_type"].flatMap(Self.text) ?? "")
            let name = task["assigned_agent"].flatMap(Self.text) ?? role.rawValue
            guard !names.contains(name) else { continue }
            names.append(name)
            let place = task["assigned_agent"]?.place ?? task.place
            // Without a place to search there is nothing to call.
            let tools = role.tools.filter { $0 != "web_search" || node["web"]?["search"] != nil }.map {
                SourceNode(.string($0), at: place)
            }
            agents.append(
                SourceNode(
                    .object([
                        Self.made("agent_id", .string(name), at: place),
                        Self.made("occupation", .string(role.occupation), at: place),
                        Self.made("type", .string("knowledge"), at: place),
                        Self.made("instructions", .string(role.instructions), at: place),
                        Self.made("tools", .array(tools), at: place),
                    ]),
                    at: place
                )
            )
        }
        return agents
    }

    private static func text(_ node: SourceNode) -> String? {
        if case .string(let text) = node.kind { return text }
        return nil
    }

    // A title is one line.
    private static func line(_ node: SourceNode) -> SourceNode {
        guard let text = Self.text(node) else { return node }
        return SourceNode(.string(PlainText.line(text, limit: 200)), at: node.place)
    }

    private static func member(_ name: String, _ value: SourceNode, like member: SourceNode.Member) -> SourceNode.Member
    {
        SourceNode.Member(name: name, place: member.place, value: value)
    }

    private static func made(_ name: String, _ kind: SourceNode.Kind, at place: SourcePlace) -> SourceNode.Member {
        SourceNode.Member(name: name, place: place, value: SourceNode(kind, at: place))
    }
}
