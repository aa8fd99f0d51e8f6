import BatonCore
import BatonTestKit
import Foundation
import Testing

@Suite(.ownThreads) struct ExamplesTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples").path

    // Programs in Swift are for the library; the binary has no use for them.
    private static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: shipped).filter {
            !$0.hasPrefix(".") && $0 != "in-swift"
        }.sorted()) ?? []

    /// The files below a folder with their texts.
    private static func files(_ folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            let bytes = FileManager.default.contents(atPath: "\(folder)/\(path)")
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            files[path] = bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        return files
    }

    @Test(arguments: names)
    func `the binary holds what Examples holds`(name: String) throws {
        let ending = try self.baton("examples", name, "--only-write", "--to", "copy")
        #expect(ending.code == 0, "run scripts/embed-examples: \(ending.errors)")
        let copied = try Self.files(self.folder("copy"))
        let shipped = try Self.files("\(Self.shipped)/\(name)")
        #expect(Set(copied.keys) == Set(shipped.keys), "run scripts/embed-examples")
        for (path, text) in shipped { #expect(copied[path] == text, "\(path) is stale: run scripts/embed-examples") }
        #expect(try self.baton("check", "copy/\(try #require(copied.keys.first { $0.hasPrefix("plan.") }))").code == 0)
        #expect(!FileManager.default.fileExists(atPath: self.folder(".baton")), "nothing was run")
    }

    @Test func `the examples are listed with a sentence each`() throws {
        let lines = try self.baton("examples").output.split(separator: "\n")
        #expect(Self.names.count >= 3)
        for name in Self.names { #expect(lines.contains { $0.hasPrefix("\(name)  ") && $0.hasSuffix(".") }) }
    }

    @Test func `an example is written once and run where it was written`() throws {
        let ending = try self.baton("examples", "repository-report", "--to", "here")
        // Its plan has a task that fails where nobody has measured coverage.
        #expect(ending.code == 1, "\(ending.output) \(ending.errors)")
        let shown = try JSON(parsing: try self.baton("show", "--json").output.utf8)
        #expect(shown["completed_tasks"] == 8)
        let again = try self.baton("examples", "repository-report", "--to", "here")
        #expect(again.code == 65)
        #expect(again.errors.contains("example.exists"))
        #expect(try JSON(parsing: try self.baton("runs", "--json").output.utf8)["runs"]?.elements?.count == 1)
    }

    @Test func `the example of people is answered to its end`() throws {
        #expect(try self.baton("examples", "everyone-is-a-person").code == 2)
        var answered = 0
        for _ in 0..<10 {
            let inbox = try JSON(parsing: try self.baton("inbox", "--json").output.utf8)["questions"]?.elements ?? []
            guard !inbox.isEmpty else { break }
            for question in inbox {
                let run = try #require(question["run"]?.string)
                let id = try #require(question["id"]?.string)
                #expect(try self.baton("answer", run, id, "words of \(id)").code == 0)
                answered += 1
            }
            _ = try self.baton("resume")
        }
        #expect(answered == 6)
        let shown = try JSON(parsing: try self.baton("show", "--json").output.utf8)
        #expect(shown["state"] == "completed")
        // Later questions held earlier answers.
        let asked = try self.baton("events", "--json").output
        #expect(asked.contains("one of these themes: words of q1"))
    }

    @Test func `what cannot be meant or written is said`() throws {
        let unknown = try self.baton("examples", "product-lunch")
        #expect(unknown.code == 66)
        #expect(unknown.errors.contains("did you mean product-launch?"))
        #expect(try self.baton("examples", "product-launch", "--to", "no/such/folder").code == 74)
        #expect(try self.baton("examples", "--only-write").code == 64)
        #expect(try self.baton("examples", "product-launch", "--to", "-odd name", "--only-write").code != 0)
        let odd = try self.baton("examples", "product-launch", "--to=-odd name", "--only-write")
        #expect(odd.output.contains("baton run './-odd name/plan.json' --project-dir './-odd name'"))
    }
}
