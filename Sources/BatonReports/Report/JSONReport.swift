package import BatonCore

/// A run as one JSON value, as docs/api.md describes it: everything that the pages show, and nothing cut.
package enum JSONReport {
    package static func value(_ report: RunReport, _ sources: ReportSources) -> JSON {
        let sheet = report.sheet
        let plan = report.plan
        let members: [(String, JSON)] = [
            ("run", .string(report.run.id.text)), ("project_id", .string(plan.id)), ("title", .string(plan.title)),
            ("description", .string(plan.description)), ("state", .string(sheet.stateWord)),
            ("mode", .string(report.run.seed.mode.rawValue)), ("rehearsal", .bool(report.isRehearsal)),
            ("began_at", .string(report.run.began.description)),
            ("ended_at", sheet.endedAt.map { .string($0.description) } ?? .null),
            ("reported_at", .string(report.now.description)), ("headline", .string(report.headline)),
            ("task_summary", Self.summary(report)), ("statistics", Self.statistics(report.statistics)),
            ("glance", Self.glance(report, sources)), ("success_criteria", Self.criteria(plan.successCriteria)),
            ("tasks", .array(report.tasks.map { Self.task($0, report, sources) })),
            ("agents", .array(report.agents.map(\.json))),
            ("failures", .array(report.failures.map { Self.failure($0, report) })),
            ("layers", .array(report.run.graph.layers().rows.map { Self.names($0, report) })),
            ("critical_path", Self.names(CriticalPath.byMeasuredTimes(of: sheet).tasks, report)),
            ("timeline", .array(report.timeline.entries.map(\.json))),
            ("timeline_left_out", .integer(Int64(report.timeline.leftOut))),
            ("words", .array(report.words.map(\.json))),
            ("decisions", .array(report.decisions.map { Self.decision($0, report) })),
            (
                "meetings",
                .array(MeetingRecord.all(in: report.run, outputs: sources.outputs).map { $0.json(report.run) })
            ),
        ]
        return .members(members + RunDiagnosis(report).members(of: report) + sources.research(of: report).members)
    }

    private static func names(_ tasks: [TaskIndex], _ report: RunReport) -> JSON {
        .array(tasks.map { .string(report.id($0).text) })
    }

    private static func summary(_ report: RunReport) -> JSON {
        let counts = report.run.counts.shown
        return [
            "total": .integer(Int64(counts.total)), "completed": .integer(Int64(counts.completed)),
            "failed": .integer(Int64(counts.failed)), "skipped": .integer(Int64(counts.skipped)),
            "cancelled": .integer(Int64(counts.cancelled)), "open": .integer(Int64(counts.total - counts.ended)),
            "spawned": .integer(Int64(report.statistics.spawnedTasks)),
        ]
    }

    private static func statistics(_ statistics: Statistics) -> JSON {
        [
            "duration_seconds": .number(statistics.elapsed.inSeconds),
            "attempts": .integer(Int64(statistics.attempts)), "retries": .integer(Int64(statistics.retries)),
            "busy_seconds": .number(statistics.busy.inSeconds),
            "parallelism": statistics.parallelism.map { .number($0) } ?? .null,
            "questions": .integer(Int64(statistics.questions)),
            "waited_for_people_seconds": .number(statistics.waitedForPeople.inSeconds),
            "meetings_held": .integer(Int64(statistics.meetingsHeld)),
            "tasks_spawned": .integer(Int64(statistics.spawnedTasks)),
            // Skills do not grow in this version.
            "skill_gains": [], "recoveries": .integer(Int64(statistics.recoveries)),
            "tokens": .integer(statistics.usage.tokens), "money_usd": .number(statistics.usage.money.inUSD),
            "cpu_seconds": statistics.usage.cpuJSON, "peak_memory_bytes": statistics.usage.peakMemoryJSON,
            "peak_memory_bound_bytes": statistics.usage.peakMemoryBoundJSON,
        ]
    }

    private static func glance(_ report: RunReport, _ sources: ReportSources) -> JSON {
        let names = ["failed", "took_longest", "did_most", "next"]
        let parts = Glance(report).parts.map { part -> JSON in
            .array(
                part.lines.map { line in
                    let text: JSON = ["text": .string(line.subject + line.text)]
                    return line.command.map { text.adding("command", .string(sources.command($0))) } ?? text
                }
            )
        }
        return .members(Array(zip(names, parts)))
    }

    private static func criteria(_ criteria: Plan.SuccessCriteria) -> JSON {
        [
            "technical_milestones": .array(criteria.technicalMilestones.map { .string($0) }),
            "compliance_requirements": .array(criteria.complianceRequirements.map { .string($0) }),
            "business_objectives": .array(criteria.businessObjectives.map { .string($0) }),
        ]
    }

    private static func task(_ account: TaskAccount, _ report: RunReport, _ sources: ReportSources) -> JSON {
        let json = report.sheet.task(account.task)
        return sources.outputs[account.task].map { json.adding("output", $0) } ?? json
    }

    private static func failure(_ group: FailureGroup, _ report: RunReport) -> JSON {
        let cause =
            switch group.cause {
            case .failure: "failed"
            case .skippedByPerson: "skipped_by_person"
            case .unanswered: "unanswered"
            case .stop(.person): "stopped_by_person"
            case .stop(.strict): "strict"
            case .stop(.timeLimit): "time_limit"
            case .unknown: "unknown"
            }
        var json: JSON = ["cause": .string(cause), "because_of_it": Self.names(group.consequences, report)]
        if let root = group.root { json = json.adding("task", .string(report.id(root).text)) }
        if let failure = group.failure { json = json.adding("failure", failure.json) }
        return json
    }

    private static func fields(of order: Decision.Order, _ report: RunReport) -> [(String, JSON)] {
        let tasks = { (tasks: [TaskIndex]) -> (String, JSON) in
            ("tasks", .array(tasks.map { .string(report.id($0).text) }))
        }
        let fields: [(String, JSON)] =
            switch order {
            case .paused, .resumed, .stopped: []
            case .forked(let run, let position): [("run", .string(run.text)), ("event", .integer(position.value))]
            case .skipped(let task, let note): [tasks([task]), ("text", .string(note))]
            case .added(let added), .retried(let added): [tasks(added)]
            case .edited(let task): [tasks([task])]
            case .reprioritized(let task, let priority): [tasks([task]), ("priority", .integer(Int64(priority)))]
            case .steered(let directive):
                [
                    ("to", .string(ReportWords.audience(of: directive, in: report))),
                    ("text", .string(directive.text.shown)),
                ]
            }
        return [("order", .string(order.word))] + fields
    }

    private static func decision(_ decision: Decision, _ report: RunReport) -> JSON {
        var json: JSON = [
            "at": .string(decision.at.description), "open": .bool(decision.isOpen),
            "by": decision.by.map { .string($0) } ?? .null,
            "closed_at": decision.closedAt.map { .string($0.description) } ?? .null,
        ]
        switch decision.matter {
        case .question(let question):
            json = json.adding("question", EventView(plan: report.plan).json(of: question))
            json = json.adding("asked", .string(ReportWords.asked(decision, in: report)))
            json = json.adding("waited_seconds", .number(decision.waited(at: report.now).inSeconds))
            json = json.adding("answer", .string(ReportWords.answer(decision, in: report)))
        case .order(let order): for (name, value) in Self.fields(of: order, report) { json = json.adding(name, value) }
        }
        return json
    }
}
