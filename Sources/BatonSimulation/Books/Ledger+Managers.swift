import BatonCore

// Managers: what they bring becomes tasks, or says how a blocked one goes on.
extension Ledger {
    /// Of what form an answer has to be.
    enum Form: Equatable {
        /// Nobody reads it.
        case number
        /// Of a check.
        case verdict
        /// The tasks of a whole.
        case plan(TaskID)
        /// How a task of a whole goes on.
        case resolution(TaskID)
        /// Something that is said in a meeting, or nothing.
        case utterance
        /// What a meeting has brought.
        case minutes

        init(of task: TaskSpec) {
            if task.proves != nil {
                self = .verdict
            } else if task.pattern == .meeting {
                self = .minutes
            } else if task.isMeeting, task.partOf != nil, task.attendees.isEmpty {
                self = .utterance
            } else {
                self = task.partOf.map { Self.managed(task.id, in: $0) } ?? .number
            }
        }

        private static func managed(_ task: TaskID, in whole: TaskID) -> Form {
            if task.text == "\(whole).plan" { return .plan(whole) }
            return task.text.hasPrefix("\(whole).resolve-") ? .resolution(whole) : .number
        }

        /// Whether a manager gives it.
        var isManaged: Bool {
            switch self {
            case .plan, .resolution: true
            case .number, .verdict, .utterance, .minutes: false
            }
        }
    }

    /// A call that asks a manager, if there is one, else a person.
    static let blockerTool = "report_blocker"

    /// The first tasks of plans: there is one of that name.
    static let taken: TaskID = "t0"

    // MARK: What managers of the simulator say

    /// Tasks that are sound in half of the answers, told apart by the attempt.
    static func planned(_ key: StepKey, _ whole: TaskID) -> JSON {
        let name = { (letter: String) in JSON.string("\(whole).\(key.attempt)\(letter)") }
        let task = { (id: JSON, needs: [JSON]) -> JSON in
            ["task_id": id, "description": "work", "dependencies": .array(needs)]
        }
        let (first, second, third) = (name("a"), name("b"), name("c"))
        let tasks: [JSON] =
            switch (Int(key.task.value) + Int(key.attempt)) % 8 {
            case 0: [task(first, [second]), task(second, [first])]
            case 1: [task(.string(Ledger.taken.text), [])]
            case 2: [task(first, []).adding("agent", "nobody")]
            case 3: []
            case 4: [task(first, [])]
            case 5: [task(first, []), task(second, [first])]
            case 6: [task(first, []).adding("agent", "a0"), task(second, []), task(third, [first, second])]
            default: [task(first, [.string(Ledger.taken.text)]).adding("agent", "a1")]
            }
        return ["summary": .string("\(key.delivery)"), "tasks": .array(tasks)]
    }

    static func resolution(_ key: StepKey, _ whole: TaskID) -> JSON {
        let words = JSON.string("as \(key.task) said in attempt \(key.attempt), \(key.step), \(key.delivery)")
        return switch (Int(key.task.value) + Int(key.attempt)) % 6 {
        case 0: ["action": "ask_person", "words": words]
        case 1: ["action": "answer", "words": " "]
        case 2, 3: ["action": "replan", "words": words, "tasks": self.planned(key, whole)["tasks"] ?? .null]
        case 4: ["action": "work_around", "words": words, "tasks": []]
        default: ["action": "answer", "words": words]
        }
    }

    // MARK: Plans

    /// Whether tasks can be carried out, as far as the books can tell; those that there are none of are no plan.
    func isSound(_ tasks: JSON?) -> Bool {
        let elements = tasks?.elements ?? []
        let names = elements.compactMap { $0["task_id"]?.string }
        let known = Set(self.tasks.map(\.id.text))
        guard !elements.isEmpty, Set(names).count == elements.count, known.isDisjoint(with: names) else { return false }
        var placed: Set<String> = []
        for _ in elements {
            for element in elements {
                let needs = element["dependencies"]?.elements?.compactMap(\.string) ?? []
                if needs.allSatisfy({ placed.contains($0) || known.contains($0) }) {
                    placed.insert(element["task_id"]?.string ?? "")
                }
            }
        }
        return placed.count == elements.count
            && elements.compactMap { $0["agent"]?.string }.allSatisfy { name in
                self.plan.agents.contains { $0.id.text == name }
            }
    }

