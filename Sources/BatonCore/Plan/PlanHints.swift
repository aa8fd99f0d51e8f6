/// What helps whoever writes a plan as another system would have it: keys by the names that others give them, and values in their form.
enum PlanHints {
    /// What to write instead of a key that other systems have, by the noun of the object in which it stands.
    static let others: [String: [String: String]] = [
        "a plan": [
            "name": "project_id", "id": "project_id", "goal": "description", "steps": "tasks", "nodes": "tasks",
            "crew": "agents", "edges": "dependencies of each task", "process": "pattern of a task",
            "llm": "defaults.model",
            "model": "defaults.model", "max_iterations": "limits.max_iterations of an agent", "team": "agents",
            "memory": "tools of an agent, remember and recall",
        ],
        "an agent": [
            "id": "agent_id", "role": "occupation", "goal": "instructions", "backstory": "persona", "llm": "model",
            "system_prompt": "instructions", "system_message": "instructions", "prompt": "instructions",
            "title": "occupation",
            "allow_delegation": "tools: [delegate]", "max_iter": "limits: {max_iterations: 50}",
            "functions": "tools", "mcp": "mcp_servers of the plan", "max_iterations": "limits: {max_iterations: 50}",
            "memory": "tools: [remember, recall]", "traits": "personality_traits", "age": "persona: {age: 41}",
        ],
        "a task": [
            "id": "task_id", "name": "task_id", "depends_on": "dependencies", "needs": "dependencies",
            "context": "dependencies",
            "after": "dependencies", "agent": "assigned_agent", "assignee": "assigned_agent", "role": "agent_type",
            "prompt": "description", "goal": "description",
            "expected_output": "description, or produces for a JSON Schema",
            "output_json": "produces", "output_schema": "produces", "output_file": "done_when: [{file: report.md}]",
            "human_input": "needs_approval", "timeout": "timeout_seconds", "retries": "retry: {max_attempts: 3}",
            "max_retries": "retry: {max_attempts: 3}", "next": "follow_up_tasks", "condition": "when", "if": "when",
            "process": "pattern", "steps": "subtasks", "parallel": "pattern: parallel",
            "command": "command of its agent",
            "participants": "attendees", "duration": "estimated_hours",
            "hours": "estimated_hours", "deadline": "due_date", "due": "due_date",
        ],
        "a subtask": [
            "id": "task_id", "name": "task_id", "depends_on": "dependencies", "agent": "assigned_agent",
            "prompt": "description",
            "timeout": "timeout_seconds", "type": "agent_type",
        ],
        "retry": ["attempts": "max_attempts", "max": "max_attempts", "delay": "delay_seconds"],
    ]

    /// A value in the form of a key that wants lists or objects.
    static let examples: [String: String] = [
        "agents": "agents: [{agent_id: ada, occupation: writer}]",
        "tasks": "tasks: [{task_id: draft, description: Write a draft.}]",
        "subtasks": "subtasks: [{description: Find sources.}, {description: Sum them up.}]",
        "done_when": "done_when: [{file: report.md}, {command: [make, test]}]",
        "when": "when: [{task: review, field: verdict, is: approve}]",
        "retry": "retry: {max_attempts: 3}",
        "fallback": "fallback: {assigned_agent: ada}",
        "budget": "budget: {usd: 0.50}",
        "limits": "limits: {max_iterations: 20}",
        "skill_levels": "skill_levels: {writing: 7}",
        "required_skills": "required_skills: {writing: 5}",
        "preferences": "preferences: {research: 8}",
        "defaults": "defaults: {model: ollama/llama3.2}",
        "web": "web: {hosts: [docs.swift.org]}",
    ]

    /// The example for the value at a path; nil if its key has none.
    static func example(at path: PlanPath) -> String? {
        for step in path.steps.reversed() {
            if case .name(let name) = step { return Self.examples[name] }
        }
        return nil
    }
}
