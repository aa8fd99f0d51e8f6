package import BatonCore
import OrderedCollections

extension RunFork.Wish {
    /// The body of the call that makes a fork.
    package var json: JSON {
        var json: JSON = [:]
        if let position = self.position { json = json.adding("at", .integer(position.value)) }
        if let id = self.id { json = json.adding("id", .string(id.text)) }
        if self.changes != [:] { json = json.adding("set", self.changes) }
        switch self.retried {
        case .all: return json.adding("retry", "all")
        case .tasks([]): return json
        case .tasks(let tasks): return json.adding("retry", .array(tasks.map { .string($0.text) }))
        }
    }

    /// Reads the body of the call.
    ///
    /// - Throws: a refusal with `command.form` that names the field.
    package init(of run: RunID, json: JSON) throws(Refusal) {
        guard case .object(let members) = json else { throw Self.fault("a fork is an object") }
        for name in members.keys where !["at", "id", "set", "retry"].contains(name) {
            throw Self.fault("a fork has no field \(PlainText.line(name, limit: 40))")
        }
        if let at = members["at"], at.integer == nil { throw Self.fault("at is no whole number") }
        if let id = members["id"], id.string == nil { throw Self.fault("id is no text") }
        self.init(
            of: run,
            at: members["at"]?.integer.map { Position($0) },
            id: members["id"]?.string.map { RunID($0) },
            changes: members["set"] ?? [:],
            retrying: try members["retry"].map { json throws(Refusal) in try Self.retried(json) } ?? .tasks([])
        )
    }

    private static func retried(_ json: JSON) throws(Refusal) -> Retried {
        if json == "all" { return .all }
        guard case .array(let names) = json else { throw Self.fault("retry is neither a list nor all") }
        var tasks: [TaskID] = []
        for name in names {
            guard let text = name.string else { throw Self.fault("retry holds what is no text") }
            tasks.append(TaskID(text))
        }
        return .tasks(tasks)
    }

    private static func fault(_ what: String) -> Refusal {
        Refusal(
            "command.form",
            what,
            remedy: "send {\"at\": N, \"id\": …, \"set\": {TASK: {KEY: VALUE}}, \"retry\": [TASK] or \"all\"}"
        )
    }
}
