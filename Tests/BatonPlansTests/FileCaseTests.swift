import BatonCore
import BatonPlans
import Foundation
import Testing

/// Cases 32 and 48: what a path may lead to.
struct FileCaseTests {
    /// A folder of its own for one test, gone afterwards.
    private static func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // what stays behind is in the temporary folder
        try body(folder)
    }

    private static func expect(_ path: String, _ code: String, _ message: String) throws {
        let reading = PlanFile.read(path: path)
        let finding = try #require(reading.diagnostics.first)
        #expect(reading.diagnostics.count == 1)
        #expect(finding.code == code)
        #expect(finding.place == SourcePlace(line: 1, column: 1))
        #expect("\(finding.message); \(finding.remedy)".contains(message), "\(finding.message)")
        #expect(path.isEmpty || finding.message.contains(path))
    }

    private static func sparse(_ path: String, bytes: Int64) throws {
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        try #require(truncate(path, off_t(bytes)) == 0)
    }

    @Test func `a regular file is read, also behind a link`() throws {
        try Self.inFolder { folder in
            try Data(SmallPlan.yaml.utf8).write(to: URL(fileURLWithPath: "\(folder)/plan.yml"))
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/l.yml", withDestinationPath: "plan.yml")
            #expect(PlanFile.read(path: "\(folder)/plan.yml").plan?.id == "p")
            #expect(PlanFile.read(path: "\(folder)/l.yml").plan?.id == "p")
        }
    }

    @Test func `a file that is not there is said to be missing`() throws {
        try Self.expect("/nowhere/plan.yml", "parse.file_missing", "check the path")
        try Self.expect("", "parse.file_missing", "there is no file")
    }

    @Test func `a directory, a FIFO and a device are no plan files, and none blocks`() throws {
        try Self.inFolder { folder in
            try Self.expect(folder, "parse.not_a_regular_file", "is a directory")
            try #require(mkfifo("\(folder)/fifo.yml", 0o600) == 0)
            try Self.expect("\(folder)/fifo.yml", "parse.not_a_regular_file", "is a FIFO")
        }
        try Self.expect("/dev/null", "parse.not_a_regular_file", "is a device")
    }

    @Test func `a loop of links is no plan file`() throws {
        try Self.inFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/a.yml", withDestinationPath: "b.yml")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/b.yml", withDestinationPath: "a.yml")
            try Self.expect("\(folder)/a.yml", "parse.not_a_regular_file", "loop of symbolic links")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func `a file that may not be read says so`() throws {
        try Self.inFolder { folder in
            let path = "\(folder)/plan.yml"
            try #require(FileManager.default.createFile(atPath: path, contents: Data("a".utf8)))
            try #require(chmod(path, 0) == 0)
            try Self.expect(path, "parse.unreadable", "let the user who runs baton read it")
        }
    }

    @Test(arguments: [100_000_000, 1 << 40])
    func `a file over the limit is refused by its size, before it is read`(_ size: Int64) throws {
        try Self.inFolder { folder in
            try Self.sparse("\(folder)/plan.json", bytes: size)
            try Self.expect("\(folder)/plan.json", "parse.size", "larger than 64 MiB; split it")
        }
    }

    @Test func `an empty file has no content`() throws {
        try Self.inFolder { folder in
            try Self.sparse("\(folder)/plan.yml", bytes: 0)
            let reading = PlanFile.read(path: "\(folder)/plan.yml")
            #expect(reading.diagnostics.map(\.code) == ["parse.empty"])
            #expect(reading.file == "\(folder)/plan.yml")
        }
    }
}
