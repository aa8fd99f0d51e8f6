import BatonCore
import BatonEngine
import Synchronization

/// A question to a model that several tasks share.
final class SharedQuestion: Sendable {
    struct Sharer: Sendable {
        let work: Work
        let transcript: Transcript
        /// Of all that it puts into the question, its form too; it pays by that.
        let bytes: Int

        init(work: Work, transcript: Transcript) {
            self.work = work
            self.transcript = transcript
            self.bytes = Prompt.words(of: work).reduce(Self.frame) { $0 + $1.text.utf8.count }
        }

        private static let frame = 256

        fileprivate var task: TaskID { self.work.task.id }

        /// What nobody has counted: with a budget all that was set aside for it is spent.
        fileprivate var estimate: Usage {
            var (usage, kinds) = (Usage(), Usage.TokenKinds())
            (kinds.input, kinds.isEstimated) = (Int64(self.bytes + 3) / 4, true)
            (usage.tokenKinds, usage.tokens, usage.isUnpriced) = (kinds, kinds.total, true)
            return usage
        }
    }

    private struct State {
        var sharers: [Sharer] = []
        var bytes = 0
        var isAsked = false
        var asking: Task<Void, Never>?
        var waiting: [TaskID: CheckedContinuation<Thought, Never>] = [:]
        var thoughts: [TaskID: Thought] = [:]
        /// Those that wait no more.
        var gone: Set<TaskID> = []
    }

    private let mind: any Mind
    private let state = Mutex(State())

    init(_ first: Sharer, _ mind: any Mind) {
        self.mind = mind
        _ = self.join(first)
    }

    /// So many share it.
    var count: Int { self.state.withLock { $0.sharers.count } }

    /// False if it is full, or has been asked.
    func join(_ sharer: Sharer) -> Bool {
        self.state.withLock { state in
            let hasRoom =
                state.sharers.isEmpty
                || state.sharers.count < SharedQuestions.most && state.bytes + sharer.bytes <= SharedQuestions.mostBytes
            guard !state.isAsked, hasRoom, !state.sharers.contains(where: { $0.task == sharer.task }) else {
                return false
            }
            state.sharers.append(sharer)
            state.bytes += sharer.bytes
            return true
        }
    }

    func begin(_ asking: Task<Void, Never>) { self.state.withLock { $0.asking = asking } }

