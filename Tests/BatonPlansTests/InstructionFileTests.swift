import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonPlans

/// Instructions that lie in files.
@Suite struct InstructionFileTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        _ = try self.folder.write("Be brief.\n", to: "base.md")
        _ = try self.folder.write("Use Swift.\n\n", to: "swift.md")
    }

    private func read(_ files: String, name: String = "plan.yml") throws -> PlanFile {
        let path = try self.folder.write(
            """
            project_id: p
            agents:
              - {agent_id: ada, model: ollama/m, instructions: And smile., instruction_files: \(files)}
            tasks:
              - {task_id: a}
            """,
            to: name
        )
        return PlanFile.read(path: path)
    }

    @Test func `they are read from beside the plan, in their order, and kept with it`() throws {
        let plan = try #require(try self.read("[base.md, swift.md]").plan)
        #expect(plan.agents[0].instructionFiles.map(\.text) == ["Be brief.", "Use Swift."])
        let stored = PlanEncoder.bytes(of: plan)
        _ = try self.folder.write("Be long.", to: "base.md")
        #expect(PlanFile.read(bytes: stored, name: "plan.json").plan == plan)
    }

    @Test(
        arguments: [
            ("[gone.md]", "cannot be read"), ("[../x.md]", "lies outside"), ("[/etc/passwd]", "lies outside"),
            ("[link.md]", "lies outside"), ("[bytes.md]", "no UTF-8"), ("[large.md]", "larger than"),
            ("[.]", "lies outside"),
            ("[.env]", "not for agents"), ("[sub/../.env]", "not for agents"), ("[data/x.txt]", "not for agents"),
        ]
    )
    func `one that cannot be had is a finding with its place`(files: String, why: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: self.folder.path + "/link.md",
            withDestinationPath: "/etc/passwd"
        )
        try FileManager.default.createDirectory(atPath: self.folder.path + "/data", withIntermediateDirectories: true)
        for name in [".env", "data/journal.sqlite", "data/x.txt"] { _ = try self.folder.write("K=1", to: name) }
        try Data([0x66, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: self.folder.path + "/bytes.md"))
        try Data(repeating: 0x78, count: 2 << 20).write(to: URL(fileURLWithPath: self.folder.path + "/large.md"))
        let reading = try self.read(files)
        let found = reading.diagnostics.first { $0.code == "plan.instruction_file" }
        #expect(found?.message.contains(why) == true, "\(reading.diagnostics)")
        #expect(found?.place?.line == 3 && reading.plan == nil)
    }

    @Test func `a plan that is sent without the texts is refused, and nothing is read for it`() throws {
        let path = self.folder.path + "/base.md"
        let text = """
            {"project_id": "p", "agents": [{"agent_id": "ada", "model": "ollama/m", "instruction_files": ["\(path)"]}],
            "tasks": [{"task_id": "a"}]}
            """
        let reading = PlanFile.read(bytes: Array(text.utf8), name: "plan.json")
        #expect(
            reading.diagnostics.contains {
                $0.code == "plan.instruction_file" && $0.message.contains("without its text")
            }
        )
    }
}
