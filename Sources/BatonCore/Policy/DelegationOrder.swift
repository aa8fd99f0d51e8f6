/// What an agent asks for when it hands work on: the arguments of the tool `delegate`.
struct DelegationOrder {
    /// Who is to do it.
    enum Target {
        /// An agent by identifier or name, or a type or capability.
        case named(String)
        case capability(String)
        /// One that is made for it.
        case role(String, instructions: String?)
    }

    let target: Target
    let task: String
    let input: JSON
    let tools: [String]?
    let budget: Money?
    let timeout: Duration?

    /// Nil with the reason if it does not say who is to do it.
    init(_ input: JSON) throws(Fault) {
        let names = ["agent", "capability", "role"].filter { input[$0]?.string?.isBlank == false }
        switch names {
        case ["agent"]: self.target = .named(input["agent"]?.string ?? "")
        case ["capability"]: self.target = .capability(input["capability"]?.string ?? "")
        case ["role"]:
            let role = PlainText.line(input["role"]?.string ?? "", limit: 200)
            self.target = .role(role, instructions: input["instructions"]?.string)
        default: throw Fault("name one of agent, capability and role, to say who is to do it")
        }
        guard input["instructions"] == nil || names == ["role"] else {
            throw Fault("instructions are for an agent that is made: name a role, or say it in task")
        }
        self.task = input["task"]?.string ?? ""
        guard !self.task.isBlank else { throw Fault("task says nothing") }
        self.input = input["input"] ?? .null
        self.tools = input["tools"]?.elements?.compactMap(\.string)
        self.budget = input["budget_usd"]?.double.map { Money(microUSD: Int64(($0 * 1_000_000).rounded())) }
        self.timeout = input["timeout_seconds"]?.double.map { .microseconds(Int64(($0 * 1_000_000).rounded())) }
    }

    struct Fault: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }
}
