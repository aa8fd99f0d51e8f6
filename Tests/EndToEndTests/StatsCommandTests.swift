import BatonCore
import BatonTestKit
import Testing

/// `baton stats`, against the real program.
@Suite(.timeLimit(.minutes(10))) struct StatsCommandTests {
    @Test func `many runs are told by plan, and by agent if that is wanted`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        #expect(try baton("stats").code == 66)
        #expect(try baton("ask", "--command", "cat", "one").code == 0)
        #expect(try baton("ask", "--command", "false", "two").code == 1)
        #expect(try baton("ask", "--command", "cat", "three", "--id", "mine").code == 0)
        let told = try baton("stats", "--agents").output
        #expect(told.contains("PLAN"))
        #expect(told.contains("AGENT"))
        let json = try JSON(parsing: Array(try baton("stats", "--agents", "--json").output.utf8))
        #expect(json["runs"] == 3)
        #expect(json["plans"]?.elements?.map { $0["plan"] } == ["ask", "three"])
        #expect(json["plans"]?[0]?["runs"] == 2)
        #expect(json["plans"]?[0]?["success_rate"] == 50.0)
        let cat = try #require(json["agents"]?.elements?.first { $0["agent"] == "cat" })
        #expect(cat["runs"] == 2)
        #expect(cat["success_rate"] == 100.0)
        let newest = try JSON(parsing: Array(try baton("stats", "--last", "1", "--json").output.utf8))
        #expect(newest["runs"] == 1)
        #expect(newest["agents"] == JSON.null)
        #expect(try baton("stats", "--last", "0").code == 64)
    }
}
