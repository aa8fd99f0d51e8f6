/// Anything that waits for a person.
package struct Question: Hashable, Sendable {
    /// What stands in a command for words that only a person has.
    package static let placeholder = "YOUR-ANSWER"

    package enum Kind: String, Hashable, Sendable {
        /// The task itself is a person's; the answer is its output.
        case work
        /// Nobody fits the task.
        case staffing
        /// A step's fate is unknown after a crash, and doing it again is not known to be safe.
        case unknownOutcome = "unknown_outcome"
        /// The task may only begin when a person has said so.
        case approval
        /// An attempt came back with what keeps it from going on.
        case blocker
        /// What a question to a model may cost does not fit into a budget.
        case budget
        /// An agent wants to call a tool that may not be called without a yes.
        case action
        /// An agent asks a person in the midst of its work.
        case consultation

        /// Whether the attempt of whoever asks stays in hand, between two steps.
        package var holdsAttempt: Bool {
            switch self {
            case .budget, .action, .consultation: true
            case .work, .staffing, .unknownOutcome, .approval, .blocker: false
            }
        }
    }

    /// Which budget is too small.
    package struct Budget: Hashable, Sendable {
        package let scope: BudgetScope
        package let measure: Spend.Measure

        package init(scope: BudgetScope, measure: Spend.Measure) {
            self.scope = scope
            self.measure = measure
        }
    }

    package let id: QuestionID
    package let kind: Kind
    package let task: TaskIndex
    /// Who is asked; nil is whoever is in charge.
    package let agent: AgentIndex?
    package let text: String
    /// Words that may be answered; empty where any text or JSON will do.
    package let options: [String]
    /// When it is given up.
    package let deadline: Timestamp?
    /// What is done then; nil is what happens to an attempt that takes too long.
    package let fallback: TaskSpec.UnansweredRule?
    /// For questions about one.
    package let budget: Budget?

    package init(
        id: QuestionID,
        kind: Kind,
        task: TaskIndex,
        agent: AgentIndex?,
        text: String,
        options: [String],
        deadline: Timestamp?,
        fallback: TaskSpec.UnansweredRule? = nil,
        budget: Budget? = nil
    ) {
        self.id = id
        self.kind = kind
        self.task = task
        self.agent = agent
        self.text = text
        self.options = options
        self.deadline = deadline
        self.fallback = fallback
        self.budget = budget
    }
}

extension Answer.Choice {
    /// As journals and the API say it.
    package var word: String {
        switch self {
        case .done: "done"
        case .fail: "fail"
        case .skip: "skip"
        case .again: "again"
        case .approve: "approve"
        case .assign: "assign"
        case .raise: "raise"
        case .deny: "deny"
        }
    }
}

extension Question {
    /// Whether a word is an answer by itself, whoever is called so.
    static func means(_ word: String) -> Bool {
        ["again", "done", "approve", "deny", "yes", "no", "skip", "fail"].contains(word.lowercased())
    }

    /// The same question with its deadline put off.
    package func postponed(by gap: Duration) -> Question {
        Question(
            id: self.id,
            kind: self.kind,
            task: self.task,
            agent: self.agent,
            text: self.text,
            options: self.options,
            deadline: self.deadline.map { $0 + gap },
            fallback: self.fallback,
            budget: self.budget
        )
    }
}

/// What a person said to a question.
package struct Answer: Hashable, Sendable {
    /// What is to happen.
    package enum Choice: Hashable, Sendable {
        /// The content is the output of the task.
        case done
        case fail
        case skip
        /// Do it again as a new attempt; after a blocker the content says how to go on.
        case again
        /// The task may begin.
        case approve
        /// This agent takes the task.
        case assign(AgentIndex)
        /// The budget's limit is this from now on, in the units of its measure.
        case raise(Int64)
        /// The tool may not be called; the agent is told so, with the note.
        case deny
    }

    package let choice: Choice
    package let content: Content
    package let note: String

    package init(_ choice: Choice, content: Content = .inline(.null), note: String = "") {
        self.choice = choice
        self.content = content
        self.note = note
    }
}
