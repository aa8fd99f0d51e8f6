/// Who serves models: where, in which form, and under which names its address and key are found.
package struct ModelProvider: Hashable, Sendable {
    /// The provider's part of a model's name.
    package let name: String
    package let form: Form
    /// Where it is asked unless a variable says otherwise; nil if only a variable can say.
    package let address: String?
    /// What follows the address in the path of a request.
    package let path: String
    /// The variable that holds another address.
    package let addressVariable: String
    /// The variable that holds the key; nil if it wants none.
    package let keyVariable: String?
    /// Whether it answers nobody without a key.
    package let needsKey: Bool

    /// Whether it holds answers to a JSON Schema itself, if that wants an object.
    package var takesForm: Bool {
        ["openai", "openai-chat", "ollama", "llamacpp", "vllm", "lmstudio"].contains(self.name)
    }

    /// How it is spoken to.
    package enum Form: String, Hashable, Sendable {
        /// Anthropic's Messages.
        case messages
        /// OpenAI's Chat Completions, which many servers understand.
        case chat
        /// OpenAI's Responses.
        case responses
    }

    package static func named(_ name: String) -> ModelProvider? { Self.all.first { $0.name == name } }

    /// Addresses and variables as the providers' own programs have them.
    package static let all = [
        ModelProvider(
            "anthropic",
            .messages,
            at: "https://api.anthropic.com",
            "/v1/messages",
            or: "ANTHROPIC_BASE_URL",
            key: "ANTHROPIC_API_KEY"
        ),
        ModelProvider(
            "openai",
            .responses,
            at: "https://api.openai.com/v1",
            "/responses",
            or: "OPENAI_BASE_URL",
            key: "OPENAI_API_KEY"
        ),
        ModelProvider(
            "openai-chat",
            at: "https://api.openai.com/v1",
            or: "OPENAI_BASE_URL",
            key: "OPENAI_API_KEY"
        ),
        ModelProvider(
            "gemini",
            at: "https://generativelanguage.googleapis.com/v1beta/openai",
            or: "GEMINI_BASE_URL",
            key: "GEMINI_API_KEY"
        ),
        ModelProvider(
            "openrouter",
            at: "https://openrouter.ai/api/v1",
            or: "OPENROUTER_BASE_URL",
            key: "OPENROUTER_API_KEY"
        ),
        ModelProvider("ollama", at: "http://127.0.0.1:11434/v1", or: "OLLAMA_BASE_URL"),
        ModelProvider("llamacpp", at: "http://127.0.0.1:8080/v1", or: "LLAMACPP_BASE_URL"),
        ModelProvider("vllm", at: "http://127.0.0.1:8000/v1", or: "VLLM_BASE_URL"),
        ModelProvider("lmstudio", at: "http://127.0.0.1:1234/v1", or: "LMSTUDIO_BASE_URL"),
        ModelProvider("llm", at: nil, or: "LLM_BASE_URL", key: "LLM_API_KEY", needsKey: false),
    ]

    private init(
        _ name: String,
        _ form: Form = .chat,
        at address: String?,
        _ path: String = "/chat/completions",
        or addressVariable: String,
        key: String? = nil,
        needsKey: Bool? = nil
    ) {
        self.name = name
        self.form = form
        self.address = address
        self.path = path
        self.addressVariable = addressVariable
        self.keyVariable = key
        self.needsKey = needsKey ?? (key != nil)
    }
}
