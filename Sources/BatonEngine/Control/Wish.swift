package import BatonCore
import OrderedCollections

/// A wish of a person or a program about a run, in names: what the command line and the API say.
///
/// The loop turns it into a ``Command`` of the rules against the state that the run has at that moment.
package enum Wish: Hashable, Sendable {
    /// A task to add.
    package enum NewTask: Hashable, Sendable {
        case spec(TaskSpec)
        /// What is to be done, in a sentence; the task gets a free identifier.
        case sentence(String)
    }

    /// To whom a directive is said.
    package enum Audience: Hashable, Sendable {
        case everyone
        case agent(AgentID)
        case task(TaskID)
    }

    /// Hands out nothing new; what runs is stopped too if it is to be `now`.
    case pause(now: Bool)
    case resume
    case cancel
    case skip(TaskID, note: String)
    case retry(TaskID)
    case reprioritize(TaskID, Int)
    case add([NewTask])
    /// Keys of the plan form with their new values; null takes a key away.
    case edit(TaskID, JSON)
    case steer(Audience, String)
    /// With the digest of what was shown to whoever answers, if it is to be held against the question.
    case answer(QuestionID, PersonReply, shown: String? = nil)

    /// Longer directives are files.
    package static let longestText = 64 << 10

    package var word: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .cancel: "cancel"
        case .skip: "skip"
        case .retry: "retry"
        case .reprioritize: "reprioritize"
        case .add: "add"
        case .edit: "edit"
        case .steer: "steer"
        case .answer: "answer"
        }
    }

    /// The command of the rules, with what has to be stored beside it.
    func resolved(in run: Run) throws(Refusal) -> (command: Command, contents: [StoredContent]) {
        switch self {
        case .pause(let now): return (.pause(now: now), [])
        case .resume: return (.resume, [])
        case .cancel: return (.cancel, [])
        case .skip(let task, let note): return (.skip(try Self.index(of: task, in: run), note: note), [])
        case .retry(let task): return (.retry(try Self.index(of: task, in: run)), [])
        case .reprioritize(let task, let priority):
            return (.reprioritize(try Self.index(of: task, in: run), priority), [])
        case .add(let tasks):
            let isMute = tasks.contains { if case .sentence(let text) = $0 { text.isBlank } else { false } }
            guard !isMute else {
                throw Refusal(
                    "run.add",
                    "nothing is said of what is to be done",
                    remedy: "write a sentence, or --file FILE"
                )
            }
            return (.add(Self.specs(of: tasks, in: run)), [])
        case .edit(let task, let changes):
            let index = try Self.index(of: task, in: run)
            return (.edit(index, try TaskForm.task(run.spec(index), changed: changes)), [])
        case .steer(let audience, let text):
            guard !text.isBlank, text.utf8.count <= Self.longestText else {
                throw Refusal(
                    "run.steer",
                    text.isBlank ? "there is nothing to say" : "the text has \(text.utf8.count) bytes",
                    remedy: "write 1 to \(Self.longestText) bytes"
                )
            }
            let (content, stored) = ContentStore.content(of: .string(text))
            return (.steer(try Self.audience(audience, in: run), content), stored.map { [$0] } ?? [])
        case .answer(let question, let reply, let shown):
            if case .done(let value) = reply, let fault = value.fault {
                throw Refusal(
                    "question.answer",
                    "what the work brought cannot be stored: \(fault)",
                    remedy: "answer with a flatter value and finite numbers"
                )
            }
            let (said, contents) = reply.parts
            if let shown, let open = run.questions[question], run.digest(of: open).description != shown {
                throw Refusal(
                    "question.changed",
                    "question \(question) of run \(run.id) is not the one that was shown",
                    remedy: "`baton inbox` shows it as it is now"
                )
            }
            return (.answer(question, try run.answer(said, to: question)), contents)
        }
    }

    private static func index(of task: TaskID, in run: Run) throws(Refusal) -> TaskIndex {
        if let index = run.index(of: task) { return index }
        let near = NearestName.of(task.text, among: run.plan.tasks.map(\.id.text))
        throw Refusal(
            "run.unknown_task",
            "run \(run.id) has no task \(PlainText.line(task.text, limit: 60))",
            remedy: near.map { "did you mean \($0)?" } ?? "`baton show \(run.id)` lists them"
        )
    }

    private static func audience(_ audience: Audience, in run: Run) throws(Refusal) -> Directive.Audience {
        switch audience {
        case .everyone: return .everyone
        case .task(let task): return .task(try Self.index(of: task, in: run))
        case .agent(let id):
            if let agent = run.plan.agents.firstIndex(where: { $0.id == id }) { return .agent(AgentIndex(agent)) }
            let near = NearestName.of(id.text, among: run.plan.agents.map(\.id.text))
            throw Refusal(
                "run.unknown_agent",
                "run \(run.id) has no agent \(PlainText.line(id.text, limit: 60))",
                remedy: near.map { "did you mean \($0)?" } ?? "`baton agents` lists them"
            )
        }
    }

    private static func specs(of tasks: [NewTask], in run: Run) -> [TaskSpec] {
        var taken = Set(tasks.compactMap { if case .spec(let spec) = $0 { spec.id } else { nil } })
        var number = 1
        return tasks.map { task in
            switch task {
            case .spec(let spec): return spec
            case .sentence(let text):
                while run.index(of: TaskID("added-\(number)")) != nil || taken.contains(TaskID("added-\(number)")) {
                    number += 1
                }
                let id = TaskID("added-\(number)")
                taken.insert(id)
                return TaskSpec(id: id, description: text)
            }
        }
    }
}

/// Tasks that come one by one, in the form in which a plan holds them.
package enum TaskForm {
    /// Reads a task as a plan would.
    package static func task(_ value: JSON) throws(Refusal) -> TaskSpec {
        let node = SourceNode(value)
        var validator = PlanValidator()
        validator.validate(node, as: .object(.task), at: PlanPath())
        if let first = validator.diagnostics.first {
            let place = first.path.description
            throw Refusal(
                first.code,
                place.isEmpty ? first.message : "\(place): \(first.message)",
                remedy: first.remedy
            )
        }
        return PlanDecoder.task(node)
    }

    /// A task with some keys of the plan form changed; null takes a key away.
    static func task(_ spec: TaskSpec, changed changes: JSON) throws(Refusal) -> TaskSpec {
        guard case .object(let members) = changes, !members.isEmpty else {
            throw Refusal("run.edit", "there is nothing to change", remedy: "name at least one key of a task")
        }
        guard case .object(var task) = PlanEncoder.json(spec) else {
            throw Refusal("run.edit", "task \(spec.id) has no plan form", remedy: "add another task and skip this one")
        }
        for (name, value) in members { task[name] = value == .null ? nil : value }
        return try Self.task(.object(task))
    }
}
