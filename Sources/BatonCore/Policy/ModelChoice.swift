/// Which of the models that can do a task is asked first: the one whose good answer probably costs least.
///
/// A tier of the plan names models that are able enough. What a model may cost for the task is divided by the share of its attempts
/// that went well: (good + 1) ÷ (attempts + 1). Models of whom nobody knows the price follow in the plan's order; behind all stand
/// those that failed in more than half of three attempts or more.
package enum ModelChoice {
    /// What has been seen of a model in this run.
    package struct Record: Hashable, Sendable {
        /// Attempts that ended well with it.
        package internal(set) var good: Int64 = 0
        /// Attempts that ended with it, and those that turned from it to the next one.
        package internal(set) var attempts: Int64 = 0

        package init(good: Int64 = 0, attempts: Int64 = 0) {
            self.good = good
            self.attempts = attempts
        }

        var isBad: Bool { self.attempts >= 3 && self.good < self.attempts / 2 + self.attempts % 2 }

        mutating func count(good isGood: Bool) {
            self.attempts = self.attempts.addingSaturated(1)
            self.good = self.good.addingSaturated(isGood ? 1 : 0)
        }
    }

    /// A model that was weighed, as the journal has it.
    package struct Candidate: Hashable, Sendable {
        package let model: String
        /// What the first question may cost; nil if nobody knows its price.
        package let cost: Money?
        package let record: Record

        package init(model: String, cost: Money?, record: Record) {
            self.model = model
            self.cost = cost
            self.record = record
        }

        package var json: JSON {
            .members(
                [("model", .string(self.model))] + (self.cost.map { [("usd", .number($0.inUSD))] } ?? [])
                    + [("good", .integer(self.record.good)), ("attempts", .integer(self.record.attempts))]
            )
        }

        /// What a good answer probably costs at most.
        package var expected: Money? {
            self.cost.map { cost in
                let all = max(0, cost.microUSD).multipliedReportingOverflow(by: self.record.attempts.addingSaturated(1))
                let share = max(0, self.record.good).addingSaturated(1)
                return Money(microUSD: (all.overflow ? .max : max(0, all.partialValue)) / share)
            }
        }
    }

    /// The best first; of equals the plan's order stays.
    package static func ranked(_ candidates: [Candidate]) -> [Candidate] {
        candidates.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.record.isBad != second.record.isBad { return !first.record.isBad }
            switch (first.expected, second.expected) {
            case (let own?, let other?) where own != other: return own < other
            case (.some, nil): return true
            case (nil, .some): return false
            default: return left.offset < right.offset
            }
        }
        .map(\.element)
    }
}

extension Run {
    /// The models of the task's tier in the order in which they are to be asked; empty where there is nothing to choose.
    func weighedModels(_ task: TaskIndex, _ assignment: Assignment) -> [ModelChoice.Candidate] {
        guard self.isThoughtAbout(by: assignment.lead), let tier = self.plan.tier(of: self.spec(task)),
            tier.models.count > 1
        else { return [] }
        let agent = self.profile(assignment.lead)
        let words = PromptWords(self, task, assignment)
        let candidates = tier.models.map { model in
            let cost = ModelName(model).flatMap { name in
                self.seed.prices.price(of: name)?
                    .most(reading: words.base, writing: Int64(agent.answerTokens(of: name)))
            }
            return ModelChoice.Candidate(model: model, cost: cost, record: self.modelRecords[model] ?? .init())
        }
        return planted(.modelsNotWeighed) ? candidates : ModelChoice.ranked(candidates)
    }

    /// Counts what a model's attempt came to.
    mutating func count(_ conversation: Conversation, good isGood: Bool) {
        for model in conversation.failedModels { self.modelRecords[model, default: .init()].count(good: false) }
        guard let model = conversation.model else { return }
        self.modelRecords[model, default: .init()].count(good: isGood)
    }
}
