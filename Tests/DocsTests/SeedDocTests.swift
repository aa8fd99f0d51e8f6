import Foundation
import Testing

/// docs/from-the-seeds.md has every name of the seed documents and claims nothing that is not there.
@Suite struct SeedDocTests {
    static let seeds = ["000", "001", "002", "003", "004"]
    static let promises = Document.root.appending(path: "../shared/promises.md").path

    private let page: Document

    init() throws { self.page = try Document("docs/from-the-seeds.md") }

    private func rows(of seed: String) -> [[String]] {
        self.page.sections.filter { $0.level == 3 && $0.title.hasPrefix("\(seed) ") }.flatMap { section in
            section.tables.flatMap { $0.dropFirst() }
        }
    }

    private static func names(of seed: String) throws -> [String] {
        try SourceFiles.text("Tests/Fixtures/seed-names/\(seed).txt").split(separator: "\n").map { String($0) }
    }

    @Test(arguments: seeds)
    func `every name of a seed has one row`(seed: String) throws {
        let names = try Self.names(of: seed)
        #expect(names.count >= 50)
        let found = self.rows(of: seed).map { $0[0] }
        let expected = names.map { "`\($0)`" }
        #expect(Set(expected).subtracting(found).sorted() == [], "in the list, and not in the page")
        #expect(Set(found).subtracting(expected).sorted() == [], "in the page, and not in the list")
        #expect(Set(found).count == found.count, "a name has two rows")
    }

    @Test func `every row holds what can be checked, and it holds`() throws {
        let claims = try SeedClaims()
        for row in Self.seeds.flatMap({ self.rows(of: $0) }) {
            #expect(row.count == 2, "\(row)")
            #expect(claims.faults(of: row[1]) == [], "\(row[0])")
        }
    }

    @Test(arguments: [
        "the engine", "not yet", "not yet: Soon", "not yet: Minds, perhaps", "`Engine`", "Swift `Motor`",
        "Swift `Engine.halt`", "Swift `Engine.inbox`", "Swift `RunOutcome.failure`", "Swift `Run`",
        "key `defaults.haste`",
        "key `skill_levels`", "key `tasks.pattern: chaos`", "key `title: true`", "key `tasks.retry.`",
        "field `run.speed`",
        "field `state`", "event `task_begun`", "code `plan.ugly`", "file `docs/equivalents.md`", "`make money`",
        "Swift `Engine`; key `defaults.haste`", "`baton runs`; not yet: Soon; Swift `Engine`", "``",
    ])
    func `what does not hold is found`(cell: String) throws {
        #expect(try SeedClaims().faults(of: cell) != [])
    }

    @Test func `each seed begins with what a newcomer must know`() throws {
        for seed in Self.seeds {
            let parts = self.page.text.components(separatedBy: "\n## \(seed): ")
            let paragraph = try #require(parts.last).components(separatedBy: "\n\n").dropFirst().first ?? ""
            #expect(parts.count == 2)
            #expect(paragraph.hasPrefix("Your ") && paragraph.split(separator: "\n").count <= 5, "\(seed)")
        }
    }

    @Test func `the table of contents leads to every section`() {
        let sections = self.page.sections.filter { $0.level > 1 }
        #expect(Set(sections.map(\.title)).count == sections.count)
        for section in sections {
            let kept = section.title.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
            let anchor = kept.replacing(" ", with: "-")
            #expect(self.page.text.contains("](#\(anchor))"), "no line leads to \(section.title)")
        }
    }

    @Test func `the architecture names the five parts of the orchestration document`() throws {
        let architecture = try Document("ARCHITECTURE.md").text
        for name in try Self.names(of: "001").prefix(5) { #expect(architecture.contains("| \(name) |")) }
    }

    /// The promises are kept beside the project, not in it.
    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: SeedDocTests.promises),
            "there is no ../shared/promises.md here"
        )
    )
    func `every name that the promises quote is in the list`() throws {
        let text = try String(contentsOfFile: Self.promises, encoding: .utf8)
        var rows = 0
        for line in text.split(separator: "\n") {
            guard let row = line.prefixMatch(of: #/\| P-(\d{3})-\d\d \| (.*?) \| /#) else { continue }
            rows += 1
            let known = Set(try Self.names(of: String(row.1)))
            for match in row.2.matches(of: /`([^`]+)`/) {
                let quoted = String(match.1)
                let parts = quoted.components(separatedBy: CharacterSet(charactersIn: ",{}"))
                    .map { (part: String) in part.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
                #expect(known.contains(quoted) || known.isSuperset(of: parts), "\(row.0): \(quoted) is in no list")
            }
        }
        #expect(rows >= 269)
    }
}
