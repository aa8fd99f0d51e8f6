import BatonCore

/// What the ledger knows of a conversation: whose turn it is.
struct Talk: Equatable {
    enum Next: Equatable {
        /// The tools of others are looked up.
        case catalogue
        case model
        case tool(Int32)
        /// All is said.
        case nothing
    }

    var next: Next
    /// Of the last reply: which of its calls may be made.
    var calls: [Bool] = []
    /// Of the last reply: which tools it wants to be called.
    var tools: [String] = []
    /// A person has said yes to the call that is next.
    var isApproved = false
    /// Models that it may ask, one after the other.
    let models: [String]
    /// Models that may be asked after this one.
    var others: Int
    /// Those that failed before.
    var failed: [Int] = []
    /// Which model is asked, and how often in a row it has failed.
    var choice: Int32 = 0
    var failures: Int32 = 0
    /// Bytes of all that was said, by the model and to it.
    var saidBytes: Int64 = 0

    /// The phases of its agent, if it has some, and the one that it is in.
    let phases: [String]
    var phase: String?
    /// Answers that were sent back, as they came in a phase in which nobody is done.
    var sentBack = 0

    /// So many questions it has asked and had answered, and may.
    var questions = 0
    let mostQuestions: Int
    /// How often each call was made in this attempt.
    var made: [String: Int] = [:]

    /// So often the same call is a loop.
    private static let mostRepeats = 3
    /// So often in a row a model may fail in passing.
    private static let mostFailures: Int32 = 6

    /// - Parameter looksUp: whether it has been granted tools of others.
    init(models: [String], looksUp: Bool, mostQuestions: Int, phases: [String]) {
        self.phases = phases
        self.phase = phases.first
        self.models = models
        self.others = models.count - 1
        self.mostQuestions = mostQuestions
        self.next = looksUp ? .catalogue : .model
    }

    /// The model failed: it is asked again, or the next one, or nobody.
    mutating func fail(_ kind: Failure.Class) {
        self.failures += 1
        if kind == .transient, self.failures < Self.mostFailures { return }
        self.failures = 0
        guard kind != .blocked, self.others > 0 else {
            self.next = .nothing
            return
        }
        self.others -= 1
        self.failed.append(Int(self.choice))
        self.choice += 1
    }

    /// Counts a reply; true if it makes a call once too often.
    mutating func count(_ reply: Reply) -> Bool {
        self.questions += 1
        let names = reply.calls.map { "\($0.tool) \($0.input)" }
        for name in names { self.made[name, default: 0] += 1 }
        return names.contains { self.made[$0, default: 0] >= Self.mostRepeats }
    }

    /// The first call from a place on that may be made; else the model is asked again.
    func next(from place: Int) -> Next {
        calls.indices.first { $0 >= place && self.calls[$0] }.map { .tool(Int32($0)) } ?? .model
    }
}

// Conversations: each step is the one that has to come next, and nothing that was said is lost.
extension Ledger {
    /// The tool that all agents of the simulator have; calling it twice does no harm.
    static let tool = "read_file"

    /// What a performer brings that is well and quick, and a model that has nothing more to ask.
    static func result(
        of key: StepKey,
        to request: StepRequest?,
        calls: [ToolCall] = [],
        form: Form = .number
    ) -> StepResult {
        if case .catalogue? = request { return .offered(Self.catalogue) }
        guard case .model? = request else { return .done(Self.output(of: key, form), .none) }
        let stop: Reply.Stop = calls.isEmpty ? .end : .tools
        let said = Self.output(of: key, form == .utterance && calls.isEmpty ? form : .number)
        // Of what is read the form counts, whatever is said.
        let output = form == .number || form == .utterance ? nil : Self.output(of: key, form)
        return .replied(Reply(model: "sim/m", text: said, output: output, calls: calls, stop: stop), .none)
    }

    func checkRequest(_ request: StepRequest, _ task: TaskIndex, _ book: TaskBook) throws {
        switch (request, book.talk?.next) {
        case (.perform, nil), (.catalogue, .catalogue?): return
        case (.model(let call), .model?):
            guard Int(call.told) == self.said.count else {
                throw self.violation("a question tells what was said before it", task, "\(call.told)")
            }
            if let talk = book.talk, call.choice > talk.choice, self.mayTurnCheaper(task) {
                let passed = Int(call.choice - talk.choice)
                guard call.again == 0, passed <= talk.others else {
                    throw self.violation("a cheaper model is one of the agent's", task, "\(call)")
                }
                self.reached.insert(.cheaperAsked)
                self.tasks[task.offset].talk?.choice = call.choice
                self.tasks[task.offset].talk?.others -= passed
                self.tasks[task.offset].talk?.failures = 0
                return
            }
            guard call.choice == book.talk?.choice, call.again == book.talk?.failures else {
                throw self.violation("a model that failed is asked again, then the next one", task, "\(call)")
            }
            if call.again > 0 { self.reached.insert(.modelAskedAgain) }
            if call.choice > 0 { self.reached.insert(.otherModelAsked) }
        case (.tool(let place), .tool(let wanted)?) where place == wanted:
            let tool = book.talk?.tools[Int(place)]
            let wantsYes = Ledger.actions.contains(tool ?? "")
            guard !wantsYes || book.talk?.isApproved == true, !Ledger.questions.contains(tool ?? ""),
                tool != Ledger.delegate
            else {
                throw self.violation("I-36 nothing is called before the yes that it needs", task, tool ?? "")
            }
            self.tasks[task.offset].talk?.isApproved = false
        case (.perform, _), (.catalogue, _), (.model, _), (.tool, _):
            throw self.violation("a conversation goes on where it was", task, "\(request)")
        }
    }

