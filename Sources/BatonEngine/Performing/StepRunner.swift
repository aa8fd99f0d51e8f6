import BatonCore
import Synchronization

/// Carries one authorised step to its performer and its result back; knows nothing of the run's rules.
///
/// It and its orders are classes, so that each step keeps one reference to them and copies nothing.
final class StepRunner: Sendable {
    private let performers: PerformerTable
    private let live: LiveTable
    private let reader: JournalReader

    init(performers: @escaping PerformerTable, live: @escaping LiveTable, reader: JournalReader) {
        self.performers = performers
        self.live = live
        self.reader = reader
    }

    /// What the loop knows when it hands the step out: values only, so that the step runs beside the loop.
    final class Order: Sendable {
        let key: StepKey
        let plan: PlanBox
        let assignment: Assignment
        /// What the tasks brought that this one needs; without the outputs that are ``stored``.
        let dependencies: [Work.Dependency]
        /// Outputs that have to be read from the journal, with their places among the dependencies.
        let stored: [(index: Int, content: Content)]
        let directives: [Directive]
        /// For one step of a conversation.
        let dialogue: Dialogue?
        let course = Mutex(StepCourse())
        /// Whether other tasks of the run depend on what it brings.
        let isWeighed: Bool
        /// Who added the task to the run; nil if the plan began with it.
        let asker: Provenance?

        init(
            key: StepKey,
            plan: PlanBox,
            assignment: Assignment,
            dependencies: [Work.Dependency] = [],
            stored: [(index: Int, content: Content)] = [],
            directives: [Directive] = [],
            dialogue: Dialogue? = nil,
            isWeighed: Bool = false,
            asker: Provenance? = nil
        ) {
            self.asker = asker
            self.key = key
            self.plan = plan
            self.assignment = assignment
            self.dependencies = dependencies
            self.stored = stored
            self.directives = directives
            self.dialogue = dialogue
            self.isWeighed = isWeighed
        }

        var needsStored: Bool {
            !self.stored.isEmpty || self.directives.contains(where: { $0.text.isStored })
                || self.dialogue?.conversation.contents.contains(where: \.isStored) ?? false
        }
        var run: RunID { self.plan.run }
        var task: TaskID { self.plan.id(of: self.key.task) }
        /// The form that its output has to fit; nil if any will do.
        var form: Form? {
            // Not by a copy of the plan: every step asks.
            guard
                let form = self.plan.value.tasks[self.key.task.offset].produces
                    ?? self.plan.value.agents[self.assignment.lead.offset].produces
            else { return nil }
            return Form(task: self.task, form: form)
        }
        /// Whether the rules read what it brings.
        var isReadByRules: Bool { self.isWeighed || self.plan.value.tasks[self.key.task.offset].isReadByRules }
        var agent: AgentProfile { self.plan.value.agents[self.assignment.lead.offset] }
    }

    /// What an output has to fit.
    struct Form {
        let task: TaskID
        let form: JSON
    }

    /// A conversation with the step of it that is next.
    final class Dialogue: Sendable {
        let request: StepRequest
        let conversation: Conversation
        /// With their numbers.
        let directives: [Directive]

        init(_ request: StepRequest, _ conversation: Conversation, _ directives: [Directive]) {
            self.request = request
            self.conversation = conversation
            self.directives = directives
        }
    }

    /// The step's result, with contents that must be stored with it.
    ///
    /// One reference, so that what waits for it keeps little memory ready.
    final class Return: Sendable {
        let result: StepResult
        let contents: [StoredContent]

        init(result: StepResult, contents: [StoredContent]) {
            self.result = result
            self.contents = contents
        }

        /// Of a step that was called off before it began.
        static let neverBegun = Return(result: .stopped(.none), contents: [])
    }

    /// Carries an order for which nothing needs to be waited for; nil if something may have to, and then nothing has been done.
    func carryAtOnce(_ order: Order) -> Return? {
        guard !order.needsStored, let performer = self.performers(order.agent) as? any InstantPerformer else {
            return nil
        }
        do throws(Failure) {
            let result = try performer.performAtOnce { () throws(Failure) in try self.work(order, [:]) }
            return result.map { self.packed($0, of: order.form, isRead: order.isReadByRules, isOwn: true) }
        } catch {
            return Self.failed(error)
        }
    }

    func carry(_ order: Order) async -> Return {
        switch self.beginning(of: order) {
        case .performs(let performer, let work):
            self.packed(await performer.perform(work), of: order.form, isRead: order.isReadByRules, isOwn: true)
        case .thinks(let thinker, let work, let dialogue):
            await self.carry(dialogue, [:], work, isRead: order.isReadByRules, to: thinker)
        case .reads(let performer): await self.carryStored(order, to: performer)
        case .fails(let failed): failed
        }
    }