    /// What came of it for one of those who share it.
    func answer(to sharer: Sharer) async -> Thought {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let thought = self.state.withLock { state -> Thought? in
                    if let thought = state.thoughts[sharer.task] { return thought }
                    if state.gone.contains(sharer.task) { return .stopped(.none) }
                    state.waiting[sharer.task] = waiter
                    return nil
                }
                if let thought { waiter.resume(returning: thought) }
            }
        } onCancel: {
            self.leave(sharer)
        }
    }

    // Who leaves before it is asked pays nothing. Later its part is its own: with the others it could pass what was set aside for them.
    private func leave(_ sharer: Sharer) {
        let (waiter, asking, usage) = self.state.withLock { state in
            state.gone.insert(sharer.task)
            let isLast = state.sharers.allSatisfy { state.gone.contains($0.task) }
            // Once it is asked, whoever leaves last hears what it has cost.
            let waiter = isLast && state.isAsked ? nil : state.waiting.removeValue(forKey: sharer.task)
            return (waiter, isLast ? state.asking : nil, state.isAsked ? sharer.estimate : .none)
        }
        waiter?.resume(returning: .stopped(usage))
        asking?.cancel()
    }

    /// Asks the model, and gives to each what is its own.
    func ask() async {
        let sharers = self.state.withLock { state in
            state.isAsked = true
            return state.sharers.filter { !state.gone.contains($0.task) }
        }
        guard let first = sharers.first else { return }
        guard sharers.count > 1 else {
            let prompt = Prompt(first.work, after: first.transcript)
            return self.give([first.task: await self.mind.answer(prompt, to: first.work, after: first.transcript)])
        }
        for sharer in sharers { sharer.work.say("shares its question to the model with \(sharers.count - 1) others") }
        var transcript = first.transcript
        transcript.reserved = Self.reserved(sharers)
        // What is said meanwhile belongs to nobody alone.
        let thought = await self.mind.answer(
            Prompt(sharing: sharers.map(\.work)),
            to: first.work.saying(to: .none),
            after: transcript
        )
        self.give(Self.parts(of: thought, among: sharers))
    }

    private func give(_ thoughts: [TaskID: Thought]) {
        let waiting = self.state.withLock { state in
            state.thoughts.merge(thoughts) { $1 }
            return thoughts.compactMap { task, thought in state.waiting.removeValue(forKey: task).map { ($0, thought) }
            }
        }
        for (waiter, thought) in waiting { waiter.resume(returning: thought) }
    }

    // Together they may cost what each may cost alone.
    private static func reserved(_ sharers: [Sharer]) -> Spend? {
        let reserved = sharers.compactMap(\.transcript.reserved)
        guard let first = reserved.first, reserved.count == sharers.count else { return nil }
        return reserved.dropFirst().reduce(first) { $0 + $1 }
    }

    // MARK: Whose is what

    static func parts(of thought: Thought, among sharers: [Sharer]) -> [TaskID: Thought] {
        var thoughts: [TaskID: Thought] = [:]
        var range = 0..<0
        let whole = sharers.reduce(0) { $0 + $1.bytes }
        for sharer in sharers {
            range = range.upperBound..<range.upperBound + sharer.bytes
            switch thought {
            case .stopped(let usage): thoughts[sharer.task] = .stopped(usage.part(range, of: whole))
            case .failed(let failure, let usage): thoughts[sharer.task] = .failed(failure, usage.part(range, of: whole))
            case .replied(let reply, let usage):
                let part = usage.part(range, of: whole)
                thoughts[sharer.task] =
                    Self.part(of: reply, for: sharer.task, sharers.count).map { .replied($0, part) }
                    ?? .failed(Self.leftOut(sharer.task, reply), part)
            }
        }
        return thoughts
    }

    private static func part(of reply: Transcript.Reply, for task: TaskID, _ sharers: Int) -> Transcript.Reply? {
        guard reply.stop == .end, reply.calls.isEmpty,
            let answer = OutputForm.read(reply.text, by: ["type": "object"]).value?[task.text]
        else { return nil }
        var own = Transcript.Reply(model: reply.model, text: answer.plainText, stop: .end)
        own.sharers = sharers
        return own
    }

    private static func leftOut(_ task: TaskID, _ reply: Transcript.Reply) -> Failure {
        Failure(
            .transient,
            "mind.shared",
            "the answer of \(PlainText.line(reply.model, limit: 80)) to several tasks has none for task \(task)",
            remedy: "it is asked about alone; leave share_call out where that happens often"
        )
    }
}

extension Usage {
    /// The part that falls to a range of the whole: parts that lie side by side are the whole.
    func part(_ range: Range<Int>, of whole: Int) -> Usage {
        let until = { (amount: Int64, place: Int) -> Int64 in
            let (high, low) = amount.multipliedFullWidth(by: Int64(place))
            return Int64(max(1, whole)).dividingFullWidth((high, low)).quotient
        }
        let share = { (amount: Int64) in until(amount, range.upperBound) - until(amount, range.lowerBound) }
        var part = self
        part.money = Money(microUSD: share(self.money.microUSD))
        part.saved = Money(microUSD: share(self.saved.microUSD))
        guard var kinds = self.tokenKinds else {
            part.tokens = share(self.tokens)
            return part
        }
        kinds.input = share(kinds.input)
        kinds.cacheRead = share(kinds.cacheRead)
        kinds.cacheWrite = share(kinds.cacheWrite)
        kinds.output = share(kinds.output)
        part.tokenKinds = kinds
        part.tokens = kinds.total
        return part
    }
}

extension Prompt {
    /// One question for several tasks of an agent, each with its own words.
    init(sharing works: [Work]) {
        self.system = Self.system(of: works[0].agent).map(\.text).joined(separator: "\n")
        let forms = works.map { work -> (String, JSON) in
            (work.task.id.text, work.form ?? ["type": "string"])
        }
        let form: JSON = [
            "type": "object", "properties": .members(forms),
            "required": .array(works.map { .string($0.task.id.text) }), "additionalProperties": false,
        ]
        let tasks = works.map { Self.words(of: $0, isAlone: false).map(\.text).joined(separator: "\n\n") }
        let words =
            ["These are \(works.count) tasks; do each one by itself, without regard to the others."] + tasks + [
                "Answer with nothing but a JSON object that has the answer to each task below its name, as this JSON "
                    + "Schema takes it:\n\(form.description)"
            ]
        self.messages = [.user(words.joined(separator: "\n\n"))]
        self.form = form
    }
}
