import ArgumentParser
import Foundation
import Testing

@testable import BatonCLI

/// The command lines in docs/from-the-seeds.md are command lines that the parser takes.
@Suite(.ownThreads) struct SeedCommandTests {
    private static let lines: [String] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try? String(contentsOf: root.appending(path: "docs/from-the-seeds.md"), encoding: .utf8)
        let rows = (page ?? "").split(separator: "\n").filter { $0.hasPrefix("| ") }
        let found = rows.flatMap { $0.matches(of: /`(baton [^`]+)`/).map { String($0.1) } }
        return Set(found).sorted()
    }()

    @Test func `the page has command lines`() { #expect(Self.lines.count >= 20) }

    @Test(arguments: lines)
    func `a command line of the page is understood`(line: String) {
        let words = line.split(separator: " ").dropFirst().map { String($0) }
        #expect(!words.isEmpty)
        #expect(throws: Never.self) { _ = try BatonCommand.parseAsRoot(words) }
    }

    @Test func `a command line that does not exist is found`() {
        for line in ["fly RUN", "show RUN --sideways", "run", "events --after soon"] {
            #expect(throws: (any Error).self) {
                _ = try BatonCommand.parseAsRoot(line.split(separator: " ").map { String($0) })
            }
        }
    }
}