    private enum Beginning {
        case performs(any Performer, Work)
        case thinks(any Thinker, Work, Dialogue)
        /// What it needs is in the journal.
        case reads(any Performer)
        case fails(Return)
    }

    // What follows stays out of line: whatever `carry` holds itself stays in memory for as long as the step takes.

    @inline(never)
    private func beginning(of order: Order) -> Beginning {
        guard let performer = self.performers(order.agent) else {
            return .fails(Self.failed(Self.noPerformer(of: order)))
        }
        guard !order.needsStored else { return .reads(performer) }
        do throws(Failure) {
            let work = try self.work(order, [:])
            guard let dialogue = order.dialogue else { return .performs(performer, work) }
            guard let thinker = performer as? any Thinker else {
                return .fails(Self.failed(Self.noPerformer(of: order)))
            }
            return .thinks(thinker, work, dialogue)
        } catch {
            return .fails(Self.failed(error))
        }
    }

    @inline(never)
    private func carryStored(_ order: Order, to performer: any Performer) async -> Return {
        let stored: [Content: JSON]
        do { stored = try await self.stored(order) } catch { return Self.failed(Self.unreadable(error, order)) }
        let work: Work
        do throws(Failure) { work = try self.work(order, stored) } catch { return Self.failed(error) }
        guard let dialogue = order.dialogue else {
            return self.packed(await performer.perform(work), of: order.form, isRead: order.isReadByRules, isOwn: true)
        }
        guard let thinker = performer as? any Thinker else { return Self.failed(Self.noPerformer(of: order)) }
        return await self.carry(dialogue, stored, work, isRead: order.isReadByRules, to: thinker)
    }

    @inline(never)
    private func carry(
        _ dialogue: Dialogue,
        _ stored: [Content: JSON],
        _ work: Work,
        isRead: Bool,
        to thinker: any Thinker
    ) async -> Return {
        let value = { (content: Content) -> JSON in content.inlined ?? stored[content] ?? .null }
        switch dialogue.request {
        case .perform: return Self.failed(MindFailure.odd)
        case .model(let call):
            let transcript = Transcript(dialogue.conversation, call, directives: dialogue.directives, value)
            return self.packed(thought: await thinker.answer(work, after: transcript), isRead: isRead)
        case .tool(let place):
            let calls = dialogue.conversation.turns.last?.reply.calls ?? []
            guard calls.indices.contains(Int(place)) else { return Self.failed(MindFailure.odd) }
            let call = calls[Int(place)]
            let filled = Transcript.Call(id: call.id, tool: call.tool, input: value(call.input), fault: call.fault)
            let offers = ToolOffer.all(of: dialogue.conversation.catalogue, value)
            return self.packed(await thinker.call(filled, of: work, offers: offers))
        case .catalogue:
            return self.packed(offers: await thinker.offers(for: work))
        }
    }

    @inline(never)
    private func packed(offers: OfferResult) -> Return {
        switch offers {
        case .stopped: return self.packed(.stopped())
        case .failed(let failure): return self.packed(.failed(failure))
        case .offered(let offers):
            let value = ToolOffer.content(of: offers)
            if let fault = value.fault { return self.packed(.failed(Self.unstorable(fault))) }
            let (content, stored) = ContentStore.content(of: value)
            let tools = offers.map {
                Catalogue.Tool(name: $0.name, source: $0.source, isRepeatable: $0.isRepeatable)
            }
            return Return(
                result: .offered(Catalogue(tools: tools, content: content)),
                contents: stored.map { [$0] } ?? []
            )
        }
    }

    @inline(never)
    private func packed(thought: Thought, isRead: Bool) -> Return {
        switch thought {
        case .failed(let failure, let usage): return self.packed(.failed(failure, usage))
        case .stopped(let usage): return self.packed(.stopped(usage))
        case .replied(let reply, let usage):
            if let blocked = Blocker.failure(in: reply) { return self.packed(.failed(blocked, usage)) }
            var contents: [StoredContent] = []
            let keep = { (value: JSON) -> Content in
                let (content, stored) = ContentStore.content(of: value)
                if let stored { contents.append(stored) }
                return content
            }
            let values = [reply.output].compactMap { $0 } + reply.calls.map(\.input)
            if let fault = values.lazy.compactMap(\.fault).first {
                return self.packed(.failed(Self.unstorable(fault), usage))
            }
            let text = keep(.string(reply.text))
            let isRead = isRead && reply.output.map(Self.isShortEnough) ?? false
            let kept = Reply(
                model: reply.model,
                text: text,
                output: reply.output.map { isRead ? .inline($0) : keep($0) },
                faults: reply.faults,
                calls: reply.calls.map {
                    let isRead = BuiltInTool.isReadByRules($0.tool, $0.input)
                    return ToolCall(
                        id: $0.id,
                        tool: $0.tool,
                        input: isRead ? .inline($0.input) : keep($0.input),
                        fault: $0.fault
                    )
                },
                stop: reply.stop,
                sharers: Int32(clamping: reply.sharers),
                answerer: reply.answerer
            )
            return Return(result: .replied(kept, usage.storable), contents: contents)
        }
    }

