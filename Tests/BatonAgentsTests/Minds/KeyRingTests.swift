import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

/// Where keys and addresses come from, and where they never go.
@Suite struct KeyRingTests {
    private let folder: TemporaryFolder
    private let anthropic: ModelProvider
    init() throws {
        self.folder = try TemporaryFolder()
        self.anthropic = try #require(ModelProvider.named("anthropic"))
    }

    private func file(_ text: String, mode: Int = 0o600) throws -> String {
        let path = try self.folder.write(text, to: ".env")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func failure(_ ring: KeyRing, _ provider: ModelProvider? = nil) -> Failure? {
        do throws(Failure) {
            _ = try ring.access(to: provider ?? self.anthropic)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the environment goes before a file, and an earlier file before a later one`() throws {
        let path = try self.file(
            "# keys\nexport ANTHROPIC_API_KEY=\"from-file\" # mine\n\nANTHROPIC_BASE_URL='https://file.example'\nPATH=/evil\n"
        )
        let environment = ["ANTHROPIC_API_KEY": "from-environment", "ANTHROPIC_BASE_URL": "https://here.example"]
        let access = try KeyRing(environment: environment, files: [path, "/nowhere/.env"]).access(to: self.anthropic)
        #expect(access.key?.header == "from-environment")
        #expect(access.address.absoluteString == "https://here.example/v1/messages")
        let filed = try KeyRing(environment: [:], files: [path]).access(to: self.anthropic)
        #expect(filed.key?.header == "from-file")
        #expect(filed.address.absoluteString == "https://file.example/v1/messages")
    }

    @Test func `a file that others can read is not used, and the failure says so`() throws {
        let path = try self.file("ANTHROPIC_API_KEY=secret", mode: 0o644)
        let failure = try #require(self.failure(KeyRing(environment: [:], files: [path])))
        #expect(failure.code == "provider.key")
        #expect(failure.message.contains("ANTHROPIC_API_KEY is not set"))
        #expect(failure.message.contains("chmod 600 \(path)"))
    }

    @Test(arguments: [
        "http://example.com", "ftp://example.com", "example.com", "https://", "https://u@example.com", "",
    ])
    func `a key goes nowhere but by https or to this machine`(_ address: String) {
        let environment = ["ANTHROPIC_API_KEY": "secret", "ANTHROPIC_BASE_URL": address]
        let failure = self.failure(KeyRing(environment: environment))
        // Nothing is as good as not set.
        #expect(failure?.code == (address.isEmpty ? nil : "provider.address"))
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:80", "https://example.com/x/"])
    func `addresses on this machine need no https`(_ address: String) {
        #expect(self.failure(KeyRing(environment: ["ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": address])) == nil)
    }

    @Test func `a file that others can read and that holds nothing of ours is nobody's business`() throws {
        let ours = try self.file("X=1\nLLM_API_KEY=secret\n", mode: 0o644)
        #expect(KeyRing(environment: [:], files: [ours]).refused == [ours])
        let others = try self.file("DATABASE_URL=postgres://x\n", mode: 0o644)
        #expect(KeyRing(environment: [:], files: [others]).refused.isEmpty)
    }

    @Test(arguments: [
        ("gpt-4", 4096), ("gpt-4-turbo", 4096), ("openai-chat/gpt-3.5-turbo", 4096), ("gpt-4o", 8192),
        ("gpt-4.1", 8192),
        ("claude-sonnet-5", 8192), ("llm/mine", 8192),
    ])
    func `the oldest models are asked for no more than they can answer`(_ name: String, _ most: Int) throws {
        #expect(AgentProfile(id: "a").answerTokens(of: try #require(ModelName(name))) == most)
    }

    @Test func `a provider on this machine needs no key`() throws {
        let (ollama, other) = (
            try #require(ModelProvider.named("ollama")), try #require(ModelProvider.named("llm"))
        )
        let access = try KeyRing(environment: [:]).access(to: ollama)
        #expect(access.key == nil)
        #expect(access.address.absoluteString == "http://127.0.0.1:11434/v1/chat/completions")
        #expect(
            self.failure(KeyRing(environment: [:]), other)?.message.contains("LLM_BASE_URL")
                == true
        )
    }

    @Test func `the line end of a key is no part of it, and a sign that no key has is refused without being told`()
        throws
    {
        let ring = KeyRing(environment: ["ANTHROPIC_API_KEY": " sk-canary-1\n"])
        #expect(try ring.access(to: self.anthropic).key?.header == "sk-canary-1")
        for key in ["sk-canary\n1", "sk-canary-\u{e9}", "sk canary"] {
            let failure = try #require(self.failure(KeyRing(environment: ["ANTHROPIC_API_KEY": key])))
            #expect(failure.code == "provider.key")
            #expect(!failure.message.contains("canary"))
        }
    }

    @Test(arguments: ["127.evil.example", "127.0.0.1.example", "127.1", "127.0.0.256", "localhost.example"])
    func `a name that looks like this machine is another's`(_ host: String) {
        let environment = ["ANTHROPIC_API_KEY": "secret", "ANTHROPIC_BASE_URL": "http://\(host)/v1"]
        #expect(self.failure(KeyRing(environment: environment))?.code == "provider.address")
    }

    @Test func `an address in a file takes no key that the file does not hold`() throws {
        let path = try self.file("\u{FEFF}ANTHROPIC_BASE_URL=https://elsewhere.example\n")
        let ring = KeyRing(environment: ["ANTHROPIC_API_KEY": "secret"], files: [path])
        #expect(self.failure(ring)?.code == "provider.address")
        #expect(self.failure(ring)?.message.contains(path) == true)
    }

    @Test func `a sharp sign begins a comment only behind a space`() throws {
        let path = try self.file("ANTHROPIC_API_KEY=sk#1 # mine\n")
        #expect(try KeyRing(environment: [:], files: [path]).access(to: self.anthropic).key?.header == "sk#1")
    }

    @Test(arguments: [
        ("all of it: sk-canary-0123456789", "all of it: [redacted:K]"), ("cut sk-canary-01234…", "cut [redacted:K]…"),
        ("ary-0123456789 is its end", "[redacted:K] is its end"),
        ("sk-canary-0123456789sk-canary-0123", "[redacted:K][redacted:K]"),
        ("0123456789sk-canary-0123456789", "[redacted:K][redacted:K]"),
        ("é: sk-canary-0123456789 – ü", "é: [redacted:K] – ü"), ("sk-can", "sk-can"),
        ("a sk-key of others", "a sk-key of others"),
    ])
    func `of a key that was cut half is not told either`(text: String, told: String) {
        #expect(APIKey(name: "K", secret: "sk-canary-0123456789").redacting(text) == told)
    }

    @Test func `a key that is the name of its variable is told by that name`() {
        let key = APIKey(name: "MY_OWN_TOKEN", secret: "MY_OWN_TOKEN")
        #expect(
            key.redacting("it is MY_OWN_TOKEN or MY_OWN_T.")
                == "it is [redacted:MY_OWN_TOKEN] or [redacted:MY_OWN_TOKEN]."
        )
    }

    @Test func `a key never prints`() {
        let key = APIKey(name: "LLM_API_KEY", secret: "sk-canary-123")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, key.redacting("wrong key sk-canary-123!")] {
            #expect(!text.contains("canary"))
            #expect(text.contains("[redacted:LLM_API_KEY]"))
        }
    }

    @Test(arguments: [
        ("anthropic/claude-x", "anthropic", "claude-x"), ("claude-opus-4", "anthropic", "claude-opus-4"),
        ("gpt-4", "openai", "gpt-4"), ("o3-mini", "openai", "o3-mini"), ("gemini-2.5-pro", "gemini", "gemini-2.5-pro"),
        ("openrouter/meta/llama-3", "openrouter", "meta/llama-3"),
    ])
    func `a known name finds its provider`(_ text: String, _ provider: String, _ model: String) {
        #expect(ModelName(text)?.provider == provider)
        #expect(ModelName(text)?.model == model)
    }

    @Test func `other names name nobody`() {
        for text in ["llama", "", "/", "a/", "/b", "nobody/x"] { #expect(ModelName(text)?.isPlayed != true) }
    }
}