    /// What came of a step says which one is next.
    func follow(_ result: StepResult, _ key: StepKey) throws {
        guard let talk = self.tasks[key.task.offset].talk else { return }
        switch (result, talk.next) {
        case (.stopped, _): return
        case (.replied(let reply, _), .model):
            let form = self.tasks[key.task.offset].form
            let isSaid = form == .utterance && reply.calls.isEmpty
            guard reply.text == Ledger.output(of: key, isSaid ? form : .number) else {
                throw self.violation("I-13 the result is that of the delivery", key.task, "\(reply.text)")
            }
            self.tasks[key.task.offset].talk?.failures = 0
            self.tasks[key.task.offset].talk?.saidBytes += reply.bytes
            if self.tasks[key.task.offset].talk?.count(reply) ?? false {
                return self.cap(key.task, .blocked, "mind.loop")
            }
            let calls = reply.calls.map { self.mayCall($0, key.task) }
            self.tasks[key.task.offset].talk?.calls = calls
            self.tasks[key.task.offset].talk?.tools = reply.calls.map(\.tool)
            guard !reply.calls.isEmpty else { return self.answered(key.task) }
            self.goOn(key.task, from: 0)
            if !calls.contains(true) { self.reached.insert(.allCallsRefused) }
        case (.offered(let catalogue), .catalogue):
            guard catalogue == Ledger.catalogue else {
                throw self.violation("the tools of others are those that were looked up", key.task, "\(catalogue)")
            }
            self.reached.insert(.toolsLookedUp)
            self.tasks[key.task.offset].talk?.saidBytes += catalogue.content.bytes
            self.tasks[key.task.offset].talk?.next = .model
        case (.failed(let failure, _), .tool(let place)) where failure.kind != .blocked:
            self.reached.insert(.modelToldOfFailure)
            self.tasks[key.task.offset].talk?.saidBytes += Int64(failure.message.utf8.count)
            self.goOn(key.task, from: Int(place) + 1)
        case (.done(let content, _), .tool(let place)):
            self.tasks[key.task.offset].talk?.saidBytes += content.bytes
            self.goOn(key.task, from: Int(place) + 1)
        case (.failed(let failure, _), .model): self.tasks[key.task.offset].talk?.fail(failure.kind)
        case (.failed, _): self.tasks[key.task.offset].talk?.next = .nothing
        case (.done, _), (.replied, _), (.offered, _):
            throw self.violation("what comes back is what was asked for", key.task, "\(result)")
        }
    }

    /// The next call, else the next question, else nothing: it has asked as often as it may.
    func goOn(_ task: TaskIndex, from place: Int) {
        guard let talk = self.tasks[task.offset].talk else { return }
        let next = talk.next(from: place)
        guard next != .model || talk.questions < talk.mostQuestions else {
            return self.cap(task, .permanent, "mind.iterations")
        }
        self.tasks[task.offset].talk?.next = next
    }

    // What it ends with is a failure, whatever the last step brought.
    func cap(_ task: TaskIndex, _ kind: Failure.Class, _ code: String) {
        if code != "mind.phase" { self.reached.insert(kind == .blocked ? .wentInCircles : .askedTooOften) }
        self.tasks[task.offset].talk?.next = .nothing
        self.tasks[task.offset].result = .failed(Failure(kind, code, "", remedy: ""), .none)
    }

    func held(_ task: TaskIndex) throws {
        let book = self.tasks[task.offset]
        guard book.place == .stopping(.paused), !book.isOut, let talk = book.talk, talk.next != .nothing else {
            throw self.violation("only a conversation that a pause has stopped is held", task)
        }
        self.reached.insert(.conversationHeld)
        self.tasks[task.offset].place = .running
    }

    /// Whether it waits between two steps until its run goes on.
    func isHeld(_ task: Int) -> Bool {
        if self.waitsForMoney(task) || self.waitsForOthers(task) { return true }
        return self.phase == .paused && self.tasks[task].place == .running
            && (self.tasks[task].key != nil || self.isLimited(TaskIndex(task)))
            && self.tasks[task].talk.map { $0.next != .nothing } ?? false
    }

    // Nobody has worked on it meanwhile.
    func restartHeld(at now: Timestamp) {
        for task in self.tasks.indices where self.tasks[task].place == .running && !self.tasks[task].isOut {
            self.reached.insert(.heldWentOn)
            self.tasks[task].since = now
            self.tasks[task].idleSince = now
        }
    }

    func postponeThinkers(by gap: Duration) {
        for task in self.tasks.indices where self.tasks[task].isInHand {
            self.tasks[task].since = self.tasks[task].since + gap
            self.tasks[task].idleSince = self.tasks[task].idleSince + gap
        }
    }
}

extension TaskBook {
    /// Whether its last result is that of the whole attempt.
    var isThrough: Bool { self.talk.map { $0.next == .nothing } ?? true }
}

extension Content {
    var bytes: Int64 { self.inlined.map { Int64($0.description.utf8.count) } ?? 0 }
}

extension Reply {
    fileprivate var bytes: Int64 {
        self.calls.reduce(self.text.bytes) { $0 + $1.input.bytes + Int64($1.id.utf8.count + $1.tool.utf8.count) }
    }
}

extension StepResult {
    /// What it brought, if it did.
    var output: Content? {
        switch self {
        case .done(let content, _): content
        case .replied(let reply, _): reply.output
        case .offered, .failed, .stopped: nil
        }
    }
}