    /// What an agent has added in the midst of a task: the tasks of its answer, if it is a manager's.
    func checkBrokenDown(_ specs: [TaskSpec], by task: TaskID) throws {
        guard let offset = self.tasks.firstIndex(where: { $0.id == task }), self.tasks[offset].form.isManaged,
            let whole = self.tasks[offset].whole, specs.contains(where: { $0.partOf == whole })
        else { return }
        let (book, index) = (self.tasks[offset], TaskIndex(offset))
        let said = (book.answer?.content ?? book.result?.output)?.inlined?["tasks"]
        guard book.answer != nil || book.place == .running && book.isThrough, !book.isOut, self.isSound(said),
            said?.elements?.compactMap({ $0["task_id"]?.string }) == specs.map(\.id.text)
        else { throw self.violation("what a manager adds is the plan that it brought", index, "\(specs.map(\.id))") }
        let above = self.tasks.first { $0.id == whole }
        let names = Set(specs.map(\.id))
        let parts = Set(self.tasks.filter { $0.whole == whole }.map(\.id))
        for spec in specs {
            // What begins anew behind them is not begun before them.
            let held = book.question.flatMap { self.open[$0] }.flatMap { $0.kind == .blocker ? $0.task : nil }
            let behind = [whole] + (held.map { [self.tasks[$0.offset].id] } ?? [])
            guard spec.partOf == whole, spec.followUps == behind else {
                throw self.violation("what a manager plans is part of its whole", index, "\(spec.id)")
            }
            let needed = (above?.dependencies ?? []).filter { !parts.contains($0) }
            guard spec.dependencies.contains(where: names.contains) || needed.allSatisfy(spec.dependencies.contains)
            else { throw self.violation("what the whole needs its parts need", index, "\(spec.id)") }
        }
        self.tasks[offset].brokeDown = max(1, book.attempts)
        self.reached.insert(book.form == .plan(whole) ? .brokenDown : .replanned)
    }

    /// A whole is not joined of nothing: its plan is done when its tasks are there.
    func checkPlanned(_ task: TaskIndex, _ book: TaskBook) throws {
        guard case .plan = book.form, book.brokeDown != max(1, book.attempts) else { return }
        throw self.violation("what has brought no tasks has planned nothing", task)
    }

    /// Whether what came back from a manager cannot be carried out, or may not: then it is blocked.
    func isUnplanned(_ book: TaskBook) -> Bool {
        guard book.form.isManaged, book.isThrough, let output = book.result?.output?.inlined else { return false }
        let count = output["tasks"]?.elements?.count ?? 0
        if case .resolution = book.form, count == 0 { return false }
        guard self.isSound(output["tasks"]) else { return true }
        let isFull = self.depths.count + count > self.plan.budget.fanOut ?? 200
        // What it needs may need the whole in turn, or be nobody's by now: the books do not look at that.
        let isBound = output["tasks"]?.elements?.contains { $0["agent"] != nil } ?? false
        return isFull || isBound || 1 + (self.depths[book.id] ?? 0) > self.plan.budget.depth ?? 4
    }

    // MARK: Blockers

    /// The nearest task above that has a manager.
    private func managed(above task: Int) -> Int? {
        var current = task
        for _ in self.tasks {
            guard let id = self.tasks[current].delegator ?? self.tasks[current].whole,
                let next = self.tasks.firstIndex(where: { $0.id == id })
            else { return nil }
            if self.tasks[next].manager != nil { return next }
            current = next
        }
        return nil
    }

    /// A manager is asked how a task goes on: about what is asked just now, and about nothing twice.
    func checkCalled(_ spec: TaskSpec) throws {
        guard let whole = spec.partOf, case .resolution = Form(of: spec) else { return }
        let number = spec.input["question"]?.integer.map { QuestionID(Int($0)) }
        guard let question = number.flatMap({ self.open[$0] }), self.unheard.contains(question.id) else {
            throw Violation("a manager is asked about what holds a task up", "\(self.name) \(spec.id)")
        }
        let earlier = self.tasks.filter { $0.whole == whole && $0.form == .resolution(whole) }
        let blocker = spec.input["blocker"]
        guard let above = self.managed(above: question.task.offset), self.tasks[above].id == whole,
            spec.assignedAgent == self.tasks[above].manager, earlier.count < 49,
            !earlier.contains(where: { $0.asksAbout == question.task && $0.blocker == blocker })
        else { throw self.violation("no manager is asked the same twice", question.task, "\(spec.id)") }
        self.reached.insert(.managerCalled)
        self.unheard.remove(question.id)
        if question.kind.holdsAttempt { self.goAway(question.task) }
    }

    /// Whose task has a manager asks it, unless it has asked it already.
    func checkHeard() throws {
        defer { self.unheard = [] }
        for id in self.unheard {
            guard let question = self.open[id], let above = self.managed(above: question.task.offset),
                !self.tasks[question.task.offset].form.isManaged
            else { continue }
            let whole = self.tasks[above].id
            let earlier = self.tasks.filter { $0.whole == whole && $0.form == .resolution(whole) }
            guard earlier.contains(where: { $0.asksAbout == question.task }) || earlier.count >= 49 else {
                throw self.violation("whose task has a manager asks it", question.task, "\(id)")
            }
        }
    }

    /// Whether it was a manager that answered, with its own words and what it was asked.
    func isManagers(_ answer: Answer, to question: Question, by task: TaskID) -> Bool {
        guard let book = self.tasks.first(where: { $0.id == task }), case .resolution = book.form,
            book.question == question.id, let said = (book.end ?? book.result?.output)?.inlined,
            let words = said["words"]?.string, words != " ", said["action"] != "ask_person",
            answer.choice == (question.kind == .consultation ? .done : .again)
        else { return false }
        self.reached.insert(.managerAnswered)
        guard question.kind == .consultation, book.brokeDown > 0 else {
            return book.place == .running && !book.isOut && book.isThrough && answer.content == .inline(.string(words))
        }
        // Whoever goes on where it was hears of what was put before that.
        let before = self.tasks.filter { $0.adder == task }
        return book.place == .completed && before.allSatisfy(\.place.isEnded)
            && answer.content.inlined?.string?.hasPrefix(words) ?? false
    }
}
