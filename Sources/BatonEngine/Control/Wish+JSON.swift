package import BatonCore
import OrderedCollections

// The form of commands in the API: one JSON object with `command` and the fields of that command; docs/api.md has the table.
extension Wish {
    package var json: JSON {
        let json: JSON = ["command": .string(self.word)]
        return switch self {
        case .pause(let now): json.adding("now", .bool(now))
        case .resume, .cancel: json
        case .skip(let task, let note): json.adding("task", .string(task.text)).adding("note", .string(note))
        case .retry(let task): json.adding("task", .string(task.text))
        case .reprioritize(let task, let priority):
            json.adding("task", .string(task.text)).adding("priority", .integer(Int64(priority)))
        case .add(let tasks):
            json.adding(
                "tasks",
                .array(
                    tasks.map { task in
                        switch task {
                        case .spec(let spec): PlanEncoder.json(spec)
                        case .sentence(let text): .string(text)
                        }
                    }
                )
            )
        case .edit(let task, let changes): json.adding("task", .string(task.text)).adding("set", changes)
        case .steer(let audience, let text): Self.adding(audience, to: json.adding("text", .string(text)))
        case .answer(let question, let reply, let shown):
            Self.adding(reply, to: Self.adding(shown, to: json.adding("question", .string(question.description))))
        }
    }

    private static func adding(_ shown: String?, to json: JSON) -> JSON {
        shown.map { json.adding("digest", .string($0)) } ?? json
    }

    private static func adding(_ audience: Audience, to json: JSON) -> JSON {
        switch audience {
        case .everyone: json
        case .agent(let agent): json.adding("agent", .string(agent.text))
        case .task(let task): json.adding("task", .string(task.text))
        }
    }

    private static func adding(_ reply: PersonReply, to json: JSON) -> JSON {
        switch reply {
        case .words(let words): json.adding("words", .string(words))
        case .done(let value): json.adding("done", value)
        case .fail(let reason): json.adding("fail", .string(reason))
        case .skip(""): json.adding("skip", true)
        case .skip(let reason): json.adding("skip", true).adding("note", .string(reason))
        }
    }

    /// Reads a command.
    ///
    /// - Throws: a refusal with `command.form` that names the field.
    package init(json: JSON) throws(Refusal) {
        let fields = try CommandFields(json)
        switch fields.word {
        case "pause": self = .pause(now: try fields.flag("now"))
        case "resume": self = .resume
        case "cancel": self = .cancel
        case "skip": self = .skip(try fields.task(), note: try fields.optionalText("note") ?? "")
        case "retry": self = .retry(try fields.task())
        case "reprioritize": self = .reprioritize(try fields.task(), try fields.integer("priority"))
        case "add": self = .add(try fields.newTasks())
        case "edit":
            guard let changes = json["set"] else { throw fields.fault("set", "an object of keys and values") }
            self = .edit(try fields.task(), changes)
        case "steer": self = .steer(try fields.audience(), try fields.text("text"))
        case "answer":
            guard let question = QuestionID(try fields.text("question")) else {
                throw fields.fault("question", "an identifier such as q1")
            }
            self = .answer(question, try fields.reply(), shown: try fields.optionalText("digest"))
        default: throw fields.unknown(Self.words)
        }
        try fields.refuseUnknown()
    }

    /// All commands by their words, with the fields that each may have.
    package static let fields: [(word: String, fields: [String])] = [
        ("pause", ["now"]), ("resume", []), ("cancel", []), ("skip", ["task", "note"]), ("retry", ["task"]),
        ("reprioritize", ["task", "priority"]), ("add", ["tasks"]), ("edit", ["task", "set"]),
        ("steer", ["agent", "task", "text"]),
        ("answer", ["question", "words", "done", "fail", "skip", "note", "digest"]),
    ]

    private static var words: [String] { Self.fields.map(\.word) }
}

/// Reads the fields of one command, or says which is wrong.
private struct CommandFields {
    let word: String
    private let json: JSON

    init(_ json: JSON) throws(Refusal) {
        guard case .object = json, let word = json["command"]?.string else {
            throw Refusal(
                "command.form",
                "a command is an object with the field command",
                remedy: "send {\"command\": \"pause\"}; docs/api.md lists all"
            )
        }
        self.json = json
        self.word = word
    }

    func unknown(_ words: [String]) -> Refusal {
        Refusal(
            "command.form",
            "there is no command \(PlainText.line(self.word, limit: 40))",
            remedy: "there is \(words.joined(separator: ", "))"
        )
    }

    func fault(_ name: String, _ wanted: String) -> Refusal {
        Refusal(
            "command.form",
            "the command \(PlainText.line(self.word, limit: 40)) has no proper \(name)",
            remedy: "\(name) is \(wanted)"
        )
    }

    func refuseUnknown() throws(Refusal) {
        guard case .object(let members) = self.json else { return }
        let known = Wish.fields.first { $0.word == self.word }?.fields ?? []
        for name in members.keys where name != "command" && !known.contains(name) {
            throw Refusal(
                "command.form",
                "the command \(self.word) has no field \(PlainText.line(name, limit: 40))",
                remedy: known.isEmpty ? "send it without fields" : "its fields are \(known.joined(separator: ", "))"
            )
        }
    }

    func optionalText(_ name: String) throws(Refusal) -> String? {
        guard let value = self.json[name] else { return nil }
        guard let text = value.string else { throw self.fault(name, "a text") }
        return text
    }

    func text(_ name: String) throws(Refusal) -> String {
        guard let text = try self.optionalText(name) else { throw self.fault(name, "a text") }
        return text
    }

    func task() throws(Refusal) -> TaskID { TaskID(try self.text("task")) }

    func flag(_ name: String) throws(Refusal) -> Bool {
        switch self.json[name] {
        case nil: return false
        case .bool(let flag)?: return flag
        default: throw self.fault(name, "true or false")
        }
    }

    func integer(_ name: String) throws(Refusal) -> Int {
        guard let value = self.json[name]?.integer, let small = Int(exactly: value) else {
            throw self.fault(name, "a whole number")
        }
        return small
    }

    func audience() throws(Refusal) -> Wish.Audience {
        switch (try self.optionalText("agent"), try self.optionalText("task")) {
        case (nil, nil): return .everyone
        case (let agent?, nil): return .agent(AgentID(agent))
        case (nil, let task?): return .task(TaskID(task))
        case (_?, _?): throw self.fault("agent", "left out where task is there")
        }
    }

    func newTasks() throws(Refusal) -> [Wish.NewTask] {
        guard case .array(let values)? = self.json["tasks"], !values.isEmpty else {
            throw self.fault("tasks", "a list of tasks in the plan form, or of sentences")
        }
        var tasks: [Wish.NewTask] = []
        for value in values {
            if let sentence = value.string {
                tasks.append(.sentence(sentence))
            } else {
                tasks.append(.spec(try TaskForm.task(value)))
            }
        }
        return tasks
    }

    func reply() throws(Refusal) -> PersonReply {
        let words = try self.optionalText("words")
        let fail = try self.optionalText("fail")
        let skip = try self.flag("skip")
        guard skip || self.json["note"] == nil else {
            throw self.fault("note", "there only with skip; the reason of fail is its text")
        }
        switch (words, self.json["done"], fail, skip) {
        case (let words?, nil, nil, false): return .words(words)
        case (nil, let value?, nil, false): return .done(value)
        case (nil, nil, let reason?, false): return .fail(reason)
        case (nil, nil, nil, true): return .skip(try self.optionalText("note") ?? "")
        default: throw self.fault("words", "there, or done, or fail, or skip: exactly one of them")
        }
    }
}
