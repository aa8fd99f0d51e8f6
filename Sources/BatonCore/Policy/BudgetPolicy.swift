/// What a budget counts.
package struct Spend: Hashable, Sendable {
    package enum Measure: String, Hashable, Sendable, CaseIterable {
        case money
        case tokens
        case calls
    }

    package var money = Money.zero
    package var tokens: Int64 = 0
    package var calls: Int64 = 0

    package static let none = Spend()

    package init(money: Money = .zero, tokens: Int64 = 0, calls: Int64 = 0) {
        self.money = money
        self.tokens = tokens
        self.calls = calls
    }

    /// In the units of journals: millionths of a US dollar, tokens, calls.
    package func amount(_ measure: Measure) -> Int64 {
        switch measure {
        case .money: self.money.microUSD
        case .tokens: self.tokens
        case .calls: self.calls
        }
    }

    package static func + (left: Spend, right: Spend) -> Spend {
        Spend(
            money: left.money + right.money,
            tokens: left.tokens.addingSaturated(right.tokens),
            calls: left.calls.addingSaturated(right.calls)
        )
    }

    static func += (left: inout Spend, right: Spend) { left = left + right }

    static func -= (left: inout Spend, right: Spend) { left = left - right }

    // What was put in is taken out: never below zero.
    static func - (left: Spend, right: Spend) -> Spend {
        Spend(
            money: Money(microUSD: max(0, left.money.microUSD - right.money.microUSD)),
            tokens: max(0, left.tokens - right.tokens),
            calls: max(0, left.calls - right.calls)
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
        for measure in Spend.Measure.allCases {
            guard let limit = budget.limit(on: measure) else { continue }
            let spent = account.spent.amount(measure).addingSaturated(need.amount(measure))
            if spent > limit { return .short(measure) }
            if spent.addingSaturated(account.reserved.amount(measure)) > limit { verdict = .wait }
        }
        return planted(.budgetNotHeld) ? .fits : verdict
    }
}

extension Plan.Budget {
    /// What questions to models are held against; nil has no limit.
    package func limit(on measure: Spend.Measure) -> Int64? {
        switch measure {
        case .money: self.money?.microUSD
        case .tokens: self.tokens
        case .calls: self.calls
        }
    }

    mutating func setLimit(_ limit: Int64, on measure: Spend.Measure) {
        switch measure {
        case .money: self.money = Money(microUSD: limit)
        case .tokens: self.tokens = limit
        case .calls: self.calls = limit
        }
    }

    /// Whether it limits questions to models.
    package var limitsModels: Bool { Spend.Measure.allCases.contains { self.limit(on: $0) != nil } }
}

extension Spend.Measure {
    /// An amount in words.
    package func words(_ amount: Int64) -> String {
        switch self {
        case .money: Money(microUSD: amount).description
        case .tokens: "\(amount) tokens"
        case .calls: CountText.of(Int(clamping: amount), "question")
        }
    }

    /// An amount as a person writes it: US dollars, or a count.
    package func amount(of words: String) -> Int64? {
        let digits = words.filter { $0 != " " }.lowercased()
        let units =
            switch self {
            case .money: ["usd", "$"]
            case .tokens: ["tokens"]
            case .calls: ["calls", "questions"]
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
