/// Prices as providers tell them, in US dollars for a million tokens.
///
/// For their source and date see ``PriceTable/source``.
enum PriceList {
    struct Row {
        let name: String
        let input: Double
        let output: Double
        let cacheRead: Double?
        let cacheWrite: Double?
        let longFrom: Int64?

        init(
            _ name: String,
            _ input: Double,
            _ output: Double,
            _ cacheRead: Double? = nil,
            _ cacheWrite: Double? = nil,
            _ longFrom: Int64? = nil
        ) {
            self.name = name
            self.input = input
            self.output = output
            self.cacheRead = cacheRead
            self.cacheWrite = cacheWrite
            self.longFrom = longFrom
        }
    }

    static let rows = [
        Row("anthropic/claude-haiku-4-5", 1, 5, 0.1, 1.25),
        Row("anthropic/claude-sonnet-4-5", 3, 15, 0.3, 3.75),
        Row("anthropic/claude-sonnet-4-6", 3, 15, 0.3, 3.75),
        Row("anthropic/claude-sonnet-5", 2, 10, 0.2, 2.5),
        Row("anthropic/claude-sonnet-5-5", 2, 10, 0.1, 2.5),
        Row("anthropic/claude-opus-4-5", 5, 25, 0.5, 6.25),
        Row("anthropic/claude-opus-4-6", 5, 25, 0.5, 6.25),
        Row("anthropic/claude-opus-4-7", 5, 25, 0.5, 6.25),
        Row("anthropic/claude-opus-4-8", 5, 25, 0.5, 6.25),
        Row("anthropic/claude-opus-5", 5, 25, 0.5, 6.25),
        Row("anthropic/claude-opus-5-5", 4, 20, 0.2, 5),
        Row("anthropic/claude-fable-5", 10, 50, 1, 12.5),
        Row("anthropic/claude-fable-5-1", 10, 50, 0.25, 12.5),
        Row("anthropic/claude-mythos-5", 10, 50, 1, 12.5),
        Row("anthropic/claude-mythos-5-1", 10, 50, 0.25, 12.5),
        Row("openai/gpt-3.5-turbo", 0.5, 1.5),
        Row("openai/gpt-4", 30, 60),
        Row("openai/gpt-4-turbo", 10, 30),
        Row("openai/gpt-4o-2024-05-13", 5, 15),
        Row("openai/gpt-4o", 2.5, 10, 1.25),
        Row("openai/gpt-4o-mini", 0.15, 0.6, 0.075),
        Row("openai/gpt-4.1", 2, 8, 0.5),
        Row("openai/gpt-4.1-mini", 0.4, 1.6, 0.1),
        Row("openai/gpt-4.1-nano", 0.1, 0.4, 0.025),
        Row("openai/gpt-5", 1.25, 10, 0.125),
        Row("openai/gpt-5-mini", 0.25, 2, 0.025),
        Row("openai/gpt-5-nano", 0.05, 0.4, 0.005),
        Row("openai/gpt-5-pro", 15, 120),
        Row("openai/gpt-5-codex", 1.25, 10, 0.125),
        Row("openai/gpt-5.1", 1.25, 10, 0.125),
        Row("openai/gpt-5.1-codex", 1.25, 10, 0.125),
        Row("openai/gpt-5.1-codex-mini", 0.25, 2, 0.025),
        Row("openai/gpt-5.1-codex-max", 1.25, 10, 0.125),
        Row("openai/gpt-5.2", 1.75, 14, 0.175),
        Row("openai/gpt-5.2-codex", 1.75, 14, 0.175),
        Row("openai/gpt-5.2-pro", 21, 168),
        Row("openai/gpt-5.3-codex", 1.75, 14, 0.175),
        Row("openai/gpt-5.4", 2.5, 15, 0.25, nil, 272_000),
        Row("openai/gpt-5.4-mini", 0.75, 4.5, 0.075),
        Row("openai/gpt-5.4-nano", 0.2, 1.25, 0.02),
        Row("openai/gpt-5.4-pro", 30, 180, nil, nil, 272_000),
        Row("openai/gpt-5.5", 5, 30, 0.5, nil, 272_000),
        Row("openai/gpt-5.5-pro", 30, 180, nil, nil, 272_000),
        Row("openai/gpt-5.6", 4, 20, 0.4, 5, 272_000),
        Row("openai/gpt-5.6-sol", 4, 20, 0.4, 5, 272_000),
        Row("openai/gpt-5.6-terra", 2, 12, 0.2, 2.5, 272_000),
        Row("openai/gpt-5.6-luna", 0.2, 1.2, 0.02, 0.25, 272_000),
        Row("openai/gpt-6-astra", 10, 50, 1, 12.5, 272_000),
        Row("openai/gpt-6-sol", 2, 10, 0.2, 2.5, 272_000),
        Row("openai/gpt-6-luna", 0.1, 0.5, 0.01, 0.125, 272_000),
        Row("openai/gpt-6.1-sol", 2, 10, 0.1, 2.5, 272_000),
        Row("openai/o1", 15, 60, 7.5),
        Row("openai/o1-pro", 150, 600),
        Row("openai/o3", 2, 8, 0.5),
        Row("openai/o3-mini", 1.1, 4.4, 0.55),
        Row("openai/o3-pro", 20, 80),
        Row("openai/o4-mini", 1.1, 4.4, 0.275),
        Row("gemini/gemini-2.5-pro", 1.25, 10, 0.125, nil, 200_000),
        Row("gemini/gemini-2.5-flash", 0.3, 2.5, 0.03),
        Row("gemini/gemini-2.5-flash-lite", 0.1, 0.4, 0.01),
        Row("gemini/gemini-3-flash-preview", 0.5, 3, 0.05),
        Row("gemini/gemini-3.1-flash-lite", 0.25, 1.5, 0.025),
        Row("gemini/gemini-3.1-pro-preview", 2, 12, 0.2, nil, 200_000),
        Row("gemini/gemini-3.5-flash", 1.5, 9, 0.15),
        Row("gemini/gemini-3.5-flash-lite", 0.3, 2.5, 0.03),
        Row("gemini/gemini-3.6-flash", 0.75, 3.75, 0.075),
        Row("gemini/gemini-3.7-flash", 0.75, 3.75, 0.075),
        Row("gemini/gemini-3.8-flash", 0.75, 3.75, 0.075),
        Row("gemini/gemini-4-argon", 2, 10, 0.1),
        Row("gemini/gemini-pro-latest", 2, 12, 0.2, nil, 200_000),
        Row("gemini/gemini-flash-latest", 0.75, 3.75, 0.075),
        Row("gemini/gemini-flash-lite-latest", 0.3, 2.5, 0.03),
    ]
}
