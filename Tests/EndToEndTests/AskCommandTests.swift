import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonCLI

/// `baton ask`, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct AskCommandTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    private static let agents = """
        agents:
          - {agent_id: echo, command: [cat], capabilities: [repeat]}
          - {agent_id: words, command: [sh, -c, "echo 'two words'; echo aside >&2"], preferences: {write: 9}}
          - {agent_id: broken, command: [sh, -c, "echo out; exit 65"], capabilities: [fail]}
          - {agent_id: ann, type: person}
          - {agent_id: thinker, model: some/model}
        """

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(Self.agents, to: "agents.yml")
    }

    private func json(_ arguments: String...) throws -> JSON {
        try JSON(parsing: Array(try self.baton.run(arguments + ["--json"]).output.utf8))
    }

    @Test func `the answer is all that goes to standard output, and the run is one as any other`() throws {
        let ending = try self.baton("ask", "words", "say something", "--id", "first")
        #expect(ending.code == 0)
        #expect(ending.output == "two words\n")
        #expect(ending.errors.contains("asking words, of agents.yml"))
        #expect(ending.errors.contains("baton show first"))
        #expect(try self.json("runs")["runs"]?[0]?["state"] == "completed")
        let shown = try self.json("show", "first")
        #expect(shown["tasks"]?[0]?["description"] == "say something")
        #expect(shown["tasks"]?[0]?["agent"] == "words")
        #expect(try self.baton("report", "first").output.contains("two words"))
        // Only whoever was asked is in the run.
        #expect(shown["agents"]?.elements?.count == 1)
    }

    @Test func `a capability, a type or nothing chooses who is asked, and input reaches it`() throws {
        _ = try self.folder.write("[1, 2]", to: "numbers.json")
        for (input, value) in [("{\"a\": 1}", ["a": 1] as JSON), ("plain", "plain"), ("@numbers.json", [1, 2])] {
            let told = try self.json("ask", "--capability", "repeat", "hello", "--input", input)
            #expect(told["agent"] == "echo")
            #expect(told["state"] == "completed")
            #expect(told["output"]?["input"] == value)
            #expect(told["output"]?["task"]?["description"] == "hello")
        }
        #expect(try self.json("ask", "--type", "command", "write it")["agent"] == "words")
        #expect(try self.json("ask", "write it")["agent"] == "words")
        #expect(try self.json("ask", "echo", "--input", "5")["output"]?["input"] == 5)
    }

    @Test func `an input that was to be JSON and is none is refused with the place, and text is text if that is said`()
        throws
    {
        _ = try self.folder.write("{\"rows\":\n  [1, 2", to: "cut.json")
        for (input, place) in [("{\"n\": 5", "1:8"), ("[1, 2,]", "1:6"), ("\"a\" b", "1:5"), ("@cut.json", "2:8")] {
            let refused = try self.baton("ask", "echo", "x", "--input", input)
            #expect(refused.code == 64, "\(input)")
            #expect(refused.errors.contains("is no JSON, at \(place): "), "\(refused.errors)")
            #expect(refused.errors.contains("--input-text"))
        }
        for (input, value) in [("{\"n\": 5", "{\"n\": 5"), ("5", "5"), ("@cut.json", "{\"rows\":\n  [1, 2")] {
            let told = try self.json("ask", "echo", "x", "--input-text", input)
            #expect(told["output"]?["input"] == .string(value))
        }
        #expect(try self.baton("ask", "echo", "x", "--input", "1", "--input-text", "1").code == 64)
    }

    @Test func `braces in what is asked reach the agent as they are`() throws {
        let words = "what is {{tasks.nobody.output}} and {{!tasks.ask.output}}?"
        let told = try self.json("ask", "echo", words, "--input", "{\"a\": [\"{{tasks.ask.output.x}}\"]}")
        #expect(told["state"] == "completed")
        #expect(told["output"]?["task"]?["description"] == .string(words))
        #expect(told["output"]?["input"] == ["a": ["{{tasks.ask.output.x}}"]])
        #expect(try self.baton("ask", "ann", words, "--id", "braces").errors.contains(words))
    }

    @Test func `words that were forgotten are said, with the usage`() throws {
        for arguments in [["ask"], ["ask", "echo"], ["ask", ""], ["ask", "echo", " "]] {
            let refused = try self.baton.run(arguments)
            #expect(refused.code == 64)
            #expect(refused.errors.lowercased().contains("usage: baton ask [agent] \"words\""), "\(refused.errors)")
        }
    }

    @Test func `a program is asked without any file, and an earlier run lends its agents`() throws {
        let empty = try TemporaryFolder()
        let baton = Binary(folder: empty.path)
        #expect(try baton("ask", "nobody", "x").code == 65)
        let told = try baton("ask", "--command", "sh -c 'echo \"$0 $1\"' \"a b\" c", "x", "--id", "one")
        #expect(told.output == "a b c\n")
        #expect(try baton("ask", "sh", "again", "--run", "one").output == "a b c\n")
        // It has only whoever was asked, so it is no team for others.
        let alone = try baton("ask", "sh", "again")
        #expect(alone.code == 65)
        #expect(alone.errors.contains("no run of a plan here"))
        _ = try empty.write("agents: [{agent_id: echo, command: [cat]}]\n", to: "other.yml")
        _ = try empty.write(
            "project_id: p\nagents: [{agent_id: ada, command: [echo, ada]}]\ntasks: [{task_id: a}]\n",
            to: "p.yml"
        )
        #expect(try baton("run", "p.yml", "--id", "of-plan").code == 0)
        #expect(try baton("ask", "echo", "x", "--agents", "other.yml").code == 0)
        #expect(try baton("ask", "--command", "cat", "x").code == 0)
        let asked = try baton("ask", "y")
        #expect(asked.output.contains("ada"))
        #expect(asked.errors.contains("asking ada, of run of-plan"))
    }

    @Test func `what fails, what nobody can do and what a person does end as a run does`() throws {
        let failed = try self.baton("ask", "broken", "x")
        #expect(failed.code == 1)
        #expect(failed.output.isEmpty)
        #expect(failed.errors.contains("exec.exit"))
        #expect(try self.json("ask", "broken", "x")["error"]?["code"] == "exec.exit")
        let unknown = try self.baton("ask", "eco", "x")
        #expect(unknown.code == 65)
        #expect(unknown.errors.contains("did you mean echo?"))
        #expect(try self.baton("ask", "thinker", "x").code == 65)
        #expect(try self.baton("ask", "echo").code == 64)
        #expect(try self.baton("ask", "echo", "x", "--type", "command").code == 64)
        #expect(try self.baton("ask", "--agents", "none.yml", "x").code == 66)
        let asked = try self.baton("ask", "ann", "which?", "--id", "ann-1")
        #expect(asked.code == 2)
        #expect(asked.output.isEmpty)
        #expect(asked.errors.contains("baton answer ann-1 q1"))
        #expect(try self.baton("answer", "ann-1", "q1", "the blue one").code == 0)
        #expect(try self.baton("resume", "ann-1").output.contains("the blue one"))
    }

    @Test func `a model is asked with or without a file, and within what it may cost`() throws {
        let server = try WireServer { _, _ in
            let message: JSON = ["content": "old pond"]
            let body: JSON = [
                "model": "m", "choices": [["message": message, "finish_reason": "stop"]],
                "usage": ["prompt_tokens": 1000, "completion_tokens": 200],
            ]
            return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
        }
        defer { server.stop() }
        let environment = ["OPENAI_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "OPENAI_API_KEY": "k"]
        let baton = Binary(folder: self.folder.path, environment: environment)
        let model = "openai-chat/gpt-4o-mini"
        let alone = try baton("ask", "--model", model, "Write a haiku.", "--max-cost", "0.05", "--id", "alone")
        #expect(alone.code == 0, "\(alone.errors)")
        #expect(alone.output == "old pond\n")
        let prompt = String(decoding: server.requests[0].body, as: UTF8.self)
        #expect(prompt.contains("Write a haiku."))
        #expect(try baton("cost", "alone").output.contains("0.00027 USD"))

        let poet = "agents: [{agent_id: poet, model: \(model)}]\n"
        _ = try self.folder.write("budget: {usd: 0.00001, at_limit: stop}\n\(poet)", to: "poor.yml")
        let poor = try baton("ask", "poet", "Write a haiku.", "--agents", "poor.yml")
        #expect(poor.code == 1)
        #expect(poor.errors.contains("budget."))
        #expect(try baton("ask", "--model", model, "x", "--max-cost", "0.0000001").code != 0)
        #expect(server.requests.count == 1, "what does not fit is not asked")
        #expect(try baton("ask", "--model", model, "x", "--max-cost", "-1").code == 64)
        #expect(try baton("ask", "--model", model, "--command", "cat", "x").code == 64)
    }

    @Test func `where an engine serves the folder, it carries the run`() throws {
        let serving = try self.baton.start(["serve"])
        let socket = self.folder(".baton/control/engine.sock")
        while !FileManager.default.fileExists(atPath: socket) { sched_yield() }
        #expect(try self.baton("ask", "words", "say something", "--id", "there").output == "two words\n")
        #expect(try self.baton("ask", "broken", "x").code == 1)
        serving.send(SIGTERM)
        #expect(serving.wait() == 0)
        #expect(try self.json("show", "there")["state"] == "completed")
    }

    @Test func `a command line is split as a shell does it, and nothing else is done to it`() throws {
        #expect(try CommandWords.split("wc -c") == ["wc", "-c"])
        #expect(
            try CommandWords.split(" a  'b c' \"d 'e'\" f\\ g h'i'\"j\" '' ") == [
                "a", "b c", "d 'e'", "f g", "hij", "",
            ]
        )
        #expect(try CommandWords.split("echo $HOME *|x") == ["echo", "$HOME", "*|x"])
        for wrong in ["", "  ", "a 'b", "a \"b", "a\\", "''"] {
            #expect(throws: (any Error).self) { try CommandWords.split(wrong) }
        }
    }
}
