/// The journal's form of events: JSON lines with `kind` and `v`, each with one event, or with two that belong together.
///
/// A new meaning is a new version; readers keep all versions for ever. What this build does not know is refused by
/// name, so that an older Baton never guesses at a newer journal.
package enum EventCodec {
    /// Why a line is no event that this build knows.
    package enum Fault: Error, Hashable, Sendable {
        /// The line is not JSON.
        case json(String)
        case unknownKind(String)
        case unknownVersion(kind: String, version: Int64)
        /// A field is missing or of the wrong form.
        case field(kind: String, name: String)
        /// The plan that `created` names cannot be had.
        case plan(String)

        package var message: String {
            switch self {
            case .json(let why): "the line is not JSON: \(why)"
            case .unknownKind(let kind):
                "it holds an event of the kind \"\(PlainText.line(kind, limit: 60))\", which this version does not know"
            case .unknownVersion(let kind, let version):
                "it holds \(kind) in version \(version); this version knows up to \(EventCodec.newestVersion(of: kind))"
            case .field(let kind, let name): "\(PlainText.line(kind, limit: 60)) has no proper \(name)"
            case .plan(let why): "its plan cannot be read: \(why)"
            }
        }
    }

    /// A value may be as deep as any reader of ours allows, and stands inside an event.
    private static let depth = JSONReader.usualDepth + 8

    // MARK: Writing

    /// Appends one line with its end.
    package static func write(_ fact: Recorded, to writer: inout JSONWriter) {
        Self.write(fact, version: 1, to: &writer) { _ in }
    }

    /// The same with fields that a newer version of the kind has more.
    static func write(
        _ fact: Recorded,
        version: Int64,
        to writer: inout JSONWriter,
        more: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.name("kind")
            writer.string(Self.kind(of: fact.event))
            writer.field("v", version)
            writer.field("at", fact.at.microseconds)
            switch fact.by {
            case .engine: break
            case .person(let name): writer.text("by", name)
            case .agent(let agent, let task):
                writer.text("by_agent", agent.text)
                writer.text("by_task", task.text)
            }
            Self.writeFields(of: fact.event, to: &writer)
            more(&writer)
        }
        writer.endLine()
    }

    package static func kind(of event: Event) -> String {
        switch event {
        case .created: "created"
        case .recovered: "recovered"
        case .attemptStarted: "attempt_started"
        case .stepOwed: "step_owed"
        case .stopRequested: "stop_requested"
        case .stepReturned: "step_returned"
        case .stepLost: "step_lost"
        case .staleResult: "stale_result"
        case .attemptHeld: "attempt_held"
        case .taskRested: "task_rested"
        case .taskFellBack: "task_fell_back"
        case .taskReady: "task_ready"
        case .taskEnded: "task_ended"
        case .asked: "asked"
        case .answered: "answered"
        case .paused: "paused"
        case .resumed: "resumed"
        case .stopping: "stopping"
        case .forked: "forked"
        case .tasksAdded: "tasks_added"
        case .delegated(let delegation) where delegation.spec == nil: "delegation_refused"
        case .delegated: "delegated"
        case .taskEdited: "task_edited"
        case .taskReprioritized: "task_reprioritized"
        case .tasksReset: "tasks_reset"
        case .steered: "steered"
        case .ended: "ended"
        }
    }

    private static func writeFields(of event: Event, to writer: inout JSONWriter) {
        switch event {
        case .created(let seed): writer.seed(seed)
        case .recovered(let engine):
            writer.name("engine")
            writer.string(engine)
        case .attemptStarted(let task, let attempt, let assignment):
            writer.field("task", task.value)
            writer.field("attempt", attempt)
            writer.assignment(assignment)
        case .stepOwed(let key, let request):
            writer.key(key)
            writer.request(request)
        case .stopRequested(let key, let reason):
            writer.key(key)
            writer.reason(reason)
        case .stepReturned(let key, let result):
            writer.key(key)
            writer.result(result)
        case .stepLost(let key), .staleResult(let key): writer.key(key)
        case .taskRested(let task, let until, let failure):
            writer.field("task", task.value)
            writer.field("until", until.microseconds)
            writer.name("failure")
            writer.failure(failure)
        case .taskFellBack(let task, let failure):
            writer.field("task", task.value)
            writer.name("failure")
            writer.failure(failure)
        case .taskReady(let task), .attemptHeld(let task): writer.field("task", task.value)
        case .taskEnded(let task, let end):
            writer.field("task", task.value)
            writer.end(end)
        case .asked(let question): writer.question(question)
        case .answered(let id, let answer):
            writer.field("question", Int64(id.number))
            writer.answer(answer)
        case .paused, .resumed: break
        case .stopping(let cause): writer.cause(cause)
        case .forked(let seed, let run, let position):
            writer.seed(seed)
            writer.text("from", run.text)
            writer.field("position", position.value)
        case .tasksAdded(let specs, let made):
            writer.name("specs")
            writer.array { writer in for spec in specs { PlanEncoder.write(spec, to: &writer) } }
            guard !made.isEmpty else { break }
            writer.name("made")
            writer.array { writer in for agent in made { PlanEncoder.write(agent, to: &writer) } }
        case .delegated(let delegation): writer.delegation(delegation)
        case .taskEdited(let task, let spec):
            writer.field("task", task.value)
            writer.name("spec")
            PlanEncoder.write(spec, to: &writer)
        case .taskReprioritized(let task, let priority):
            writer.field("task", task.value)
            writer.field("priority", priority)
        case .tasksReset(let tasks): writer.tasks(tasks)
        case .steered(let directive): writer.directive(directive)
        case .ended(let end):
            writer.name("end")
            writer.string(end.rawValue)
        }
    }

    // MARK: Reading

    /// Reads one line without its end, which holds one event.
    ///
    /// - Parameter plan: gives the stored text of a plan.
    package static func read(
        _ line: [UInt8],
        position: Position,
        plan: (Digest) throws(Fault) -> Plan
    ) throws(Fault) -> Recorded {
        let facts = try Self.readLine(line, from: position, plan: plan)
        guard facts.count == 1, let fact = facts.first else {
            throw .field(kind: facts.first.map { Self.kind(of: $0.event) } ?? "an event", name: "v")
        }
        return fact
    }

    /// Reads one line without its end: an event at the position, and the one behind it if the line holds two.
    package static func readLine(
        _ line: [UInt8],
        from position: Position,
        plan: (Digest) throws(Fault) -> Plan
    ) throws(Fault) -> [Recorded] {
        let node: SourceNode
        do throws(JSON.Fault) {
            node = try JSONReader.read(line, depth: Self.depth)
        } catch {
            throw .json(error.description)
        }
        guard let kind = node.text("kind") else { throw .field(kind: "an event", name: "kind") }
        let fields = EventFields(kind: kind, node: node)
        let version = try fields.integer("v")
        guard Self.knownKinds.contains(kind) else { throw .unknownKind(kind) }
        guard 1...Self.newestVersion(of: kind) ~= version else { throw .unknownVersion(kind: kind, version: version) }
        let at = Timestamp(microseconds: try fields.integer("at"))
        let by = Self.origin(node)
        let event = try Self.event(fields, plan: plan)
        let first = Recorded(position: position, at: at, by: by, event: event)
        guard version == 2 else { return [first] }
        let second = try Self.second(behind: event, fields)
        return [first, Recorded(position: position.next, at: at, by: by, event: second)]
    }

    private static func origin(_ node: SourceNode) -> Origin {
        if let agent = node.text("by_agent") { return .agent(AgentID(agent), TaskID(node.text("by_task") ?? "")) }
        return node.text("by").map { .person($0) } ?? .engine
    }

    private static let knownKinds: Set<String> = [
        "created", "recovered", "attempt_started", "step_owed", "stop_requested", "step_returned", "step_lost",
        "stale_result", "task_rested", "task_fell_back", "task_ready", "task_ended", "asked", "answered", "paused",
        "resumed", "stopping",
        "attempt_held", "forked", "tasks_added", "delegated", "delegation_refused", "task_edited", "task_reprioritized",
        "tasks_reset", "steered", "ended",
    ]

    private static func event(_ fields: EventFields, plan: (Digest) throws(Fault) -> Plan) throws(Fault) -> Event {
        switch fields.kind {
        case "created": .created(try fields.seed(plan: plan))
        case "recovered": .recovered(engine: try fields.text("engine"))
        case "attempt_started":
            .attemptStarted(try fields.task(), attempt: try fields.small("attempt"), try fields.assignment())
        case "step_owed": .stepOwed(try fields.key(), try fields.request())
        case "stop_requested": .stopRequested(try fields.key(), try fields.reason())
        case "step_returned": .stepReturned(try fields.key(), try fields.result())
        case "step_lost": .stepLost(try fields.key())
        case "stale_result": .staleResult(try fields.key())
        case "attempt_held": .attemptHeld(try fields.task())
        case "task_rested":
            .taskRested(
                try fields.task(),
                until: Timestamp(microseconds: try fields.integer("until")),
                try fields.part("failure").failure()
            )
        case "task_fell_back": .taskFellBack(try fields.task(), try fields.part("failure").failure())
        case "task_ready": .taskReady(try fields.task())
        case "task_ended": .taskEnded(try fields.task(), try fields.end())
        case "asked": .asked(try fields.question())
        case "answered":
            .answered(QuestionID(Int(try fields.small("question"))), try fields.answer())
        case "paused": .paused
        case "resumed": .resumed
        case "stopping": .stopping(try fields.cause())
        case "forked":
            .forked(
                try fields.seed(plan: plan),
                from: RunID(try fields.text("from")),
                at: Position(try fields.integer("position"))
            )
        case "tasks_added": .tasksAdded(try fields.specs(), made: try fields.made())
        case "delegated": .delegated(try fields.delegation())
        case "delegation_refused": .delegated(try fields.refusedDelegation())
        case "task_edited": .taskEdited(try fields.task(), try fields.spec())
        case "task_reprioritized": .taskReprioritized(try fields.task(), priority: try fields.small("priority"))
        case "tasks_reset": .tasksReset(try fields.tasks())
        case "steered": .steered(try fields.directive())
        case "ended": .ended(try fields.word("end", RunEnd.init))
        default: throw .unknownKind(fields.kind)
        }
    }
}
