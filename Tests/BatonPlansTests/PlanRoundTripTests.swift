import BatonCore
import BatonPlans
import Testing

/// A plan written and read again is the same plan, whatever it says.
struct PlanRoundTripTests {
    @Test func `a plan with every key set survives writing and reading`() throws {
        let first = PlanFile.read(bytes: Array(Self.full.utf8), name: "plan.yml")
        // No task of a sound plan has all keys: one that has a pattern cannot want a yes.
        let errors = first.diagnostics.filter { $0.severity == .error }
        #expect(errors.map(\.code) == ["plan.pattern"], "\(errors.map(\.line))")
        let plan = PlanDecoder.plan(try #require(first.node))
        for name in ["plan.json", "plan.yaml"] {
            let again = PlanFile.read(bytes: PlanEncoder.bytes(of: plan), name: name)
            #expect(PlanDecoder.plan(try #require(again.node)) == plan, "\(name)")
        }
    }

    @Test func `the plan above sets every key of the tables`() throws {
        let node = try #require(PlanFile.read(bytes: Array(Self.full.utf8), name: "plan.yml").node)
        let objects: [(PlanKeys, SourceNode?)] = [
            (.plan, node), (.scheduling, node["scheduling"]), (.agent, node["agents"]?[0]),
            (.capability, node["agents"]?[0]?["capabilities"]?[1]),
            (.agentLimits, node["agents"]?[0]?["limits"]), (.task, node["tasks"]?[1]),
            (.subtask, node["tasks"]?[1]?["subtasks"]?[0]), (.retry, node["tasks"]?[1]?["retry"]),
            (.oversight, node["ceo_oversight"]), (.escalation, node["ceo_oversight"]?["escalation_criteria"]),
            (.partBudget, node["agents"]?[0]?["budget"]), (.mischief, node["agents"]?[0]?["rehearsal"]),
            (.partBudget, node["tasks"]?[1]?["budget"]), (.web, node["web"]), (.webSearch, node["web"]?["search"]),
            (.successCriteria, node["success_criteria"]), (.budget, node["budget"]), (.defaults, node["defaults"]),
        ]
        for (keys, object) in objects {
            let missing = keys.keys.map(\.name).filter { object?[$0] == nil }
            #expect(missing.isEmpty, "\(keys.noun)")
        }
        // A server is a program or an address, and no plan sets all of its keys.
        let servers = ["docs", "web"].map { node["mcp_servers"]?[$0] }
        for key in PlanKeys.toolServer.keys { #expect(servers.contains { $0?[key.name] != nil }, "\(key.name)") }
    }

    @Test func `a plan that says next to nothing survives too`() throws {
        let plan = try #require(PlanFile.read(bytes: Array(SmallPlan.yaml.utf8), name: "plan.yml").plan)
        #expect(PlanFile.read(bytes: PlanEncoder.bytes(of: plan), name: "plan.json").plan == plan)
    }

    private static let full = """
        project_id: full
        title: A full plan
        description: "All keys, with \\"quotes\\" and ünïcödé\\n"
        execution_mode: simulation
        scheduling:
          {mode: compressed, start_date: 2026-11-23T09:00:00+01:00, compress_timeline: true, auto_adjust_dates: false,
           time_zone: Europe/Berlin}
        mcp_servers:
          docs: {command: [serve, it], environment: {A: b}, pass_environment: [KEY], read_only: ["*"], timeout_seconds: 7.5}
          web: {url: "https://h/", headers: {X: "${Y}"}}
        model_tiers: {simple: ollama/small, complex: [ollama/large, ollama/larger]}
        web:
          hosts: [a.example]
          cache_seconds: 5.5
          search: {url: "https://s/?q={query}", headers: {K: "${Z}"}, results: a.b, title: t, link: l, text: x}
        agents:
          - agent_id: ann
            name: Ann
            occupation: Writer
            personality_traits: [curious]
            professional_interests: [law]
            skills: [writing]
            years_experience: 10+ years
            skill_levels: {writing: 8, law: 6.25}
            preferences: {writing: 9}
            type: command
            model: acme/large
            fallback_models: [acme/small]
            max_tokens: 4096
            temperature: 0.25
            stream: false
            persona: {age: 28, "nested": [1, null, true, 1.5]}
            instructions: Be brief.
            instruction_files: [{path: base.md, text: "Be brief."}]
            tools: [read_file]
            approved_tools: [run_command]
            approved_after_web: [run_command]
            command: [echo, "a b"]
            environment: {LANG: C}
            working_directory: work
            capabilities:
              - writing
              - {name: research, description: finds out, input_types: [query, "limit?"], output_types: [findings],
                 estimated_time: 3.5, cost_estimate: 0.25}
            tags: [core]
            priority: 7
            max_concurrent_tasks: 2
            repeatable: true
            available: true
            made_by: bob
            phases: [planning, executing]
            produces: {type: string}
            limits: {output_bytes: 1000, context_tokens: 2000, max_iterations: 7}
            rehearsal: {fail: 0.125, refuse: 0.25, block: 1, loop: 0.5, slow_seconds: 2.5}
            budget: {usd: 1, money: 2, tokens: 3, calls: 4, time: 2h, at_limit: cheaper}
          - agent_id: bob
            type: person
            available: false
          - {agent_id: cyd, type: command, command: [cat], capabilities: [writing], skill_levels: {writing: 8}}
          - {agent_id: dee, model: acme/large}
        tasks:
          - task_id: first
          - task_id: second
            description: Use {{tasks.first.output}}
            input: {from: "{{tasks.first.output.title}}"}
            assigned_agent: ann
            agent_type: command
            required_skills: {writing: 7.5}
            timeout_seconds: 1.5
            strict: true
            type: writing
            scheduled_date: 2026-11-24
            estimated_hours: 0.25
            priority: 5
            meeting_required: true
            attendees: [ann, bob]
            agenda: [costs, {topic: dates, minutes: 10}]
            facilitator: ann
            minutes_by: dee
            extraction_objective: what it costs
            fields: [costs]
            broadcast: false
            spawn_tasks: false
            due_date: 2026-12-01
            dependencies: [first]
            follow_up_tasks: [third]
            pattern: consensus
            subtasks:
              - {task_id: part, description: d, input: 1, assigned_agent: ann, agent_type: command,
                 required_skills: {writing: 1}, timeout_seconds: 5, strict: true, dependencies: [second.2],
                 produces: {type: string}}
              - {description: another}
            aggregation: vote
            min_agreement: 0.75
            part_of: third
            voters: [ann, command]
            judge: ann
            manager: ann
            rounds: 2
            weighted_by: writing
            retry: {max_attempts: 4, delay_seconds: 0.5}
            on_dependency_failure: run
            model: ollama/m
            complexity: simple
            share_call: true
            delegated_by: first
            spawned_from: first
            proves: {file: out.md}
            fallback: {assigned_agent: ann, agent_type: browser, model: ollama/m, complexity: simple, description: Guess.}
            produces: {type: object}
            when:
              - {task: first, field: verdict.0, is: {a: 1}}
              - {task: first, is_not: null}
              - {task: first, one_of: [1, b], at_least: 0.5, at_most: 9, contains: x}
            early_stop: true
            done_when:
              - {command: [swift, test], timeout_seconds: 60}
              - {file: out.md}
              - {schema: {type: object}}
              - {review: command, instructions: Is it short?}
              - {signed_by: anybody}
            tools: []
            repeatable: false
            needs_approval: true
            answer_within_seconds: 90
            if_unanswered: skip
            working_directory: there
            limits: {max_iterations: 3}
            budget: {usd: 0.000001, money: 2, tokens: 0, calls: 0, time: 90s, at_limit: stop}
          - {task_id: third, pattern: parallel}
        ceo_oversight:
          enabled: true
          interrupt_triggers: [milestone_completion, schedule_delay]
          review_frequency: weekly
          escalation_criteria: {budget_variance: 10, schedule_delay_days: 2.5, critical_risks: 1}
        success_criteria: {technical_milestones: [a], compliance_requirements: [b], business_objectives: [c]}
        budget: {usd: 12.34, money: 12.34, tokens: 1000, calls: 10, at_limit: stop, time: 90m, depth: 2, fan_out: 3}
        defaults:
          {model: acme/small, max_concurrent_tasks: 4, task_timeout_seconds: 60, max_retry_attempts: 2, retry_delay_seconds: 2,
           enable_parallel_execution: false, progress_update_interval_seconds: 5, type_weights: {writing: 2},
           answer_within_seconds: 600, if_unanswered: skip}
        staffing: best_available
        estimated_duration_minutes: 120
        working_directory: project

        """
}
