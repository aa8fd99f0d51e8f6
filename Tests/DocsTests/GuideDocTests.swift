import BatonCore
import BatonPlans
import Foundation
import Testing

/// What the guides show and name is there.
@Suite struct GuideDocTests {
    @Test func `every plan in the documents is valid`() throws {
        var count = 0
        for page in try Document.all() {
            for block in page.blocks where Self.isPlan(block) {
                count += 1
                let reading = PlanFile.read(bytes: Array(block.text.utf8), name: "block.\(block.language)")
                let errors = reading.diagnostics.filter { $0.severity == .error }.map {
                    DiagnosticPrinter.line($0, file: "\(page.path), block at line \(block.line)")
                }
                #expect(errors == [])
                #expect(reading.plan != nil)
            }
        }
        #expect(count >= 5)
    }

    private static func isPlan(_ block: Document.Block) -> Bool {
        switch block.language {
        case "yaml": block.text.hasPrefix("project_id:")
        case "json": block.text.prefixMatch(of: /\{\s*"project_id"/) != nil
        default: false
        }
    }

    @Test func `every workload of the benchmarks is told, and what it measured is published`() throws {
        let source = try String(
            contentsOf: Document.root.appending(path: "Benchmarks/Sources/Workloads/Workloads.swift"),
            encoding: .utf8
        )
        // Behind this are the parts that workloads start as processes of their own.
        let told = try #require(source.components(separatedBy: "// What the workloads above start").first)
        let names = told.matches(of: /case "([a-z0-9]+)":/).map { String($0.1) }
        #expect(names.count >= 12)
        let guide = try Document("Benchmarks/README.md").text
        let published = try Document("docs/performance.md").text
        for name in names {
            #expect(guide.contains("| `\(name)` |"), "Benchmarks/README.md does not tell \(name)")
            #expect(published.contains("Workloads \(name)`"), "docs/performance.md has no figure of \(name)")
        }
    }

    @Test func `the ten lines of the library are the example that CI runs`() throws {
        let path = Document.root.appending(path: "Examples/in-swift/TenLines/main.swift").path
        let source = try String(contentsOfFile: path, encoding: .utf8)
        #expect(source.split(separator: "\n").count == 10)
        for name in ["README.md", "docs/Baton.docc/BatonEngine.md"] {
            #expect(try Document(name).text.contains("```swift\n\(source)```"), "\(name) shows another example")
        }
    }

    @Test func `the table of characters is the one that works`() throws {
        let page = try Document("docs/people.md").text
        for row in Conduct.table {
            #expect(page.contains("| \(row.stems.joined(separator: ", ")) |"), "\(row.tendency)")
        }
        for key in PersonaForm.keys { #expect(page.contains("`\(key.name)`"), "\(key.name)") }
        for row in Conduct.temper {
            #expect(page.contains("`\(row.name)`"))
            if row.high != nil { #expect(page.contains("high \(row.name)")) }
            if row.low != nil { #expect(page.contains("low \(row.name)")) }
        }
        #expect(page.contains("\(Conduct.years.many) years") && page.contains("up to \(Conduct.years.few) years"))
    }

    @Test func `the table by which words ask for skills is the one that works`() throws {
        let page = try Document("docs/people.md").text
        for row in SkillWords.table {
            let rest = row.dropFirst().map { "`\($0)`" }.joined(separator: ", ")
            #expect(page.contains("| `\(row[0])` | \(rest) |"), "\(row)")
        }
    }

    @Test(arguments: BuiltInTool.all.map(\.name))
    func `the guide to models names every tool with its arguments`(tool: String) throws {
        let text = try Document("docs/models.md").text
        #expect(text.contains("`\(tool)`"))
        for name in BuiltInTool.named(tool)?.input["properties"]?.memberNames ?? [] {
            #expect(text.contains("`\(name)`"), "\(tool) takes \(name)")
        }
    }

    @Test func `the guide to plans names every key`() throws {
        let text = try Document("docs/plans.md").text
        let tables: [PlanKeys] = [
            .plan, .scheduling, .agent, .agentLimits, .task, .subtask, .retry, .oversight, .escalation,
            .successCriteria, .budget, .partBudget, .mischief, .defaults,
        ]
        for key in tables.flatMap(\.keys) {
            #expect(text.contains("`\(key.name)`"), "docs/plans.md does not name \(key.name)")
        }
    }

    @Test func `the files that the architecture names exist`() throws {
        let sources = Document.root.appending(path: "Sources").path
        for match in try Document("ARCHITECTURE.md").text.matches(of: /`(Baton[A-Za-z]+\/[^`]+\.swift)`/) {
            #expect(FileManager.default.fileExists(atPath: "\(sources)/\(match.1)"), "there is no \(match.1)")
        }
    }

    @Test func `contributors are asked for tests, documents, an example and a clear request`() throws {
        let page = try Document("CONTRIBUTING.md")
        for word in ["clear request", "**Tests.**", "**Documents.**", "**Example.**", "`make check`"] {
            #expect(page.text.contains(word), "CONTRIBUTING.md does not ask for \(word)")
        }
    }

    @Test func `one command of the Makefile runs every test`() throws {
        let rules = try SourceFiles.text("Makefile").components(separatedBy: "\n\n")
        let rule = try #require(rules.first { $0.contains("\ntest: ") || $0.hasPrefix("test: ") })
        let line = try #require(rule.split(separator: "\n").first { $0.contains("scripts/tests") })
        #expect(try SourceFiles.text("scripts/tests").contains("swift test --skip-build"))
        #expect(!line.contains("--filter") && !line.contains("--skip "))
        #expect(try Document("CONTRIBUTING.md").text.contains("swift test --filter"))
        // CI runs this command, and this command the house rules.
        #expect(try SourceFiles.text(".ci/run").contains("\nmake test"))
        #expect(rule.contains("test: setup check"))
        #expect(rules.contains { $0.hasPrefix("check:") && $0.contains("@scripts/check") })
    }

    @Test func `make check finds what the core may not do, and leaves the rest`() throws {
        let script = try SourceFiles.text("scripts/check")
        for part in ["swift format lint --strict", "warning: ", "exit 1"] { #expect(script.contains(part)) }
        func pattern(_ name: String) throws -> Regex<AnyRegexOutput> {
            let lines = script.split(separator: "\n")
            let line = try #require(lines.first { $0.hasPrefix("\(name)='") }, "scripts/check has no \(name)")
            return try Regex(String(line.dropFirst(name.count + 2).dropLast()))
        }
        let (imports, allowed, acts) = (try pattern("imports"), try pattern("allowed"), try pattern("acts"))
        for line in ["import Foundation", "public import Dispatch", "  import Glibc"] {
            #expect(line.contains(imports) && !line.contains(allowed), "\(line)")
        }
        #expect("import OrderedCollections".contains(allowed))
        for line in [
            "await next()", "Task { run() }", "Date()", "let c = ContinuousClock()", "Int.random(in: 1...2)",
            "print(x)",
        ] {
            #expect(line.contains(acts), "\(line)")
        }
        for line in ["self.awaited = 1", "let task = TaskSpec(id: id)", "fingerprint(x)", "CivilDate(day)"] {
            #expect(!line.contains(acts), "\(line)")
        }
    }

    @Test func `every link of the documents leads somewhere`() throws {
        for page in try Document.all() {
            let folder = Document.root.appending(path: page.path).deletingLastPathComponent()
            for match in page.prose.matches(of: /\]\(([^)\s]+)\)/) {
                let target = String(match.1)
                if target.contains("://") || target.hasPrefix("mailto:") { continue }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                guard let file = parts.first, !file.isEmpty else {
                    let slugs = page.sections.map { Self.slug($0.title) }
                    #expect(slugs.contains(String(target.dropFirst())), "\(page.path) has no heading for \(target)")
                    continue
                }
                let path = folder.appending(path: String(file)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(page.path) links to \(target)")
            }
        }
    }

    private static func slug(_ title: String) -> String {
        let kept = title.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
        return String(kept.map { $0 == " " ? "-" : $0 })
    }
}
