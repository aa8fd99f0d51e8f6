package import BatonCore
import OrderedCollections

/// What a client sends to begin a run.
package struct StartRequest: Sendable {
    package let plan: Plan
    package let options: Engine.StartOptions

    package init(plan: Plan, options: Engine.StartOptions) {
        self.plan = plan
        self.options = options
    }

    package var json: JSON {
        var json: JSON = ["plan": PlanEncoder.json(self.plan)]
        if let id = self.options.id { json = json.adding("id", .string(id.text)) }
        return self.options.seed == 0 ? json : json.adding("seed", .string(String(self.options.seed)))
    }

    /// - Throws: a refusal with the code of the first finding about the plan, or `command.form`.
    package init(json: JSON) throws(Refusal) {
        guard case .object(let members) = json, let plan = json["plan"] else {
            throw Refusal("command.form", "there is no plan", remedy: "send {\"plan\": {…}}, a plan as in a file")
        }
        if let unknown = members.keys.first(where: { !["plan", "id", "seed"].contains($0) }) {
            throw Refusal(
                "command.form",
                "a start has no field \(PlainText.line(unknown, limit: 40))",
                remedy: "its fields are plan, id, seed"
            )
        }
        let checked = try PlanDecoder.checked(plan)
        var options = Engine.StartOptions()
        if let id = json["id"] {
            guard let text = id.string else {
                throw Refusal("command.form", "id is no text", remedy: "id is \(NameRule.form)")
            }
            options.id = RunID(text)
        }
        if let seed = json["seed"] {
            guard let number = seed.string.flatMap({ UInt64($0) }) ?? seed.integer.flatMap({ UInt64(exactly: $0) })
            else { throw Refusal("command.form", "seed is no number", remedy: "seed is 0 or more, below 2^64") }
            options.seed = number
        }
        self.init(plan: checked, options: options)
    }
}
