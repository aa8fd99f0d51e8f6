/// Holds what an agent brought against the form that its task wants.
package enum OutputForm {
    package static let code = "agent.form"

    /// The value that a model's text stands for, or what is wrong with it.
    ///
    /// A text that is JSON is that value, also between the fences in which models like to put it. One that is none stands for itself
    /// where the schema takes a text.
    package static func read(_ text: String, by form: JSON) -> (value: JSON?, faults: [String]) {
        let schema: JSONSchema
        // `check` has seen it; a journal of another version may hold anything.
        do throws(JSONSchema.Fault) {
            schema = try JSONSchema(form)
        } catch {
            return (nil, ["the schema of the task cannot be read: \(error)"])
        }
        let value: JSON
        do throws(JSON.Fault) {
            value = try JSON(parsing: Array(Self.unfenced(text).utf8))
        } catch {
            if schema.faults(of: .string(text), most: 1).isEmpty { return (.string(text), []) }
            return (nil, ["it is no JSON: \(error)"])
        }
        let faults = schema.faults(of: value)
        if !faults.isEmpty, schema.faults(of: .string(text), most: 1).isEmpty { return (.string(text), []) }
        guard faults.isEmpty else { return (nil, faults) }
        return (value, [])
    }

    /// The failure of an attempt whose output has another form; nil if it has the one that is wanted, or none is.
    ///
    /// - Parameter form: what it has to fit.
    package static func failure(of value: JSON, for task: TaskID, by form: JSON?) -> Failure? {
        guard let form else { return nil }
        let faults = Self.faults(of: value, by: form)
        guard !faults.isEmpty else { return nil }
        return Failure(
            .transient,
            Self.code,
            "the output of task \(task) has not the form that it wants: "
                + faults.prefix(3).map { PlainText.line($0, limit: 200) }.joined(separator: "; "),
            remedy: "mend the agent, or the schema in produces",
            causes: faults
        )
    }

    static func faults(of value: JSON, by form: JSON) -> [String] {
        do throws(JSONSchema.Fault) {
            return try JSONSchema(form).faults(of: value)
        } catch {
            return ["the schema of the task cannot be read: \(error)"]
        }
    }

    private static func unfenced(_ text: String) -> Substring {
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.hasPrefix("```"), let begin = trimmed.firstIndex(of: "\n") else { return text[...] }
        let inner = trimmed[trimmed.index(after: begin)...]
        guard let end = inner.ranges(of: "```").last?.lowerBound,
            inner[end...].dropFirst(3).allSatisfy(\.isWhitespace)
        else { return text[...] }
        return inner[..<end]
    }
}
