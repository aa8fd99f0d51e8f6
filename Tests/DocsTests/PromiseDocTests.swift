import Foundation
import Testing

/// docs/promises.md names no test and no file that does not exist.
@Suite struct PromiseDocTests {
    private let rows: [[String]]

    init() throws {
        let page = try Document("docs/promises.md")
        self.rows = page.sections.flatMap { section in
            section.tables.filter { $0.first?.first == "id" }.flatMap { $0.dropFirst() }
        }
    }

    @Test func `every test that a promise names exists`() throws {
        for row in self.rows {
            for match in row[3].matches(of: /`(Tests\/[^`]+\.swift)`((?:,? "[^"]+")*)/) {
                let path = Document.root.appending(path: String(match.1)).path
                let text = try #require(
                    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) },
                    "\(row[0]) names \(match.1), which does not exist"
                )
                let names = match.2.matches(of: /"([^"]+)"/).map { String($0.1) }
                #expect(!names.isEmpty, "\(row[0]) names \(match.1) and no test in it")
                for name in names {
                    #expect(text.contains("func `\(name)`"), "\(row[0]): \(match.1) has no test \(name)")
                }
            }
        }
    }

    @Test func `every file that a promise names exists`() {
        let name = /`((?:Sources|Examples|scripts|docs|Tests)\/[^`]+|[A-Z][A-Za-z]+(?:\.md)?)`/
        for row in self.rows {
            for match in row[2].matches(of: name) {
                let path = Document.root.appending(path: String(match.1)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(row[0]) names \(match.1)")
            }
        }
    }

    @Test func `a promise is kept only with a test, and an open one says where it belongs`() {
        #expect(self.rows.count >= 60)
        #expect(Set(self.rows.map { $0[0] }).count == self.rows.count)
        for row in self.rows {
            #expect(row.count == 5, "\(row[0])")
            if row[4] == "kept" {
                #expect(row[3].contains("Tests/"), "\(row[0]) is kept without a test")
            } else {
                #expect(row[4].hasPrefix("not yet: "), "\(row[0]) is neither kept nor open")
            }
        }
    }
}