    @inline(never)
    private static func failed(_ failure: @autoclosure () -> Failure) -> Return {
        Return(result: .failed(failure(), .none), contents: [])
    }

    @inline(never)
    private func stored(_ order: Order) async throws -> [Content: JSON] {
        var values: [Content: JSON] = [:]
        let contents =
            order.stored.map(\.content) + order.directives.map(\.text) + (order.dialogue?.conversation.contents ?? [])
        for content in contents where values[content] == nil {
            values[content] = try await self.reader.value(of: content, in: order.run)
        }
        return values
    }

    /// What a performer was given for a step, with the contents that are kept apart.
    func question(of order: Order) async throws -> (Work, [Content: JSON]) {
        let stored = try await self.stored(order)
        return (try self.work(order, stored), stored)
    }

    /// - Throws: a failure where the texts of the task name what an output does not have: nobody is given a null in its place.
    @inline(never)
    private func work(_ order: Order, _ stored: [Content: JSON]) throws(Failure) -> Work {
        let value = { (content: Content) -> JSON in content.inlined ?? stored[content] ?? .null }
        var dependencies = order.dependencies
        for (index, content) in order.stored {
            dependencies[index] = Work.Dependency(
                task: dependencies[index].task,
                output: value(content),
                shortfall: nil,
                source: dependencies[index].source
            )
        }
        return Work(
            order,
            input: try Self.filled(order.plan.input(of: order.key.task), order, dependencies),
            description: try Self.filled(.string(order.plan.description(of: order.key.task)), order, dependencies)
                .plainText,
            dependencies: dependencies,
            directives: order.directives.map { $0.labelled(value($0.text).plainText) },
            live: self.live(order.run, order.task, Int(order.key.attempt))
        )
    }

    private static func filled(
        _ source: JSON,
        _ order: Order,
        _ dependencies: [Work.Dependency]
    ) throws(Failure) -> JSON {
        guard source.mayHoldTemplate else { return source }
        let template = Template(source)
        let output = { (id: TaskID) in dependencies.first { $0.task == id }?.output }
        if let failure = template.failure(of: order.task, agents: order.plan.value.agents, output) { throw failure }
        return template.expanded(output)
    }

    @inline(never)
    private func packed(
        _ result: WorkResult,
        of wanted: Form? = nil,
        isRead: Bool = false,
        isOwn: Bool = false
    ) -> Return {
        switch result {
        case .done(let value, let usage):
            // Of a tool's result no task says what form it has, and what a server says of blockers keeps no agent.
            if isOwn, let blocked = Blocker.failure(in: value) {
                return self.packed(.failed(blocked, usage))
            }
            if let wanted, let failure = OutputForm.failure(of: value, for: wanted.task, by: wanted.form) {
                return self.packed(.failed(failure, usage))
            }
            if let fault = value.fault { return self.packed(.failed(Self.unstorable(fault), usage)) }
            if isRead, Self.isShortEnough(value) {
                return Return(result: .done(.inline(value), usage.storable), contents: [])
            }
            let (content, stored) = ContentStore.content(of: value)
            return Return(result: .done(content, usage.storable), contents: stored.map { [$0] } ?? [])
        case .failed(let failure, let usage):
            return Return(result: .failed(failure, usage.storable), contents: [])
        case .stopped(let usage): return Return(result: .stopped(usage.storable), contents: [])
        }
    }

    // What the rules read stands in the event itself, up to a length.
    private static func isShortEnough(_ output: JSON) -> Bool { output.description.utf8.count <= 128 << 10 }

    private static func unstorable(_ fault: String) -> Failure {
        Failure(
            .permanent,
            "agent.output",
            "the output cannot be stored: \(fault)",
            remedy: "return a flatter value with finite numbers"
        )
    }

    private static func noPerformer(of order: Order) -> Failure {
        Failure(
            .permanent,
            "agent.no_performer",
            "nothing here performs the work of agent \(order.agent.id)",
            remedy: "give it a command, register a function for it, or play the plan with --rehearse"
        )
    }

    private static func unreadable(_ error: any Error, _ order: Order) -> Failure {
        Failure(
            .transient,
            "journal.content",
            "the outputs that task \(order.task) needs cannot be read",
            remedy: "check the data folder",
            causes: [String(describing: error)]
        )
    }
}

extension Content {
    fileprivate var isStored: Bool {
        if case .stored = self { return true }
        return false
    }
}
