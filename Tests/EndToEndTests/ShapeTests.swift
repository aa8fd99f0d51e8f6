import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What the program prints with `--json` is what docs/api.md says.
@Suite(.ownThreads) struct ShapeTests {
    private let folder: TemporaryFolder
    private let baton: Binary
    private let page: [Substring]

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        self.page = try String(contentsOf: root.appendingPathComponent("docs/api.md"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        _ = try self.folder.write(
            """
            project_id: shapes
            agents: [{agent_id: sh, command: [echo, fine]}, {agent_id: ed, type: person}]
            tasks: [{task_id: a, assigned_agent: sh}, {task_id: b, assigned_agent: ed}]
            """,
            to: "plan.yml"
        )
    }

    /// The fields of the table below a heading: name, and whether it is always there.
    private func fields(_ title: String) -> [String: Bool] {
        guard let start = self.page.firstIndex(of: "### \(title)") else { return [:] }
        let section = self.page[(start + 1)...].prefix { !$0.hasPrefix("#") }
        var fields: [String: Bool] = [:]
        for row in section where row.hasPrefix("|") && !row.hasPrefix("|---") {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count >= 3, cells[0] != "field" { fields[cells[0]] = cells[2] == "always" }
        }
        return fields
    }

    private func expect(_ value: JSON?, matches title: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let documented = self.fields(title)
        #expect(!documented.isEmpty, "docs/api.md has no table for \(title)", sourceLocation: sourceLocation)
        guard let value, case .object = value else {
            Issue.record("\(title) is not an object: \(value ?? .null)", sourceLocation: sourceLocation)
            return
        }
        for name in value.memberNames where documented[name] == nil {
            Issue.record("\(title) prints \(name), which is not documented", sourceLocation: sourceLocation)
        }
        for (name, isAlways) in documented where isAlways && value[name] == nil {
            Issue.record("\(title) lacks \(name)", sourceLocation: sourceLocation)
        }
    }

    private func json(_ arguments: String...) throws -> JSON {
        try JSON(parsing: try self.baton.run(arguments + ["--json"]).output.utf8)
    }

    @Test func `each command prints the shape that is documented`() throws {
        let lines = try self.baton("run", "plan.yml", "--id", "r", "--json").output.split(separator: "\n")
        self.expect(try JSON(parsing: try #require(lines.last).utf8), matches: "baton run --json")
        self.expect(try self.json("check", "plan.yml"), matches: "baton check --json")
        self.expect(try self.json("check", "plan.yml")["forecast"], matches: "forecast")
        let runs = try self.json("runs")
        self.expect(runs["runs"]?[0], matches: "baton runs --json")
        let shown = try self.json("show", "r")
        self.expect(shown, matches: "run")
        self.expect(shown["tasks"]?[0], matches: "task")
        self.expect(shown["agents"]?[0], matches: "agent_load")
        self.expect(try self.json("show", "r", "a"), matches: "task")
        let why = try self.json("why", "r")
        self.expect(why, matches: "baton why RUN --json")
        self.expect(why["agents"]?[0], matches: "share")
        let whyTask = try self.json("why", "r", "a")
        self.expect(whyTask, matches: "baton why RUN TASK --json")
        self.expect(whyTask["attempts"]?[0], matches: "told_attempt")
        self.expect(whyTask["choices"]?[0]?["candidates"]?[0], matches: "verdict")
        let drawn = try self.json("graph", "r")
        self.expect(drawn, matches: "baton graph --json")
        self.expect(drawn["tasks"]?[0], matches: "graph_task")
        #expect(drawn["tasks"]?[0]?["state"] == "completed")
        self.expect(try self.json("graph", "plan.yml"), matches: "baton graph --json")
        let report = try self.json("report", "r")
        self.expect(report, matches: "baton report --json")
        self.expect(report["tasks"]?[0], matches: "task")
        #expect(report["tasks"]?[0]?["output"] == "fine")
        let health = try self.json("doctor")
        self.expect(health, matches: "baton doctor --json")
        self.expect(health["checks"]?[0], matches: "checkup")
        self.expect(try self.json("examples")["examples"]?[0], matches: "baton examples --json")
        let written = try self.json("examples", "product-launch", "--only-write")
        self.expect(written, matches: "baton examples NAME --json")
        self.expect(try self.json("completions", "install", "bash"), matches: "baton completions install --json")
        let inbox = try self.json("inbox")
        self.expect(inbox, matches: "baton inbox --json")
        #expect(inbox["questions"]?[0]?["run"] == "r")
        self.expect(try self.json("answer", "q1", "good"), matches: "baton answer --json")
        self.expect(try self.json("prune", "--keep", "0"), matches: "baton prune --json")
        self.expect(try self.json("export-run", "r", "-o", "r.jsonl"), matches: "baton export-run --json")
        self.expect(try self.json("import-run", "r.jsonl"), matches: "baton import-run --json")
        self.expect(try self.json("show", "none"), matches: "errors")
    }
}
