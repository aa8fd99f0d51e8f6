import Foundation

/// A Markdown file of the project, as far as the tests read it.
struct Document {
    /// A heading with the tables that stand below it, up to the next heading.
    struct Section {
        let title: String
        let level: Int
        var tables: [[[String]]] = []
    }

    /// A fenced block.
    struct Block {
        let language: String
        let line: Int
        var text = ""
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    let path: String
    let text: String
    private(set) var sections: [Section] = []
    private(set) var blocks: [Block] = []
    /// The text without fenced blocks and code in backticks.
    private(set) var prose = ""

    /// Reads a file below the root of the project.
    init(_ path: String) throws {
        self.path = path
        self.text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
        self.parse()
    }

    private mutating func parse() {
        var open: Block?
        var isInTable = false
        for (number, line) in self.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    self.blocks.append(block)
                    open = nil
                } else {
                    open = Block(language: String(line.dropFirst(3)), line: number + 1)
                }
                continue
            }
            guard open == nil else {
                open?.text += line + "\n"
                continue
            }
            self.prose += line.replacing(/`[^`]*`/, with: "") + "\n"
            if line.hasPrefix("#") { self.sections.append(Self.section(line)) }
            if line.hasPrefix("|") { self.takeRow(line, isFirst: !isInTable) }
            isInTable = line.hasPrefix("|")
        }
    }

    private static func section(_ line: Substring) -> Section {
        let level = line.prefix { $0 == "#" }.count
        return Section(title: line.dropFirst(level).trimmingCharacters(in: .whitespaces), level: level)
    }

    private mutating func takeRow(_ line: Substring, isFirst: Bool) {
        guard !self.sections.isEmpty else { return }
        let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let last = self.sections.count - 1
        if isFirst { self.sections[last].tables.append([]) }
        let table = self.sections[last].tables.count - 1
        let isRule = cells.allSatisfy { $0.allSatisfy { "-:".contains($0) } && !$0.isEmpty }
        if !isRule { self.sections[last].tables[table].append(cells) }
    }

    func section(_ title: String) -> Section? { self.sections.first { $0.title == title } }

    /// The rows of the section's first table whose first column has this name, without the header.
    func rows(of title: String, first column: String) -> [[String]]? {
        let table = self.section(title)?.tables.first { $0.first?.first == column }
        return table.map { Array($0.dropFirst()) }
    }

    /// All Markdown files that people are led to.
    static func all() throws -> [Document] {
        let named = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].filter {
            FileManager.default.fileExists(atPath: Self.root.appending(path: $0).path)
        }
        let docs = Self.root.appending(path: "docs").resolvingSymlinksInPath().path
        let below = try FileManager.default.subpathsOfDirectory(atPath: docs).filter { $0.hasSuffix(".md") }.sorted()
        return try (named + below.map { "docs/\($0)" }).map { try Document($0) }
    }
}
