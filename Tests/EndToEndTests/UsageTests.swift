import BatonCore
import BatonTestKit
import Foundation
import Testing

/// The real program, wrongly used.
@Suite(.ownThreads) struct UsageTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    @Test func `a wrong command line ends with 64 and says how it is right`() throws {
        let missing = try self.baton("run")
        #expect(missing.code == 64)
        #expect(missing.errors.contains("Missing expected argument '<plan>'"))
        #expect(missing.errors.contains("Usage: baton run [<options>] [<plan>]"))
        let misspelt = try self.baton("shwo")
        #expect(misspelt.code == 64)
        #expect(misspelt.errors.contains("Did you mean `baton show`?"))
    }

    @Test func `with --json a wrong command line is an object too`() throws {
        let ending = try self.baton("run", "--json")
        #expect(ending.code == 64)
        let error = try JSON(parsing: Array(ending.output.utf8.dropLast()))["error"]
        #expect(error?["code"] == "command.usage")
        #expect(ending.errors.isEmpty)
    }

    @Test func `a word of the command line that steers a terminal is shown, not sent`() throws {
        let ending = try self.baton("\u{1B}]0;owned\u{7}\u{9B}2J")
        #expect(ending.code == 64)
        #expect(!ending.errors.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{9B}" })
        #expect(ending.errors.contains("\\u{1b}]0;owned"))
    }

    @Test func `JSON of hostile texts keeps its value and steers nothing`() throws {
        _ = try self.folder.write(
            "project_id: p\ntitle: \"a\\x9b2J\\u202Eb\\x7F\"\nagents: [{agent_id: a}]\ntasks: [{task_id: t}]\n",
            to: "plan.yml"
        )
        #expect(try self.baton("run", "plan.yml").code == 0)
        let output = try self.baton("runs", "--json").output
        #expect(!output.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || (0x7F..<0xA0).contains($0.value)) })
        let title = try JSON(parsing: Array(output.utf8.dropLast()))["runs"]?[0]?["title"]
        #expect(title == "a\u{9B}2J\u{202E}b\u{7F}")
    }
}
