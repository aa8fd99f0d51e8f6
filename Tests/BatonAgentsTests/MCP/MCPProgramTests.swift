import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

/// Servers that are programs of this machine, started, spoken to and ended.
@Suite(.timeLimit(.minutes(2))) struct MCPProgramTests {
    private let folder: TemporaryFolder
    private let commands: CommandPerformer

    init() throws {
        self.folder = try TemporaryFolder()
        self.commands = CommandPerformer(
            projectFolder: self.folder.path,
            dataFolder: self.folder.path + "/data",
            environment: ["PATH": "/usr/bin:/bin", "LETTER_KEY": "k-17", "OTHER_KEY": "k-18"]
        )
    }

    /// Answers line by line; what comes back of a call is what the case says.
    private static func script(discover: String, call: String) -> String {
        """
        n=0
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
          case "$line" in
            *server/discover*) \(discover);;
            *'"initialize"'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}}}\\n' "$id";;
            *notifications/cancelled*) echo "$line" >> told;;
            *notifications/*) ;;
            *tools/list*) printf '{"jsonrpc":"2.0","id":%s,"result":{"tools":[{"name":"count","description":"Counts."},{"name":"act"}]}}\\n' "$id";;
            *tools/call*) n=$((n+1)); \(call);;
          esac
        done
        """
    }

    private static let modern =
        #"printf '{"jsonrpc":"2.0","id":%s,"result":{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}}\n' "$id""#
    private static let legacy = #"printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}\n' "$id""#
    private static let counting =
        #"printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}\n' "$id" "$n""#

    private func work(
        _ discover: String = Self.modern,
        _ call: String = Self.counting,
        in folder: String? = nil
    ) -> Work {
        var server = ToolServer(name: "docs")
        server.command = ["/bin/sh", "-c", Self.script(discover: discover, call: call)]
        server.passedVariables = ["LETTER_KEY"]
        server.readOnly = ["count"]
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["docs/*"])
        var task = TaskSpec(id: "a")
        task.workingDirectory = folder
        return Work(run: "r", task: task, agent: agent, toolServers: [server])
    }

    private func servers(environment: [String: String] = [:]) -> ToolServers {
        ToolServers(commands: self.commands, environment: environment, clock: SystemClock())
    }

    private func box(_ servers: ToolServers) -> ToolBox {
        ToolBox(projectFolder: self.folder.path, commands: self.commands, servers: servers)
    }

    private func call(_ tool: String, _ box: ToolBox, _ work: Work) async -> WorkResult {
        guard case .offered(let offers) = await box.offers(for: work) else { return .done("no offers") }
        return await box.call(Transcript.Call(id: "c", tool: tool, input: [:]), of: work, offers: offers)
    }

    private func words(_ result: WorkResult) -> String {
        switch result {
        case .done(let value, _): value.plainText
        case .failed(let failure, _): "\(failure.code): \(failure.message)"
        case .stopped: "stopped"
        }
    }

    @Test(arguments: [Self.modern, Self.legacy])
    func `tools are offered and called, and the server keeps what it knows`(discover: String) async {
        let servers = self.servers()
        let (box, work) = (self.box(servers), self.work(discover))
        guard case .offered(let offers) = await box.offers(for: work) else {
            Issue.record("nothing is offered")
            return
        }
        #expect(offers.map(\.name) == ["docs__count", "docs__act"])
        #expect(offers.map(\.isRepeatable) == [true, false])
        #expect(self.words(await self.call("docs__count", box, work)) == "1")
        #expect(self.words(await self.call("docs__count", box, work)) == "2")
        await servers.close()
    }

    @Test func `of the engine's keys it gets those that the plan names, and no others`() async {
        let servers = self.servers()
        let answer =
            #"printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s %s"}]}}\n' "$id" "$LETTER_KEY" "$OTHER_KEY""#
        let work = self.work(Self.modern, answer)
        #expect(self.words(await self.call("docs__count", self.box(servers), work)) == "k-17 ")
        await servers.close()
    }

    @Test func `lines that are no messages are passed over, and a ping is answered`() async {
        let servers = self.servers()
        let answer =
            #"echo hello; echo '{"jsonrpc":"2.0","id":"p","method":"ping"}'; read -r pong; case "$pong" in *'"result":{}'*) "#
            + Self.counting + ";; esac"
        #expect(self.words(await self.call("docs__count", self.box(servers), self.work(Self.modern, answer))) == "1")
        await servers.close()
    }

    @Test func `one that ends is started again for the next call`() async {
        let servers = self.servers()
        let (box, work) = (self.box(servers), self.work(Self.modern, "echo gone away >&2; exit 3"))
        let words = self.words(await self.call("docs__count", box, work))
        #expect(words.contains("tool.server: the server docs does not bring count"))
        #expect(words.contains("exit code 3: gone away"))
        guard case .offered = await box.offers(for: work) else {
            Issue.record("it was not started again")
            return
        }
        await servers.close()
    }

    @Test func `one that cannot be started says why`() async {
        let servers = self.servers()
        var server = ToolServer(name: "docs")
        server.command = ["no-such-program"]
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["docs/*"])
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent, toolServers: [server])
        guard case .failed(let failure) = await self.box(servers).offers(for: work) else {
            Issue.record("it is offered")
            return
        }
        #expect(failure.message.contains("there is no program no-such-program"))
    }

    @Test func `a call that is called off is taken back from the server, which stays`() async throws {
        let servers = self.servers()
        let (box, work) = (self.box(servers), self.work(Self.modern, "[ $n = 1 ] && touch begun || " + Self.counting))
        let calling = Task { await self.call("docs__count", box, work) }
        while !FileManager.default.fileExists(atPath: self.folder.path + "/begun") { await Task.yield() }
        calling.cancel()
        #expect(self.words(await calling.value) == "stopped")
        #expect(self.words(await self.call("docs__count", box, work)) == "2")
        let told = try String(contentsOfFile: self.folder.path + "/told", encoding: .utf8)
        #expect(told.contains("notifications/cancelled") && told.contains("requestId"))
        await servers.close()
    }

    @Test func `a server that says a line without end is ended`() async {
        let servers = self.servers()
        let work = self.work(Self.modern, "head -c 17000000 /dev/zero | tr '\\0' x")
        #expect(self.words(await self.call("docs__count", self.box(servers), work)).contains("longer than"))
        await servers.close()
    }

    @Test func `when all is closed no process is left, not even one that does not listen`() async throws {
        let servers = self.servers()
        let stubborn = "trap '' TERM; echo $$ > pid; " + Self.counting + "; sleep 1000 & sleep 1000"
        #expect(self.words(await self.call("docs__count", self.box(servers), self.work(Self.modern, stubborn))) == "1")
        await servers.close()
        let text = try String(contentsOfFile: self.folder.path + "/pid", encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) == -1)
    }

    @Test func `who asks for a tool that is not offered hears it`() async {
        let servers = self.servers()
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["docs/gone"])
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent, toolServers: self.work().toolServers)
        guard case .failed(let failure) = await self.box(servers).offers(for: work) else {
            Issue.record("it is offered")
            return
        }
        #expect(failure.code == "tool.unknown" && failure.message.contains("docs/gone"))
        await servers.close()
    }

    @Test func `keys that it was given are not told again`() async {
        let servers = self.servers(environment: ["LETTER_KEY": "k-17-long-enough"])
        let answer =
            #"printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"it is k-17-long-enough"}]}}\n' "$id""#
        let box = self.box(servers)
        #expect(
            self.words(await self.call("docs__count", box, self.work(Self.modern, answer)))
                == "it is [redacted:LETTER_KEY]"
        )
        await servers.close()
        let failing = "echo no k-17-long-enough >&2; exit 3"
        let words = self.words(await self.call("docs__count", box, self.work(Self.modern, failing)))
        #expect(words.contains("no [redacted:LETTER_KEY]"), "\(words)")
        await servers.close()
    }

    @Test func `a program works where its task works, each in its own`() async throws {
        let servers = self.servers()
        let answer =
            #"printf '{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":"%s"}]}}\n' "$id" "${PWD##*/}""#
        for folder in ["a", "b"] {
            let path = "\(self.folder.path)/\(folder)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let work = self.work(Self.modern, answer, in: folder)
            #expect(self.words(await self.call("docs__count", self.box(servers), work)) == folder)
        }
        await servers.close()
    }

    @Test(
        arguments: [
            "while :; do echo '{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}'; done",
            "while :; do echo noise; done",
        ]
    )
    func `a server that floods is thrown out`(flood: String) async {
        let servers = self.servers()
        let words = self.words(await self.call("docs__count", self.box(servers), self.work(Self.modern, flood)))
        #expect(
            words.contains("it does not read what it is told") || words.contains("nobody has asked for"),
            "\(words)"
        )
        await servers.close()
    }

    @Test func `an answer that cannot be read fails the call at once`() async {
        let servers = self.servers()
        let broken = #"printf '{"jsonrpc":"2.0","id":%s,"result":{"n":1e400}}\n' "$id""#
        let words = self.words(await self.call("docs__count", self.box(servers), self.work(Self.modern, broken)))
        #expect(words.contains("cannot be read"), "\(words)")
        await servers.close()
        let empty = #"printf '{"jsonrpc":"2.0","id":%s,"result":{"isError":"yes","content":{"a":1}}}\n' "$id""#
        let others = self.words(await self.call("docs__count", self.box(servers), self.work(Self.modern, empty)))
        #expect(others.contains("no content"), "\(others)")
        await servers.close()
    }

    @Test func `arguments that are not of the schema do not reach the server`() async {
        let servers = self.servers()
        let box = self.box(servers)
        let offer = ToolOffer(
            name: "docs__count",
            source: "docs/count",
            text: "",
            input: ["type": "object", "required": ["n"], "properties": ["n": ["type": "integer"]]],
            isRepeatable: true
        )
        let call = Transcript.Call(id: "c", tool: "docs__count", input: ["n": "three"])
        #expect(self.words(await box.call(call, of: self.work(), offers: [offer])).contains("tool.failed"))
        await servers.close()
    }
}
