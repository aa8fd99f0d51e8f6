/// Who does tasks: name, role, skills, and how it works.
public struct AgentProfile: Hashable, Sendable {
    /// `agent_id`.
    public var id: AgentID
    /// For people; the identifier if not given.
    public var name: String
    /// The role.
    public var occupation = ""
    /// Traits of character.
    public var personalityTraits: [String] = []
    /// Interests.
    public var professionalInterests: [String] = []
    /// Skills in words; for matching see ``skillLevels``.
    public var skills: [String] = []
    /// Experience in words, such as `10+ years`.
    public var yearsExperience: String?
    /// What it can do, 1 to 10.
    public var skillLevels = SkillLevels()
    /// Which types of task it likes, 1 to 10.
    public var preferences = SkillLevels()
    /// How it works; nil follows from ``command`` and ``model``.
    public var type: String?
    /// The language model, as `provider/model`.
    public var model: String?
    /// Models that are asked instead, in this order, when it fails.
    public var fallbackModels: [String] = []
    /// How many tokens an answer may have, thinking included; nil is the usual.
    public var maxTokens: Int?
    /// How freely the model chooses its words, 0 to 2; nil is the provider's own.
    public var temperature: Double?
    /// Whether answers are wanted piece by piece.
    public var streams = true
    /// Who it is as a person.
    public var persona: Persona?
    /// What it is told before every task.
    public var instructions: String?
    /// Texts that its model is told before ``instructions``, in this order.
    public var instructionFiles: [InstructionFile] = []
    /// The tools that its tasks may use.
    public var tools: [String] = []
    /// Those of them whose calls need no person's yes.
    public var approvedTools: [String] = []
    /// Those whose calls need no person's yes even where words of the web stand behind them.
    public var approvedAfterWeb: [String] = []
    /// The program and its arguments; never a shell line.
    public var command: [String] = []
    /// Variables that its commands get besides the allowed ones.
    public var environment: [AgentProfile.Variable] = []
    /// Where its commands start, relative to the project folder.
    public var workingDirectory: String?
    /// What it declares to be able to do: task and agent types.
    public var capabilities: [Capability] = []
    /// The phases that it goes through, by their words, the one that it begins in first; empty if it has none.
    public var phases: [String] = []
    /// A JSON Schema of its outputs, for tasks that have none of their own.
    public var produces: JSON?
    /// For selection by people.
    public var tags: [String] = []
    /// 1 to 10; breaks ties between equal scores, 10 first.
    public var priority = 5
    /// How many tasks it has in hand at once.
    public var maxConcurrentTasks = 1
    /// Whether a step whose fate is unknown may simply be done again.
    public var repeatable = false
    /// Whether it takes tasks at all.
    public var available = true
    /// Limits of its attempts.
    public var limits = AgentProfile.Limits()
    /// What goes wrong with a rehearsal mind, and how often.
    public var mischief = AgentProfile.Mischief()
    /// What its model may cost in a run.
    public var budget = Plan.Budget()
    /// The agent that made it for a task of its own, if one did: nobody else hands it anything.
    public var madeBy: AgentID?

    /// Makes a profile.
    public init(id: AgentID, name: String? = nil) {
        self.id = id
        self.name = name ?? id.text
    }

    /// How the agent works, as far as this can be told from its profile.
    package enum Kind: Hashable, Sendable {
        case command
        case model
        case person
        case function
        /// Nothing says how: the stand-in plays it.
        case standIn
        /// The engine itself, which joins what the parts of a pattern brought.
        case conductor
        /// A built-in type without a model: a Swift function may play it.
        case builtIn(String)
    }

    /// The kind in a word: the type as plans write it, or `stand_in`.
    package var kindWord: String {
        switch self.kind {
        case .command: "command"
        case .model: self.type ?? "model"
        case .person: "person"
        case .function: "function"
        case .standIn: "stand_in"
        case .conductor: Self.conductorType
        case .builtIn(let type): type
        }
    }

    package static let conductorType = "conductor"
    package static let builtInTypes = ["main", "knowledge", "planner", "browser", "code", "test", "review", "debug"]

    package var kind: Kind {
        switch self.type {
        case "command": .command
        case "model": .model
        case "person": .person
        case "function": .function
        case Self.conductorType: .conductor
        case let type?: self.model == nil ? .builtIn(type) : .model
        case nil: !self.command.isEmpty ? .command : self.model != nil ? .model : .standIn
        }
    }

    /// By what the agents of several runs are known to be one.
    package struct Identity: Hashable, Sendable {
        private let id: AgentID
        private let type: String?
        private let command: [String]
        private let model: String?

        fileprivate init(_ profile: AgentProfile) {
            self.id = profile.id
            self.type = profile.type
            self.command = profile.command
            self.model = profile.model
        }
    }

    package var identity: Identity { Identity(self) }

    /// All models that it may turn to, in this order.
    package var models: [String] { [self.model ?? ""] + self.fallbackModels }

    /// How many tokens an answer of a model may have.
    package func answerTokens(of model: ModelName) -> Int {
        if let tokens = self.maxTokens { return tokens }
        // The oldest models answer with no more.
        let isOld = model.model == "gpt-4" || ["gpt-4-", "gpt-3.5"].contains { model.model.hasPrefix($0) }
        return isOld ? 4096 : 8192
    }

    /// Whether the agent declares a type or capability of that name.
    package func declares(_ name: String) -> Bool {
        self.type == name || self.capabilities.contains { $0.name == name }
    }

    /// What it says of a type or capability that it declares.
    package func capability(_ name: String) -> Capability? { self.capabilities.first { $0.name == name } }
}

extension AgentProfile {
    /// A variable with its text.
    public struct Variable: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its text.
        public let text: String

        /// Names a text.
        public init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }
}

extension AgentProfile {
    /// Limits of one attempt of an agent.
    public struct Limits: Hashable, Sendable {
        /// How many bytes of standard output a command may give.
        public var outputBytes = 8 << 20
        /// How many questions to its model an attempt may take.
        public var iterations = 50
        /// Tokens of a conversation, beyond which its old turns are told in outline.
        public var contextTokens = 150_000

        /// The defaults.
        public init() {}
    }
}

extension AgentProfile {
    /// What goes wrong with an agent whose model is a rehearsal mind; rates from 0 to 1.
    public struct Mischief: Hashable, Sendable {
        /// Of questions that fail, each of which may pass.
        public var fail = 0.0
        /// Of questions to which it says no.
        public var refuse = 0.0
        /// Of questions at which something is in its way.
        public var block = 0.0
        /// Of attempts that go round in circles, where it has a tool.
        public var loop = 0.0
        /// How long each answer takes.
        public var slow = Duration.zero

        /// None.
        public init() {}
    }
}
