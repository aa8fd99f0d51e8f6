import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import Synchronization
import Testing

@testable import BatonSQLite

/// Documents found by their words, and memories that stay.
@Suite struct SQLiteTextStoreTests {
    private let folder: TemporaryFolder
    private let held: DataFolder
    private let store: SQLiteTextStore

    init() throws {
        self.folder = try TemporaryFolder()
        self.held = try DataFolder(holding: self.folder.path + "/data")
        self.store = SQLiteTextStore(in: self.held)
    }

    private static let pages = [
        "tea.md": "# Tea\n\nBoil fresh water.\n\nGreen leaves steep for two minutes.\n",
        "coffee.md": "# Coffee\n\nGrind the beans.\nPour water over them slowly.\n",
        "binary": "",
    ]

    private func find(_ query: String, _ pages: [String: String] = Self.pages, most: Int = 8) async throws -> [String] {
        let documents = pages.map { TextDocument(path: $0, stamp: "\($1.hashValue)") }
        let found = try await self.store.search(query, in: "all", of: documents, most: most) { pages[$0] }
        return found.map { "\($0.path):\($0.lines.lowerBound)-\($0.lines.upperBound)" }
    }

    @Test func `the nearest passage comes first, with the lines where it stands`() async throws {
        #expect(try await self.find("steeping green leaves") == ["tea.md:1-5"])
        #expect(try await self.find("water").sorted() == ["coffee.md:1-4", "tea.md:1-5"])
        #expect(try await self.find("water", most: 1).count == 1)
        #expect(try await self.find("dragons").isEmpty)
    }

    @Test(arguments: [
        "\"", "AND OR NOT", "tea*", "text:tea", "(", "NEAR(a b)", "'; DROP TABLE documents; --", "", "   ", "-tea",
    ])
    func `no query is more than its words`(query: String) async throws { _ = try await self.find(query) }

    @Test func `what has changed is read anew, what is gone is not found, and the rest is not read again`() async throws
    {
        var pages = Self.pages
        _ = try await self.find("water", pages)
        pages["tea.md"] = "Only dragons here."
        pages["coffee.md"] = nil
        let read = Mutex<[String]>([])
        let now = pages
        let documents = now.map { TextDocument(path: $0, stamp: "\($1.hashValue)") }
        let found = try await self.store.search("dragon", in: "all", of: documents, most: 8) { path in
            read.withLock { $0.append(path) }
            return now[path]
        }
        #expect(found.map(\.path) == ["tea.md"])
        #expect(read.withLock { $0 } == ["tea.md"])
        #expect(try await self.find("water", now).isEmpty)
    }

    @Test func `collections do not know of each other`() async throws {
        _ = try await self.find("water")
        let other = try await self.store.search("water", in: "other", of: [], most: 8) { _ in nil }
        #expect(other.isEmpty)
    }

    @Test func `passages end with paragraphs, and a long line stands for itself`() {
        let paragraph = String(repeating: "word ", count: 100)
        let parts = Passages.of("a\n\n\(paragraph)\n\n\(paragraph)\n\nend\n" + String(repeating: "x", count: 5000))
        #expect(parts.map(\.lines) == [1...3, 5...5, 7...7, 8...8])
        #expect(parts.allSatisfy { !$0.text.isEmpty })
        #expect(Passages.of("").isEmpty && Passages.of("\n \n\t\n").isEmpty)
    }

    private static func memory(_ key: String, _ text: String, agent: AgentID = "ada", at: Int64 = 0) -> Memory {
        Memory(key: key, agent: agent, run: "r", task: "t", at: Timestamp(microseconds: at), text: text)
    }

    @Test func `an agent remembers its own, once, and finds it by words or by age`() async throws {
        for (key, text) in [
            ("1", "The mayor likes tea."), ("2", "The bridge is closed."), ("1", "The mayor likes tea."),
        ] {
            try await self.store.remember(Self.memory(key, text))
        }
        try await self.store.remember(Self.memory("3", "The mayor hates tea.", agent: "bob"))
        #expect(try await self.store.memories(of: "ada", about: "", most: 8).map(\.key) == ["2", "1"])
        #expect(try await self.store.memories(of: "ada", about: "teas for mayors", most: 8).map(\.key) == ["1"])
        #expect(try await self.store.memories(of: "ada", about: "", most: 1).map(\.key) == ["2"])
        #expect(try await self.store.memories(of: "eve", about: "", most: 8).isEmpty)
    }

    @Test func `what was remembered is there when the file is opened again`() async throws {
        let memory = Self.memory("1", "The mayor likes tea.", at: 1_700_000_000_000_000)
        try await self.store.remember(memory)
        #expect(try await SQLiteTextStore(in: self.held).memories(of: "ada", about: "mayor", most: 8) == [memory])
        let mode = try FileManager.default.attributesOfItem(atPath: self.held.path + "/texts.sqlite")[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func `a file that is none is said so`() async throws {
        try
            "nonsense, and more than the head of a database has, again and again and again and again and again and again"
            .write(toFile: self.held.path + "/texts.sqlite", atomically: true, encoding: .utf8)
        let store = SQLiteTextStore(in: self.held)
        await #expect {
            try await store.remember(Self.memory("1", "x"))
        } throws: { error in
            (error as? TextStoreFault)?.words.contains("texts.sqlite of the data folder cannot be used") == true
        }
    }
}
