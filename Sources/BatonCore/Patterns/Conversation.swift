/// One agent that thinks: a model is asked, its tools are called, and it is asked again until it has said all.
///
/// Each question and each call is a step of its own, so that a crash repeats no more than the one in flight.
package struct Conversation: Hashable, Sendable {
    /// One question to the model with its answer and what came of the calls.
    package struct Turn: Hashable, Sendable {
        package let call: ModelCall
        package let reply: Reply
        /// Tokens of the question with its answer, if the provider counted them.
        package let counted: Int64?
        /// What came of the reply's calls, in their order, as far as they have come back.
        package internal(set) var results: [ToolResult] = []
        /// What the engine says to the model behind this turn.
        package internal(set) var note: Note?
    }

    /// What came of a call.
    package struct ToolResult: Hashable, Sendable {
        package let content: Content
        package let isError: Bool
        /// Whose words they are, where the call itself does not say it.
        package var source: Provenance?
    }

    /// What the engine has to say between two turns.
    package enum Note: Hashable, Sendable {
        /// The answer is not in the form that the task wants, with why.
        case mend([String])
        /// It has answered in a phase in which it may not, with what it is told.
        case masked(String)
    }

    /// How far it may go.
    package struct Limits: Hashable, Sendable {
        /// Questions to the model in one attempt.
        package var calls: Int32 = 50
        /// The same call, or the same words, so often in an attempt is a loop.
        package var repeats: Int32 = 3
        /// Calls in one answer.
        package var atOnce = 100
        /// Answers in a wrong form that are sent back.
        package var repairs: Int32 = 2
        /// Failures of a model in a row, each of which may pass, before the next one is asked.
        package var failures: Int32 = 6
        /// Tokens of what has been said, beyond which old turns are told in outline.
        package var context: Int64 = 150_000

        package init() {}
    }

    package let limits: Limits
    /// The tools of Baton that the agent has been granted, and the grants for tools of others.
    package let tools: Set<String>
    private let grants: [String]
    /// Those whose calls need no person's yes.
    private let approved: [String]
    /// Those whose calls need none, also where it has words of the web before it.
    private let approvedAfterWeb: [String]
    /// Whether words of the web stand in it, or behind what it was given.
    package private(set) var isOfWeb: Bool
    /// The tools of others, once they have been looked up.
    package private(set) var catalogue: Catalogue?
    /// The phases that it may enter; none if it has no phases.
    private let phases: [WorkPhase]
    /// The one that it is in.
    package private(set) var phase: WorkPhase?
    /// The models that it may turn to, one after the other.
    package let models: [String]
    package private(set) var turns: [Turn] = []
    /// The model that is asked next.
    private var choice: Int32 = 0
    /// Models that it has turned from as they failed.
    private var failed: [Int32] = []
    /// So many turns have been told in outline.
    private var cleared: Int32 = 0
    /// So often in a row it has failed.
    private var failures: Int32 = 0
    /// What calls of the last answer came to, or wait for, that are other agents' work, by their places.
    var handedOn: [Int32: HandedOn] = [:]
    private(set) var asked: StepRequest?
    private(set) var ended: StepResult?
    /// Whether a person has said yes to the call that is next.
    package private(set) var isApproved = false

    /// What a person has said to a call that waited.
    package enum Word: Sendable {
        case approved
        /// With the reason, if one was given.
        case denied(String)
        case said(Content, by: Origin)
    }

    package init(
        limits: Limits = Limits(),
        tools: [String],
        approved: [String] = [],
        approvedAfterWeb: [String] = [],
        models: [String],
        phases: [WorkPhase] = [],
        isOfWeb: Bool = false
    ) {
        self.approvedAfterWeb = approvedAfterWeb
        self.isOfWeb = isOfWeb
        self.phases = phases
        self.phase = phases.first
        self.limits = limits
        self.tools = Set(tools.lazy.filter { !ToolGrant.isForeign($0) })
        self.grants = tools.filter(ToolGrant.isForeign)
        self.approved = approved
        self.models = models
    }

    /// How many models it may turn to.
    package var choices: Int32 { Int32(clamping: self.models.count) }

    /// The one that is asked, or would be next.
    package var model: String? { self.model(at: self.choice) }

    /// Those that failed before that one.
    package var failedModels: [String] { self.failed.compactMap(self.model(at:)) }

    package func model(at choice: Int32) -> String? {
        self.models.indices.contains(Int(choice)) ? self.models[Int(choice)] : nil
    }

    /// What it wants next.
    ///
    /// - Parameter told: how many directives the run has.
    package func move(told: Int32) -> Pattern.Move {
        if let ended { return .finish(ended) }
        if self.asked != nil || !self.handedOn.isEmpty { return .wait }
        if !self.grants.isEmpty, self.catalogue == nil { return .request(.catalogue) }
        if let last = self.turns.last, last.results.count < last.reply.calls.count {
            return .request(.tool(Int32(last.results.count)))
        }
        let call = ModelCall(choice: self.choice, told: told, again: self.failures, cleared: self.wantedCleared)
        return .request(.model(call))
    }

    package mutating func asked(_ request: StepRequest) {
        if case .model(let call) = request {
            // Where money is short it may be a cheaper one than was wanted.
            if call.choice != self.choice { (self.choice, self.failures) = (call.choice, 0) }
            self.cleared = max(self.cleared, call.cleared)
        }
        self.asked = request
        self.isApproved = false
    }

    /// A call of the last answer, by its place.
    package func call(at place: Int32) -> ToolCall? {
        let calls = self.turns.last?.reply.calls ?? []
        return calls.indices.contains(Int(place)) ? calls[Int(place)] : nil
    }

    /// Goes on with what a person said to the call that is next.
    package mutating func hear(_ word: Word) {
        guard self.asked == nil, self.ended == nil, self.handedOn.isEmpty, let last = self.turns.last,
            last.results.count < last.reply.calls.count
        else { return }
        switch word {
        case .approved: self.isApproved = true
        case .denied(let note):
            let why = note.isEmpty ? "" : ": \(PlainText.line(note, limit: 1000))"
            self.take(ToolResult(content: .inline(.string("A person does not allow this\(why).")), isError: true))
        case .said(let content, let by): self.take(ToolResult(content: content, isError: false, source: Provenance(by)))
        }
    }

    package mutating func took(_ result: StepResult) {
        guard let request = self.asked, self.ended == nil else { return }
        self.asked = nil
        switch (request, result) {
        // It is wanted again, if anything is.
        case (_, .stopped): return
        case (.model(let call), .replied(let reply, let usage)): self.take(reply, call, usage.tokenKinds)
        case (.model, .failed(let failure, _)): self.askAgain(after: failure)
        case (.tool(let place), .done(let content, _)):
            self.noteWeb(place)
            self.take(ToolResult(content: content, isError: false))
        case (.tool(let place), .failed(let failure, _)):
            guard failure.kind != .blocked else { return self.fail(failure) }
            // What a server answers stands in the failure, too.
            let isOfWeb = self.noteWeb(place)
            let source = isOfWeb ? self.call(at: place).map { Provenance(ofTool: $0.tool) } : nil
            self.take(ToolResult(content: .inline(.string(failure.message)), isError: true, source: source))
        case (.catalogue, .offered(let catalogue)): self.take(catalogue)
        case (.catalogue, .failed(let failure, _)): self.fail(failure)
        case (.model, .done), (.tool, .replied), (.catalogue, .done), (.catalogue, .replied), (.perform, _),
            (_, .offered):
            self.fail(MindFailure.odd)
        }
    }

    /// Whether a turn has been told in outline.
    func isOutlined(_ turn: Int) -> Bool { turn < self.cleared }

    // Of the last two turns all is told: what they brought has just been asked for.
    private var wantedCleared: Int32 {
        let most = Int32(clamping: self.turns.count) - 2
        guard most > self.cleared, self.saidTokens > self.limits.context else { return self.cleared }
        return most
    }

    // MARK: What came back

    // Nothing is offered that was not granted, nor under the name of another.
    private mutating func take(_ catalogue: Catalogue) {
        var names = self.tools
        let isInOrder = catalogue.tools.allSatisfy {
            ToolGrant.covers(self.grants, $0.source) && names.insert($0.name).inserted
        }
        guard isInOrder, catalogue.tools.count <= Catalogue.most else { return self.fail(MindFailure.odd) }
        self.catalogue = catalogue
    }

    private mutating func take(_ reply: Reply, _ call: ModelCall, _ tokens: Usage.TokenKinds?) {
        guard reply.calls.count <= self.limits.atOnce else {
            return self.fail(MindFailure.tooManyAtOnce(reply.calls.count, self.limits.atOnce))
        }
        self.failures = 0
        // Of a question that was shared the count is a part.
        let counted = tokens.flatMap { $0.isEstimated || reply.sharers != 1 ? nil : $0.total }
        self.turns.append(Turn(call: call, reply: reply, counted: counted))
        if let loop = self.loop { return self.fail(loop) }
        switch reply.stop {
        // Of an answer that is not whole, or was held back, no call is made either.
        case .refused: self.fail(MindFailure.refused(by: reply.model))
        case .length: self.fail(MindFailure.cutOff(by: reply.model))
        case .end, .tools:
            guard reply.calls.isEmpty else { return self.goOn() }
            if let words = self.phase?.objection(to: WorkPhase.completion, .repeatable), !planted(.maskForgotten) {
                return self.sendBack(reply, .masked("\(words). Enter one of them with \(WorkPhase.tool) first."))
            }
            guard !reply.faults.isEmpty else {
                self.ended = .done(reply.output, .none)
                return
            }
            self.sendBack(reply, .mend(reply.faults))
        }
    }

    mutating func take(_ result: ToolResult) {
        self.turns[self.turns.count - 1].results.append(result)
        self.goOn()
    }

    // Calls that may not be made need no step; when all have a result the model is asked again, if it may be.
    private mutating func goOn() {
        guard let last = self.turns.indices.last else { return }
        let calls = self.turns[last].reply.calls
        while self.turns[last].results.count < calls.count {
            let call = calls[self.turns[last].results.count]
            guard let words = self.objection(to: call) else {
                guard let words = self.enteredPhase(by: call) else { return }
                self.turns[last].results.append(ToolResult(content: .inline(.string(words)), isError: false))
                continue
            }
            self.turns[last].results.append(ToolResult(content: .inline(.string(words)), isError: true))
        }
        if self.turns.count >= self.limits.calls, !planted(.questionsWithoutEnd) {
            self.fail(MindFailure.tooManyCalls(self.limits.calls))
        }
    }

    func objection(to call: ToolCall) -> String? {
        guard let nature = self.nature(of: call.tool) else {
            return planted(.refusedCallMade)
                ? nil : MindFailure.unknownTool(call.tool, self.tools.union(self.catalogue?.tools.map(\.name) ?? []))
        }
        if let fault = call.fault { return MindFailure.unreadable(fault) }
        if let words = self.phase?.objection(to: call.tool, nature), !planted(.maskForgotten) { return words }
        switch nature {
        // What a person would have to look at, and cannot, is not made either.
        case .action where self.wantsYes(to: call.tool), .keyedAction where self.wantsYes(to: call.tool), .question:
            return BuiltInTool.hindrance(to: call).map { "\(call.tool): \($0)" }
        case .delegation:
            guard let input = call.input.inlined else { return "\(call.tool): its arguments are too long" }
            let faults = BuiltInTool.named(call.tool)?.faults(of: input) ?? []
            return faults.isEmpty ? nil : "\(call.tool): \(faults.joined(separator: "; "))"
        case .phase: return self.phase(of: call) == nil ? self.phaseWords : nil
        case .repeatable, .action, .keyedAction: return nil
        }
    }

    // Nil if it is no phase of this agent.
    private func phase(of call: ToolCall) -> WorkPhase? {
        call.input.inlined?["phase"]?.string.flatMap(WorkPhase.init).flatMap { self.phases.contains($0) ? $0 : nil }
    }

    private var phaseWords: String {
        self.phases.isEmpty
            ? "You have no phases: call your tools as you need them."
            : "Your phases are \(self.phases.map(\.rawValue).joined(separator: ", "))."
    }

    private mutating func enteredPhase(by call: ToolCall) -> String? {
        guard case .phase? = self.nature(of: call.tool), let phase = self.phase(of: call) else { return nil }
        self.phase = phase
        return "You are \(phase.rawValue) now."
    }

    /// What calling a tool means; nil if the agent has no such tool.
    func nature(of tool: String) -> BuiltInTool.Nature? {
        // One of another version is refused where it would be called.
        if self.tools.contains(tool) { return BuiltInTool.named(tool)?.nature ?? .repeatable }
        return self.catalogue?.tool(named: tool)
            .map { $0.isRepeatable || planted(.foreignToolTrusted) ? .repeatable : .action }
    }

    /// Whether the next call needs a yes that nobody has given.
    func wantsYes(to tool: String) -> Bool {
        let source = self.catalogue?.tool(named: tool)?.source ?? tool
        guard !self.isApproved, !ToolGrant.covers(self.approvedAfterWeb, source) else { return false }
        guard ToolGrant.covers(self.approved, source) else { return true }
        // What a page says is a stranger's word: it moves nothing but pages.
        return self.isOfWeb && BuiltInTool.named(tool)?.isOfWeb != true
    }

    /// Says whether a call has brought words of the web, and keeps that in mind.
    @discardableResult
    private mutating func noteWeb(_ place: Int32) -> Bool {
        guard let tool = self.call(at: place)?.tool, BuiltInTool.named(tool)?.isOfWeb == true else { return false }
        self.readWeb()
        return true
    }

    /// Words of the web have come to it.
    mutating func readWeb() { self.isOfWeb = true }

    private mutating func sendBack(_ reply: Reply, _ note: Note) {
        let repairs = self.turns.count { $0.note != nil }
        guard repairs < self.limits.repairs else {
            if case .masked(let words) = note { return self.fail(MindFailure.phase(words)) }
            return self.fail(MindFailure.form(of: reply))
        }
        self.turns[self.turns.count - 1].note = note
        self.goOn()
    }

    // The same model where that may help, else the next.
    private mutating func askAgain(after failure: Failure) {
        guard failure.kind != .blocked, !planted(.failureEndsConversation) else { return self.fail(failure) }
        self.failures += 1
        if failure.kind == .transient, self.failures < self.limits.failures { return }
        self.failures = 0
        guard self.choice + 1 < self.choices else { return self.fail(failure) }
        self.failed.append(self.choice)
        if !planted(.otherModelForgotten) { self.choice += 1 }
    }

    private mutating func fail(_ failure: Failure) { self.ended = .failed(failure, .none) }

    // The same call, or the same words beside calls, for the last time that it may be.
    private var loop: Failure? {
        guard let last = self.turns.last?.reply, !planted(.loopNotSeen) else { return nil }
        let tools = Set(last.calls.map(\.tool))
        var made: [Made: Int32] = [:]
        for turn in self.turns {
            for call in turn.reply.calls where tools.contains(call.tool) { made[Made(call), default: 0] += 1 }
        }
        for call in last.calls where made[Made(call), default: 0] >= self.limits.repeats {
            return MindFailure.loop(
                "called the tool \(PlainText.line(call.tool, limit: 60)) with the same arguments",
                self.limits
            )
        }
        // An answer in a wrong form is sent back as often as it may be, whatever it says.
        guard last.faults.isEmpty else { return nil }
        let said = self.turns.count { $0.reply.text == last.text && $0.reply.text != Self.silence }
        return said >= self.limits.repeats ? MindFailure.loop("said the same", self.limits) : nil
    }

    /// A call without the name that the model gave it, and without the order in which it wrote the arguments.
    private struct Made: Hashable {
        let tool: String
        let input: Content

        init(_ call: ToolCall) {
            self.tool = call.tool
            self.input = call.input.inlined.map { .inline($0.sorted) } ?? call.input
        }
    }

    private static let silence = Content.inline(.string(""))
}
