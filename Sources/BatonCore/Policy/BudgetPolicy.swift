/// What a budget counts.
package struct Spend: Hashable, Sendable {
    package enum Measure: String, Hashable, Sendable, CaseIterable {
        case money
        case tokens
        case calls
        /// Of work, in microseconds.
        case time

        /// What questions to models are held against.
        package static let ofModels: [Measure] = [.money, .tokens, .calls]
    }

    package var money = Money.zero
    package var tokens: Int64 = 0
    package var calls: Int64 = 0
    package var time: Int64 = 0

    package static let none = Spend()

    package init(money: Money = .zero, tokens: Int64 = 0, calls: Int64 = 0, time: Int64 = 0) {
        self.money = money
        self.tokens = tokens
        self.calls = calls
        self.time = time
    }

    /// In the units of journals: millionths of a US dollar, tokens, calls, microseconds.
    package func amount(_ measure: Measure) -> Int64 {
        switch measure {
        case .money: self.money.microUSD
        case .tokens: self.tokens
        case .calls: self.calls
        case .time: self.time
        }
    }

    package static func + (left: Spend, right: Spend) -> Spend {
        Spend(
            money: left.money + right.money,
            tokens: left.tokens.addingSaturated(right.tokens),
            calls: left.calls.addingSaturated(right.calls),
            time: left.time.addingSaturated(right.time)
        )
    }

    static func += (left: inout Spend, right: Spend) { left = left + right }

    static func -= (left: inout Spend, right: Spend) { left = left - right }

    // What was put in is taken out: never below zero.
    static func - (left: Spend, right: Spend) -> Spend {
        Spend(
            money: Money(microUSD: max(0, left.money.microUSD - right.money.microUSD)),
            tokens: max(0, left.tokens - right.tokens),
            calls: max(0, left.calls - right.calls),
            time: max(0, left.time - right.time)
        )
    }
}

/// Whose budget it is.
package enum BudgetScope: Hashable, Sendable {
    case run
    case agent(AgentIndex)
    case task(TaskIndex)
}

/// Whether what a question to a model may cost fits into a budget: `spent + reserved ≤ limit`, always.
package enum BudgetPolicy {
    /// What a budget has let go.
    package struct Account: Hashable, Sendable {
        /// What came back, and what nobody knows to be unspent.
        package internal(set) var spent = Spend.none
        /// For questions that are on their way.
        package internal(set) var reserved = Spend.none
    }

    package enum Verdict: Hashable, Sendable {
        case fits
        /// It will, or will not, when those that are on their way have come back.
        case wait
        /// It will not, whatever comes back.
        case short(Spend.Measure)
    }

    package static func verdict(on need: Spend, _ account: Account, within budget: Plan.Budget) -> Verdict {
        var verdict = Verdict.fits
        for measure in Spend.Measure.ofModels {
            guard let limit = budget.limit(on: measure) else { continue }
            let spent = account.spent.amount(measure).addingSaturated(need.amount(measure))
            if spent > limit { return .short(measure) }
            if spent.addingSaturated(account.reserved.amount(measure)) > limit { verdict = .wait }
        }
        return planted(.budgetNotHeld) ? .fits : verdict
    }
}

extension Plan.Budget {
    /// In the units of journals; nil has no limit.
    package func limit(on measure: Spend.Measure) -> Int64? {
        switch measure {
        case .money: self.money?.microUSD
        case .tokens: self.tokens
        case .calls: self.calls
        case .time: self.workTime?.microseconds
        }
    }

    mutating func setLimit(_ limit: Int64, on measure: Spend.Measure) {
        switch measure {
        case .money: self.money = Money(microUSD: limit)
        case .tokens: self.tokens = limit
        case .calls: self.calls = limit
        case .time: self.workTime = .microseconds(limit)
        }
    }

    /// Whether it limits questions to models.
    package var limitsModels: Bool { Spend.Measure.ofModels.contains { self.limit(on: $0) != nil } }

    /// Whether it limits anything that is counted.
    package var limitsAnything: Bool { self.limitsModels || self.workTime != nil }
}

extension Spend.Measure {
    /// An amount in words.
    package func words(_ amount: Int64) -> String {
        switch self {
        case .money: Money(microUSD: amount).description
        case .tokens: "\(amount) tokens"
        case .calls: CountText.of(Int(clamping: amount), "question")
        case .time: PlanDuration.words(of: .microseconds(amount))
        }
    }

    /// An amount as a person writes it: US dollars, a count, or a time such as `15m`.
    package func amount(of words: String) -> Int64? {
        let digits = words.filter { $0 != " " }.lowercased()
        if self == .time {
            let value = Double(digits).map { JSON.number($0) } ?? .string(digits)
            return PlanDuration.read(SourceNode(value))?.microseconds
        }
        let units: [String] =
            switch self {
            case .money: ["usd", "$"]
            case .tokens: ["tokens"]
            case .calls: ["calls", "questions"]
            case .time: []
            }
        var plain = units.first { digits.hasSuffix($0) }.map { String(digits.dropLast($0.count)) } ?? digits
        if self == .money, plain.hasPrefix("$") { plain.removeFirst() }
        // Nothing that could be read in two ways: a comma is a point to some, and nothing to others.
        guard plain.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(plain),
            0...1e12 ~= value,
            self == .money || value == value.rounded()
        else { return nil }
        return Int64((self == .money ? value * 1_000_000 : value).rounded())
    }
}
