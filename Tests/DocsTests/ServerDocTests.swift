import BatonCore
import BatonEngine
import Testing

@testable import BatonServer

/// What docs/api.md and docs/openapi.json say of the API is what the server answers.
@Suite struct ServerDocTests {
    private let page: Document

    init() throws { self.page = try Document("docs/api.md") }

    @Test func `the routes documented are exactly those of the server`() throws {
        let rows = try #require(self.page.rows(of: "The API of a running engine", first: "method"))
        let routes = Route.all.map { [$0.method, $0.path, $0.summary, $0.body ?? "", $0.answer] }
        #expect(rows == routes)
    }

    @Test func `the commands documented have exactly the fields that are read`() throws {
        let rows = try #require(self.page.rows(of: "command", first: "command"))
        #expect(rows.map { [$0[0], $0[1]] } == Wish.fields.map { [$0.word, $0.fields.joined(separator: ", ")] })
    }

    @Test func `the OpenAPI document in docs is the one that is served`() throws {
        let stored = try JSON(parsing: try SourceFiles.text("docs/openapi.json").utf8)
        #expect(stored == OpenAPI.document, "write it anew: scripts/openapi")
    }

    @Test func `every shape that the document names is a heading of the page`() throws {
        let named = Set(Route.all.flatMap { [$0.answer] + ($0.body.map { [$0] } ?? []) })
        // Those of the command line: the page says so in a sentence.
        let elsewhere: Set<String> = [
            "openapi", "runs", "inbox", "agents", "report", "graph", "why", "why_task", "stats", "replay", "diff",
            "archive",
        ]
        for shape in named.subtracting(elsewhere) {
            #expect(self.page.sections.contains { $0.title == shape }, "\(shape)")
        }
    }

    @Test func `every command reads back as it is written`() throws {
        let wishes: [Wish] = [
            .pause(now: true), .pause(now: false), .resume, .cancel, .skip("t", note: "n"), .retry("t"),
            .reprioritize("t", 4), .add([.sentence("s"), .spec(TaskSpec(id: "x", description: "d"))]),
            .edit("t", ["priority": 2]), .steer(.everyone, "a"), .steer(.agent("w"), "b"), .steer(.task("t"), "c"),
            .answer(QuestionID(3), .words("w")), .answer(QuestionID(3), .fail("f"), shown: "0a"),
            .answer(QuestionID(3), .skip("not now")),
        ]
        for wish in wishes { #expect(try Wish(json: wish.json) == wish) }
        #expect(Set(wishes.map(\.word)) == Set(Wish.fields.map(\.word)))
    }

    @Test func `errors have the status that the page gives them`() throws {
        let rows = self.page.sections.first { $0.title == "codes of the API" }?.tables.first?.dropFirst() ?? []
        #expect(rows.count > 8)
        for row in rows {
            let status = Status.code(of: BatonError(BatonError.Code(row[0]), "", remedy: ""))
            #expect(row[1].hasSuffix("(\(status))"), "\(row[0])")
        }
    }
}
