import BatonCore
import Testing

/// What models cost.
@Suite struct PriceTableTests {
    private static func tokens(_ input: Int64, _ output: Int64, read: Int64 = 0, write: Int64 = 0) -> Usage.TokenKinds {
        var kinds = Usage.TokenKinds()
        (kinds.input, kinds.output, kinds.cacheRead, kinds.cacheWrite) = (input, output, read, write)
        return kinds
    }

    private static func price(_ name: String, in table: PriceTable = .known) -> PriceTable.Price? {
        ModelName(name).flatMap { table.price(of: $0) }
    }

    @Test func `each kind of tokens has its price, and what is begun is paid`() throws {
        let price = try #require(Self.price("anthropic/claude-sonnet-4-5"))
        #expect(price.cost(of: Self.tokens(1_000_000, 0)) == Money(microUSD: 3_000_000))
        #expect(price.cost(of: Self.tokens(0, 1000)) == Money(microUSD: 15_000))
        #expect(price.cost(of: Self.tokens(0, 0, read: 1_000_000)) == Money(microUSD: 300_000))
        #expect(price.cost(of: Self.tokens(0, 0, write: 1_000_000)) == Money(microUSD: 3_750_000))
        #expect(price.cost(of: Self.tokens(0, 0, read: 1)) == Money(microUSD: 1))
        #expect(price.saved(by: Self.tokens(5, 5, read: 1_000_000)) == Money(microUSD: 2_700_000))
    }

    @Test func `a long question costs twice as much to read and half as much again to answer`() throws {
        let price = try #require(Self.price("gemini/gemini-2.5-pro"))
        #expect(price.cost(of: Self.tokens(200_000, 1000)) == Money(microUSD: 260_000))
        #expect(price.cost(of: Self.tokens(200_001, 1000)) == Money(microUSD: 515_003))
    }

    @Test func `amounts that nobody has stay at the most instead of trapping`() {
        let price = PriceTable.Price(input: .max, output: .max)
        #expect(price.cost(of: Self.tokens(.max, .max)).microUSD > 9_000_000_000_000)
        #expect(price.saved(by: Self.tokens(0, 0, read: .max)) == .zero)
    }

    @Test(arguments: [
        "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-latest", "gpt-5-2025-08-07", "openai-chat/gpt-5",
        "gemini/gemini-2.5-flash",
    ])
    func `a model of a certain day costs what the model does`(_ name: String) { #expect(Self.price(name) != nil) }

    @Test func `a day that costs otherwise and a machine that is paid for have prices of their own`() throws {
        #expect(Self.price("gpt-4o-2024-05-13")?.output == 15_000_000)
        #expect(Self.price("gpt-4o-2024-11-20")?.output == 10_000_000)
        let table = try PriceTable(overriding: Array(#"{"vllm/mine": {"input": 1, "output": 2}}"#.utf8))
        #expect(Self.price("vllm/mine", in: table)?.output == 2_000_000)
        #expect(Self.price("vllm/other", in: table) == .free)
    }

    @Test func `a model on one's own machine is free, and of others nobody guesses`() {
        #expect(Self.price("ollama/llama3") == .free)
        #expect(Self.price("scripted/a.jsonl") == .free)
        for name in ["openrouter/x/y", "llm/x", "gpt-99", "anthropic/claude-1"] { #expect(Self.price(name) == nil) }
    }

    @Test func `no price of the list is odd`() {
        for (name, price) in PriceTable.known.all {
            #expect(ModelName(name)?.isPlayed == true)
            #expect(price.input > 0 && price.output >= price.input && price.cacheRead <= price.input, "\(name)")
        }
    }

    @Test func `a file goes before the list, and what it prints can be read again`() throws {
        let file =
            #"{"gpt-5": {"input": 1, "output": 2.5, "long_from": 10}, "llm/mine": {"input": 0, "output": 0, "cache_read": 0}}"#
        let table = try PriceTable(overriding: Array(file.utf8))
        #expect(
            Self.price("openai/gpt-5", in: table) == PriceTable.Price(input: 1_000_000, output: 2_500_000, longFrom: 10)
        )
        #expect(Self.price("llm/mine", in: table) == .free)
        #expect(Self.price("gpt-4", in: table) == Self.price("gpt-4"))
        #expect(try PriceTable(overriding: table.json.bytes) == table)
    }

    @Test(arguments: [
        ("[]", "no object"), ("{", "no JSON"), ("{\"nobody\": {}}", "nobody is no provider/model"),
        ("{\"gpt-4\": {\"input\": 1}}", "not both"), ("{\"gpt-4\": 3}", "not both"),
        ("{\"gpt-4\": {\"input\": -1, \"output\": 1}}", "input of gpt-4"),
        ("{\"gpt-4\": {\"input\": \"1\", \"output\": 1}}", "input of gpt-4"),
        ("{\"gpt-4\": {\"in\": 1, \"output\": 1}}", "no price in"),
        ("{\"gpt-4\": {\"input\": 1, \"output\": 1, \"long_from\": 0}}", "long_from of gpt-4"),
    ])
    func `a file that is wrong is refused with the place`(_ file: String, _ said: String) {
        #expect { try PriceTable(overriding: Array(file.utf8)) } throws: { error in
            (error as? Refusal).map { $0.code == "price.file" && $0.message.contains(said) } ?? false
        }
    }
}
