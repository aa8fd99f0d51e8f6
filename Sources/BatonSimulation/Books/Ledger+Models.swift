import BatonCore

// Which model of several is asked first: the one whose good answer probably costs least.
extension Ledger {
    /// What tasks call the tier that some of them are of.
    static let tier = "hard"

    /// How attempts with a model have ended.
    struct ModelBook: Equatable {
        var good: Int64 = 0
        var attempts: Int64 = 0

        var isBad: Bool { self.attempts > 2 && 2 * self.good < self.attempts }
    }

    func checkModels(_ task: TaskIndex, _ book: TaskBook, _ assignment: Assignment) throws {
        let rule = "the model whose good answer probably costs least is asked first"
        let models = self.plan.modelTiers.first { $0.name == book.complexity }?.models ?? []
        let weighed = assignment.models
        guard self.plan.agents[assignment.lead.offset].kind == .model, models.count > 1 else {
            guard weighed.isEmpty else { throw self.violation(rule, task, "nothing was to be weighed") }
            return
        }
        self.reached.insert(.modelsWeighed)
        guard weighed.count == models.count, Set(weighed.map(\.model)) == Set(models) else {
            throw self.violation(rule, task, "\(weighed.map(\.model))")
        }
        let books = weighed.map { self.models[$0.model] ?? ModelBook() }
        for (model, own) in zip(weighed, books)
        where model.record.good != own.good || model.record.attempts != own.attempts {
            throw self.violation("a model's record is what became of its attempts", task, "\(model) \(own)")
        }
        if books.first.map(\.isBad) == false, books.contains(where: \.isBad) { self.reached.insert(.modelFellBehind) }
        let worth = zip(weighed, books).map { model, own in
            Double(model.cost?.microUSD ?? 0) * Double(own.attempts + 1) / Double(own.good + 1)
        }
        for later in worth.indices.dropFirst() {
            let earlier = later - 1
            let isRight =
                books[earlier].isBad == books[later].isBad
                ? worth[earlier] < worth[later] + 1 : books[later].isBad
            guard isRight else { throw self.violation(rule, task, "\(weighed)") }
        }
    }

    /// Those that the attempt may ask, one after the other.
    func models(of assignment: Assignment, _ complexity: String?, _ lead: AgentProfile) -> [String] {
        let tier = self.plan.modelTiers.first { $0.name == complexity }?.models ?? [lead.model ?? ""]
        return (assignment.models.isEmpty ? tier : assignment.models.map(\.model)) + lead.fallbackModels
    }

    /// Counts what the models of an attempt came to.
    func countModels(_ book: TaskBook, succeeded: Bool) {
        guard let talk = book.talk else { return }
        for choice in talk.failed { self.models[talk.models[choice], default: ModelBook()].attempts += 1 }
        let last = talk.models[Int(talk.choice)]
        self.models[last, default: ModelBook()].attempts += 1
        self.models[last, default: ModelBook()].good += succeeded ? 1 : 0
    }
}
