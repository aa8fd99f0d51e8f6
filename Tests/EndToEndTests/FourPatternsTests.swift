import BatonCore
import BatonTestKit
import Foundation
import Testing

/// The shipped example of all patterns, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct FourPatternsTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test func `all patterns and a manager come to their results, the same ones every time`() throws {
        let baton = Binary(folder: self.folder.path)
        #expect(try baton("examples", "four-patterns", "--to", "here").code == 0)
        var outputs: [[JSON?]] = []
        for run in ["one", "two"] {
            #expect(try baton("run", "here/plan.yml", "--id", run).code == 0)
            outputs.append(
                try ["article", "pictures", "issue", "colour", "party"].map { task in
                    try JSON(parsing: Array(try baton("show", run, task, "--json").output.utf8))["output"]
                }
            )
        }
        #expect(outputs[0] == outputs[1])
        #expect(
            outputs[0][0]?.elements?.compactMap { $0["task_id"]?.string } == ["article.1", "article.2", "article.3"]
        )
        #expect(outputs[0][2]?["results"]?["cover"] != nil && outputs[0][2]?["results"]?["index"] != nil)
        #expect(outputs[0][3]?["total_agents"] == 3)
        #expect(try baton("show", "one").output.contains("party.second"))
    }
}
