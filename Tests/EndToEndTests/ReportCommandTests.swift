import BatonCore
import BatonTestKit
import Foundation
import Testing

@Suite(.ownThreads) struct ReportCommandTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(
            """
            project_id: told
            title: A told run
            agents:
              - {agent_id: sh, name: Shell, command: [echo, fine], max_concurrent_tasks: 3}
              - {agent_id: no, command: [sh, -c, 'echo because >&2; exit 65']}
              - {agent_id: ed, name: Editor, type: person}
            tasks:
              - {task_id: a, assigned_agent: sh}
              - {task_id: b, assigned_agent: no}
              - {task_id: c, assigned_agent: sh, dependencies: [b]}
              - {task_id: d, assigned_agent: ed, description: Is it good?}
              - {task_id: e, assigned_agent: sh, dependencies: [d]}
            """,
            to: "plan.yml"
        )
    }

    private func report(_ arguments: String...) throws -> JSON {
        try JSON(parsing: try self.baton.run(["report"] + arguments + ["--json"]).output.utf8)
    }

    @Test func `there is a report while the run waits, and its finished results are in it`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let report = try self.report()
        #expect(report["state"] == "running")
        #expect(report["ended_at"] == .null)
        #expect(report["tasks"]?[0]?["output"] == "fine")
        #expect(report["glance"]?["next"]?[0]?["command"] == "baton answer r q1 YOUR-ANSWER")
        let markdown = try self.baton("report", "r").output
        #expect(markdown.hasPrefix("# A told run\n\nRun r: running, waiting only for people after "))
        #expect(markdown.contains("| a    | fine"))
        #expect(
            try self.baton("report", "r", "--format", "html").output.contains(
                "Nothing goes on until a person has answered."
            )
        )
    }

    @Test func `the report as JSON holds the record of the run`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "q1", "yes").code == 0)
        #expect(try self.baton("resume", "r").code == 1)
        let report = try self.report("r")
        #expect(report["state"] == "partial")
        #expect(
            report["task_summary"] == [
                "total": 5, "completed": 3, "failed": 1, "skipped": 1, "cancelled": 0, "open": 0, "spawned": 0,
            ]
        )
        #expect(report["statistics"]?["attempts"] == 4)
        #expect(report["statistics"]?["meetings_held"] == 0)
        #expect(report["statistics"]?["recoveries"] == 1)
        #expect(report["failures"]?[0]?["task"] == "b")
        #expect(report["failures"]?[0]?["because_of_it"] == ["c"])
        #expect(report["failures"]?[0]?["failure"]?["stderr"]?.string?.contains("because") == true)
        #expect(report["decisions"]?[0]?["by"] == "tester")
        #expect(report["decisions"]?[0]?["answer"] == "yes")
        #expect(report["agents"]?[0]?["done"] == 2)
        let same = try self.baton("report", "r", "--format", "json").output
        #expect(try JSON(parsing: same.utf8) == report)
    }

    @Test func `the diagnosis of a run is shown, and is that of its report`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("show", "--diagnostics").output.contains("blocked: d waits for an answer to q1"))
        #expect(try self.baton("answer", "q1", "yes").code == 0)
        #expect(try self.baton("resume", "r").code == 1)
        let shown = try JSON(parsing: try self.baton("show", "r", "--diagnostics", "--json").output.utf8)
        // a, d and e completed, b failed, c was skipped.
        #expect(shown["execution"]?["success_rate"] == 75.0)
        #expect(shown["issues"]?["blocked"] == [["by": "b", "question": nil, "tasks": ["c"]]])
        let report = try self.report("r")
        for part in ["execution", "performance", "issues", "dependency_graph"] { #expect(shown[part] == report[part]) }
        #expect(shown["contributions"] == report["agents"])
        #expect(try self.baton("show", "r", "a", "--diagnostics").code == 64)
    }

    @Test func `a page is written to a file, whole`() throws {
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let ending = try self.baton("report", "r", "--format", "html", "--output", "page.html")
        #expect(ending.code == 0)
        #expect(ending.output.isEmpty)
        let page = self.folder.read("page.html")
        #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(page.hasSuffix("</html>\n"))
        #expect(page.contains("<h1>A told run</h1>"))
        #expect(page.contains("ended with exit code 65: because"))
    }

    @Test func `what cannot be reported or written is said with the next step`() throws {
        let nothing = try self.baton("report")
        #expect(nothing.code == 66)
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("report", "none").code == 66)
        let file = try self.baton("report", "r", "--output", "no/such/folder.md")
        #expect(file.code == 74)
        #expect(file.errors.hasPrefix("error[report.unwritable]: the report cannot be written to no/such/folder.md"))
        #expect(file.errors.contains("name a file in a folder that exists"))
        let json = try self.baton("report", "none", "--format", "json")
        #expect(try JSON(parsing: json.output.utf8)["error"]?["code"] == "run.unknown")
        #expect(try self.baton("report", "r", "--json", "--format", "md").code == 64)
        #expect(try self.baton("report", "r", "--format", "pdf").code == 64)
    }

    // MARK: In a browser

    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: browser != nil, "no chromium on this machine"))
    func `a browser that opens a hostile page runs nothing of it and asks for nothing`() throws {
        let hostile = [
            "<script>document.title='owned'</script>", "<img src=http://127.0.0.1:9/x onerror=document.title='owned'>",
            "<svg onload=document.title='owned'>", "\"><script>document.title='owned'</script>",
            "</title></pre></style><script>document.title='owned'</script>", "javascript:document.title='owned'",
        ]
        let tasks = hostile.indices.map { number in
            """
            {"task_id": "t\(number)", "assigned_agent": "a\(number)", "description": \(JSON.string(hostile[number]))}
            """
        }
        let agents = hostile.indices.map { number in
            """
            {"agent_id": "a\(number)", "name": \(JSON.string(hostile[number])), "command": ["printf", "%s\\nsecond", \(JSON.string(hostile[number]))]}
            """
        }
        _ = try self.folder.write(
            """
            {"project_id": "h", "title": \(JSON.string(hostile.joined())), "agents": [\(agents.joined(separator: ","))],
             "tasks": [\(tasks.joined(separator: ","))]}
            """,
            to: "hostile.json"
        )
        #expect(try self.baton("run", "hostile.json", "--id", "h").code == 0)
        #expect(try self.baton("report", "h", "--format", "html", "--output", "page.html").code == 0)
        // The log names every request that the browser makes.
        let code = try Running.system(
            "/bin/sh",
            "-c",
            """
            cd '\(self.folder.path)' && timeout 60 '\(Self.browser ?? "")' --headless --no-sandbox --disable-gpu \
            --no-first-run --user-data-dir=profile --log-net-log=net.json --dump-dom "file://$PWD/page.html" >dom.html 2>errors
            """
        )
        #expect(code == 0)
        let dom = self.folder.read("dom.html")
        #expect(dom.contains("&lt;script&gt;document.title='owned'&lt;/script&gt;"))
        #expect(!dom.contains("<title>owned</title>"))
        #expect(!dom.contains("<script"))
        #expect(!dom.contains("<img"))
        #expect(!self.folder.read("net.json").contains("127.0.0.1:9"))
    }
}
