import BatonAgents
import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Testing

/// The files that agents may read and write: those below their working folder, and no others.
@Suite struct WorkFilesTests {
    private let folder: TemporaryFolder
    private let root: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.root = URL(fileURLWithPath: self.folder.path).resolvingSymlinksInPath().path
        try FileManager.default.createDirectory(atPath: "\(self.root)/work/notes", withIntermediateDirectories: true)
        _ = try self.folder.write("secret", to: "outside.txt")
        _ = try self.folder.write("Tea\nCups and tea\n", to: "work/notes/a.md")
        _ = try self.folder.write("KEY=x", to: "work/.env")
    }

    private func call(_ tool: String, _ input: JSON, tools: [String]? = nil) async -> WorkResult {
        var agent = AgentProfile(id: "ada")
        agent.model = "ollama/m"
        agent.tools = tools ?? BuiltInTool.all.map(\.name)
        agent.workingDirectory = "work"
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent)
        let box = ToolBox(projectFolder: self.root, commands: nil)
        return await box.call(Transcript.Call(id: "c", tool: tool, input: input), of: work)
    }

    private func value(_ tool: String, _ input: JSON) async -> JSON? {
        guard case .done(let value, _) = await self.call(tool, input) else { return nil }
        return value
    }

    private func words(_ tool: String, _ input: JSON) async -> String {
        guard case .failed(let failure, _) = await self.call(tool, input) else { return "it is done" }
        return failure.message
    }

    @Test func `files are listed, read, searched and written`() async throws {
        #expect(await self.value("list_files", ["depth": 3]) == ["files": ["notes/", "notes/a.md"]])
        #expect(await self.value("read_file", ["path": "notes/a.md"]) == "Tea\nCups and tea\n")
        let hits = await self.value("search_files", ["text": "TEA"])
        #expect(hits?["hits"]?[1] == ["path": "notes/a.md", "line": 2, "text": "Cups and tea"])
        #expect(
            await self.value("search_files", ["text": "cups", "path": "notes/a.md"])?["hits"]?.elements?.count == 1
        )
        #expect(
            await self.value("write_file", ["path": "new/deep/b.md", "text": "Milk"])
                == "4 bytes are written to new/deep/b.md."
        )
        #expect(await self.value("read_file", ["path": "./new//deep/b.md"]) == "Milk")
        #expect(await self.value("write_file", ["path": "new/deep/b.md", "text": ""]) != nil)
        #expect(await self.value("read_file", ["path": "new/deep/b.md"]) == "")
        #expect(await self.value("list_files", ["path": "new/deep"]) == ["files": ["new/deep/b.md"]])
    }

    @Test(arguments: [
        "../outside.txt", "/etc/passwd", "notes/../../outside.txt", "link", "folder/outside.txt", "round", "far",
    ])
    func `no path and no link leads out of the folder`(path: String) async throws {
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(self.root)/work/link", withDestinationPath: "../outside.txt")
        try files.createSymbolicLink(atPath: "\(self.root)/work/folder", withDestinationPath: "..")
        try files.createSymbolicLink(atPath: "\(self.root)/work/round", withDestinationPath: "round")
        try files.createSymbolicLink(atPath: "\(self.root)/work/far", withDestinationPath: "/etc/hostname")
        for (tool, input) in [
            ("read_file", ["path": .string(path)]), ("write_file", ["path": .string(path), "text": "x"]),
            ("list_files", ["path": .string(path)]), ("search_files", ["path": .string(path), "text": "e"]),
        ] as [(String, JSON)] {
            let said = await self.words(tool, input)
            // In the place of a link that is the last part nothing is put.
            let reasons = [
                "none is followed",
                "leads out of the working folder", "does not lie below", "no file that can be replaced", "no folder",
            ]
            #expect(reasons.contains { said.contains($0) }, "\(tool) \(said)")
        }
        #expect(try String(contentsOfFile: "\(self.root)/outside.txt", encoding: .utf8) == "secret")
        #expect(await self.value("search_files", ["text": "secret"])?["hits"] == [])
    }

    @Test func `no link is followed, also to what keeps secrets`() async throws {
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(self.root)/work/same", withDestinationPath: "notes/a.md")
        try files.createSymbolicLink(atPath: "\(self.root)/work/keys", withDestinationPath: ".env")
        for name in ["same", "keys"] {
            #expect(await self.words("read_file", ["path": .string(name)]).hasSuffix("and none is followed"))
        }
        #expect(await self.value("search_files", ["text": "KEY"])?["hits"] == [])
    }

    @Test func `the data folder is not for agents, wherever it lies`() async throws {
        try FileManager.default.createDirectory(atPath: "\(self.root)/work/state", withIntermediateDirectories: true)
        _ = try self.folder.write("rows", to: "work/state/journal.sqlite")
        let box = ToolBox(projectFolder: self.root, dataFolder: "\(self.root)/work/state", commands: nil)
        var agent = AgentProfile(id: "ada")
        (agent.tools, agent.workingDirectory) = (["list_files", "write_file", "search_files"], "work")
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent)
        for path in ["state", "state/journal.sqlite", "./state//x"] {
            let call = Transcript.Call(id: "c", tool: "write_file", input: ["path": .string(path), "text": "x"])
            guard case .failed(let failure, _) = await box.call(call, of: work) else {
                Issue.record("\(path) was written")
                continue
            }
            #expect(failure.message == "write_file: the data folder is not for agents")
        }
        let call = Transcript.Call(id: "c", tool: "list_files", input: ["depth": 5])
        guard case .done(let listed, _) = await box.call(call, of: work) else { return }
        #expect(listed == ["files": ["notes/", "notes/a.md"]])
    }

    @Test(arguments: ["", "/work"])
    func `where the data folder is the working folder, or holds it, agents have no files`(place: String) async throws {
        let box = ToolBox(projectFolder: self.root, dataFolder: "\(self.root)\(place)", commands: nil)
        var agent = AgentProfile(id: "ada")
        (agent.tools, agent.workingDirectory) = (["write_file", "list_files"], "work")
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: agent)
        for tool in agent.tools {
            let input: JSON = tool == "list_files" ? [:] : ["path": "journal.sqlite", "text": "x"]
            let call = Transcript.Call(id: "c", tool: tool, input: input)
            guard case .failed(let failure, _) = await box.call(call, of: work) else {
                Issue.record("\(tool) was called")
                continue
            }
            #expect(failure.message.contains("is the data folder, or lies in it"), "\(failure.message)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(self.root)/work/journal.sqlite"))
    }

    @Test func `a file that could be run can be run still when it is written anew`() async throws {
        _ = try self.folder.write("#!/bin/sh\n", to: "work/run.sh")
        #expect(chmod("\(self.root)/work/run.sh", 0o750) == 0)
        #expect(await self.value("write_file", ["path": "run.sh", "text": "#!/bin/sh\necho"]) != nil)
        let mode =
            try FileManager.default.attributesOfItem(atPath: "\(self.root)/work/run.sh")[.posixPermissions] as? Int
        #expect(mode == 0o750)
    }

    @Test(arguments: [".env", "notes/.env", ".baton/journal.sqlite", ".git/config"])
    func `what keeps secrets is not for agents`(path: String) async {
        #expect(await self.words("read_file", ["path": .string(path)]).hasSuffix("is not for agents"))
        #expect(await self.words("write_file", ["path": .string(path), "text": "x"]).hasSuffix("is not for agents"))
        #expect(await self.value("list_files", [:]) == ["files": ["notes/"]])
        #expect(await self.value("search_files", ["text": "KEY"])?["hits"] == [])
    }

    @Test func `a long file is read in pieces that cut no character`() async throws {
        let long = String(repeating: "ä", count: 50_000)
        _ = try self.folder.write("x" + long, to: "work/long.txt")
        let first = try #require(await self.value("read_file", ["path": "long.txt"]))
        #expect(first["bytes"] == 100_001)
        let next = try #require(first["next_offset"]?.integer)
        let second = try #require(
            await self.value("read_file", ["path": "long.txt", "offset": .integer(next)])?.string
        )
        #expect((first["text"]?.string ?? "") + second == "x" + long)
        #expect(await self.value("read_file", ["path": "long.txt", "offset": 200_000]) == "")
    }

    @Test func `what is no text, no file or not there is named`() async throws {
        try Data([1, 0, 2]).write(to: URL(fileURLWithPath: "\(self.root)/work/binary"))
        #expect(mkfifo("\(self.root)/work/pipe", 0o644) == 0)
        #expect(await self.words("read_file", ["path": "binary"]).hasSuffix("binary is no text"))
        #expect(await self.words("read_file", ["path": "pipe"]).hasSuffix("pipe is no file with a text"))
        #expect(await self.words("read_file", ["path": "notes"]).hasSuffix("notes is no file with a text"))
        #expect(await self.words("read_file", ["path": "gone"]).hasSuffix("there is no gone"))
        #expect(
            await self.words("write_file", ["path": "notes", "text": "x"]).hasSuffix(
                "notes is no file that can be replaced"
            )
        )
        #expect(await self.words("write_file", ["path": "notes/a.md/b", "text": "x"]).contains("is no folder"))
        #expect(await self.words("read_file", ["path": "a\u{0}b"]).contains("does not lie below"))
    }

    @Test func `arguments of another form and tools that are not granted are refused`() async {
        #expect(await self.words("read_file", [:]) == "read_file: the value: lacks path")
        #expect(await self.words("read_file", ["path": 7]) == "read_file: /path: is an integer, not string")
        #expect(await self.words("sudo", [:]) == "sudo: there is no such tool")
        guard case .failed(let failure, _) = await self.call("read_file", ["path": "notes/a.md"], tools: ["list_files"])
        else {
            Issue.record("it was read")
            return
        }
        #expect(failure.message == "read_file: there is no such tool")
    }
}
