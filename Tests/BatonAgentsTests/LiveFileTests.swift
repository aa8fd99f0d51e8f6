import BatonAgents
import BatonCore
import BatonEngine
import Foundation
import Testing

/// Live lines in files.
@Suite(.timeLimit(.minutes(30)))
struct LiveFileTests {
    private static func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `lines of an attempt are in its own file, for its owner only`() async throws {
        try await CommandRig.lend { rig in
            let table = LiveFiles(dataFolder: rig.dataFolder).table
            let sink = table(RunID("r1"), "draft", 2)
            #expect(!FileManager.default.fileExists(atPath: "\(rig.dataFolder)/live"))
            sink.line("one")
            sink.line("two")
            table(RunID("r1"), "draft", 3).line("other")
            let path = "\(rig.dataFolder)/live/r1/draft.2.log"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "one\ntwo\n")
            let modes = try [path, "\(rig.dataFolder)/live", "\(rig.dataFolder)/live/r1"].map(Self.mode)
            #expect(modes == [0o600, 0o700, 0o700])
        }
    }

    @Test func `more than the cap is dropped, and the file says so once`() async throws {
        try await CommandRig.lend { rig in
            let sink = LiveFiles(dataFolder: rig.dataFolder).table(RunID("r1"), "draft", 1)
            let line = String(repeating: "x", count: 4095)
            for _ in 0..<400 { sink.line(line) }
            let text = try String(contentsOfFile: "\(rig.dataFolder)/live/r1/draft.1.log", encoding: .utf8)
            #expect(text.utf8.count <= (1 << 20) + 4096 + 100)
            #expect(text.utf8.count >= 1 << 20)
            #expect(text.components(separatedBy: "the rest is dropped: 1048576 bytes").count == 2)
            #expect(text.hasSuffix("are kept\n"))
        }
    }

    @Test func `a folder that takes nothing does not fail the work`() async throws {
        try await CommandRig.lend { rig in
            try Data().write(to: URL(fileURLWithPath: "\(rig.dataFolder)/live"))
            let sink = LiveFiles(dataFolder: rig.dataFolder).table(RunID("r1"), "draft", 1)
            #expect(await rig.shell("echo a >&2; echo b >&2; echo 1", live: sink).value == 1)
        }
    }

    @Test func `a file that a command has put in the way is not written through`() async throws {
        try await CommandRig.lend { rig in
            let target = "\(rig.folder)/precious"
            try Data("keep".utf8).write(to: URL(fileURLWithPath: target))
            let folder = "\(rig.dataFolder)/live/r1"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/draft.1.log", withDestinationPath: target)
            LiveFiles(dataFolder: rig.dataFolder).table(RunID("r1"), "draft", 1).line("lost")
            let kept = try String(contentsOfFile: target, encoding: .utf8)
            #expect(kept == "keep")
        }
    }
}
