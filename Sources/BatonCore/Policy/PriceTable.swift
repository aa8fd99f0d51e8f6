/// What models cost.
package struct PriceTable: Hashable, Sendable {
    private var prices: [String: Price]

    /// What a million tokens of each kind cost, in millionths of a US dollar.
    package struct Price: Hashable, Sendable {
        package var input: Int64
        package var output: Int64
        package var cacheRead: Int64
        package var cacheWrite: Int64
        /// A question with more tokens than this costs twice as much to read and half as much again to answer.
        package var longFrom: Int64?

        package init(
            input: Int64,
            output: Int64,
            cacheRead: Int64? = nil,
            cacheWrite: Int64? = nil,
            longFrom: Int64? = nil
        ) {
            self.input = input
            self.output = output
            self.cacheRead = cacheRead ?? input
            self.cacheWrite = cacheWrite ?? input
            self.longFrom = longFrom
        }

        package static let free = Price(input: 0, output: 0)

        /// What so many tokens cost, rounded up.
        package func cost(of tokens: Usage.TokenKinds) -> Money {
            let read = [
                (tokens.input, self.input), (tokens.cacheRead, self.cacheRead), (tokens.cacheWrite, self.cacheWrite),
            ]
            let isLong = self.longFrom.map {
                tokens.input.addingSaturated(tokens.cacheRead).addingSaturated(tokens.cacheWrite) > $0
            }
            let reading = read.reduce(Int64(0)) { $0.addingSaturated(Self.product($1.0, $1.1)) }
            let writing = Self.product(tokens.output, self.output)
            let sum =
                isLong ?? false
                ? reading.addingSaturated(reading).addingSaturated(writing).addingSaturated(writing / 2)
                : reading.addingSaturated(writing)
            return Money(microUSD: sum / 1_000_000 + (sum % 1_000_000 == 0 ? 0 : 1))
        }

        /// What a question costs if nothing of it is put into a cache.
        func least(reading input: Int64, writing output: Int64) -> Money {
            var tokens = Usage.TokenKinds()
            (tokens.input, tokens.output) = (input, output)
            return self.cost(of: tokens)
        }

        /// What a question costs at most, however its tokens are counted.
        func most(reading input: Int64, writing output: Int64) -> Money {
            var tokens = Usage.TokenKinds()
            (tokens.cacheWrite, tokens.output) = (input, output)
            return max(self.least(reading: input, writing: output), self.cost(of: tokens))
        }

        /// What was not paid, as tokens came from the model's cache.
        package func saved(by tokens: Usage.TokenKinds) -> Money {
            Money(microUSD: Self.product(tokens.cacheRead, max(0, self.input - self.cacheRead)) / 1_000_000)
        }

        private static func product(_ left: Int64, _ right: Int64) -> Int64 {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? .max : product
        }
    }

    /// The price of a model; nil if nobody knows it.
    package func price(of name: ModelName) -> Price? {
        if name.provider == ModelName.rehearsal, let stood = ModelName(name.model),
            stood.provider != ModelName.rehearsal
        {
            // It costs what the model would that it stands for.
            return self.prices[name.description] ?? self.price(of: stood)
        }
        let provider = name.provider == "openai-chat" ? "openai" : name.provider
        return self.prices["\(name.provider)/\(name.model)"] ?? self.prices["\(provider)/\(name.model)"]
            ?? self.prices["\(provider)/\(Self.undated(name.model))"] ?? Self.own(name)
    }

    /// What runs on one's own machine is paid otherwise.
    static func own(_ name: ModelName) -> Price? {
        if [ModelName.scripted, ModelName.recorded].contains(name.provider) { return .free }
        if name.provider == ModelName.rehearsal, name.model == "anybody" { return .free }
        return ModelProvider.named(name.provider).flatMap { $0.keyVariable == nil ? .free : nil }
    }

    // A model of a certain day costs what the model does.
    private static func undated(_ model: String) -> String {
        if model.hasSuffix("-latest") { return String(model.dropLast(7)) }
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        let isNumber = { (part: Substring, digits: Int) in part.utf8.count == digits && part.allSatisfy(\.isNumber) }
        if let last = parts.last, parts.count > 1, isNumber(last, 8) { return parts.dropLast().joined(separator: "-") }
        guard parts.count > 3, isNumber(parts[parts.count - 3], 4), isNumber(parts[parts.count - 2], 2),
            isNumber(parts[parts.count - 1], 2)
        else { return model }
        return parts.dropLast(3).joined(separator: "-")
    }

    /// All that are known, by name.
    package var all: [(name: String, price: Price)] {
        self.prices.sorted { $0.key < $1.key }.map { (name: $0.key, price: $0.value) }
    }

    /// None.
    package static let none = PriceTable(prices: [:])

    package var isEmpty: Bool { self.prices.isEmpty }

    /// Those of the models that a plan names, by the names that it has for them.
    package func part(for plan: Plan) -> PriceTable {
        let names = plan.allModels.compactMap { ModelName($0) }
        let known = names.compactMap { name in self.price(of: name).map { (name.description, $0) } }
        return PriceTable(prices: Dictionary(known, uniquingKeysWith: { first, _ in first }))
    }

    /// A model whose price nobody knows, and that a budget of money would have to hold.
    package func missing(for plan: Plan) -> String? {
        let thinking = plan.agents.filter { $0.kind == .model }
        guard !thinking.isEmpty else { return nil }
        let holdsAll = plan.budget.money != nil || plan.tasks.contains { $0.budget.money != nil }
        let held = holdsAll ? thinking : thinking.filter { $0.budget.money != nil }
        let names = held.flatMap(\.models) + (held.isEmpty ? [] : plan.taskModels)
        return names.first { name in ModelName(name).map { self.price(of: $0) == nil } ?? false }
    }

    /// As journals keep them: input, output, cache reads, cache writes and, if there is one, the length from which they double.
    package var stored: JSON {
        .members(
            self.all.map { name, price in
                let amounts = [price.input, price.output, price.cacheRead, price.cacheWrite]
                return (name, .array((amounts + [price.longFrom].compactMap { $0 }).map { .integer($0) }))
            }
        )
    }

    /// Nil if that is nothing that ``stored`` has made.
    package init?(stored: JSON) {
        guard stored.isObject else { return nil }
        var prices: [String: Price] = [:]
        for name in stored.memberNames {
            let amounts = (stored[name]?.elements ?? []).compactMap(\.integer)
            guard 4...5 ~= amounts.count, amounts.allSatisfy({ $0 >= 0 }) else { return nil }
            prices[name] = Price(
                input: amounts[0],
                output: amounts[1],
                cacheRead: amounts[2],
                cacheWrite: amounts[3],
                longFrom: amounts.count == 5 ? amounts[4] : nil
            )
        }
        self.prices = prices
    }

    /// The same in the form of the file.
    package var json: JSON {
        let usd = { (micro: Int64) in JSON.number(Double(micro) / 1_000_000) }
        return .members(
            self.all.map { name, price in
                let amounts: JSON = [
                    "input": usd(price.input), "output": usd(price.output), "cache_read": usd(price.cacheRead),
                    "cache_write": usd(price.cacheWrite),
                ]
                return (name, price.longFrom.map { amounts.adding("long_from", .integer($0)) } ?? amounts)
            }
        )
    }

    // MARK: Sources

    /// Where the prices below were read, and when.
    package static let source = "the list of LiteLLM 1.106.2, read on 2026-11-22"

    /// What is known without a file.
    package static let known: PriceTable = {
        var table = PriceTable(prices: [:])
        for row in PriceList.rows {
            table.prices[row.name] = Price(
                input: Self.micro(row.input),
                output: Self.micro(row.output),
                cacheRead: row.cacheRead.map(Self.micro),
                cacheWrite: row.cacheWrite.map(Self.micro),
                longFrom: row.longFrom
            )
        }
        return table
    }()

    private static func micro(_ usd: Double) -> Int64 { Int64((usd * 1_000_000).rounded()) }

    private init(prices: [String: Price]) { self.prices = prices }

    /// The known prices, and before them those of a file: an object of models, each with US dollars for a million tokens.
    ///
    /// - Throws: a refusal with the place of what is wrong.
    package init(overriding file: [UInt8]) throws(Refusal) {
        let json: JSON
        do throws(JSON.Fault) {
            json = try JSON(parsing: file)
        } catch {
            throw Self.refusal("it is no JSON: \(error)")
        }
        guard json.isObject else { throw Self.refusal("it is no object of models") }
        self = .known
        for name in json.memberNames {
            guard let model = ModelName(name) else {
                throw Self.refusal("\(PlainText.line(name, limit: 80)) is no provider/model")
            }
            self.prices[model.description] = try Self.price(json[name] ?? .null, of: name)
        }
    }

    private static let keys: Set<String> = ["input", "output", "cache_read", "cache_write", "long_from"]

    private static func price(_ json: JSON, of name: String) throws(Refusal) -> Price {
        let name = PlainText.line(name, limit: 80)
        if let key = json.memberNames.first(where: { !Self.keys.contains($0) }) {
            throw Self.refusal("\(name) has no price \(PlainText.line(key, limit: 40))")
        }
        func amount(_ key: String) throws(Refusal) -> Int64? {
            guard let value = json[key] else { return nil }
            guard let usd = value.double, 0...1_000_000 ~= usd else {
                throw Self.refusal("\(key) of \(name) is no number of US dollars for a million tokens, 0 to 1000000")
            }
            return Self.micro(usd)
        }
        guard let input = try amount("input"), let output = try amount("output") else {
            throw Self.refusal("\(name) has not both input and output")
        }
        let long = json["long_from"]
        guard long == nil || (long?.integer ?? 0) > 0 else {
            throw Self.refusal("long_from of \(name) is no number of tokens")
        }
        return Price(
            input: input,
            output: output,
            cacheRead: try amount("cache_read"),
            cacheWrite: try amount("cache_write"),
            longFrom: long?.integer
        )
    }

    private static func refusal(_ why: String) -> Refusal {
        Refusal(
            "price.file",
            "the file of prices cannot be used: \(why)",
            remedy: "write {\"provider/model\": {\"input\": 3, \"output\": 15}}, in US dollars for a million tokens"
        )
    }
}
