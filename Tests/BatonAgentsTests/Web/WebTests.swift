import BatonCore
import BatonEngine
import BatonTestKit
import Testing

@testable import BatonAgents

/// Pages and searches, from a server that does what it is told.
@Suite(.timeLimit(.minutes(2))) struct WebTests {
    private struct Rig {
        let server: WireServer
        let clock = ManualClock()
        let web: Web
        var rules = Plan.Web()

        init(_ reply: @escaping @Sendable (WireServer.Request, Int) -> WireServer.Reply) throws {
            self.server = try WireServer(reply)
            self.web = Web(environment: ["SEARCH_KEY": "k-17-long-enough"], clock: self.clock)
            self.rules.hosts = ["127.0.0.1:\(self.server.port)"]
            self.rules.search = Plan.Web.Search(url: "http://127.0.0.1:\(self.server.port)/search?q={query}")
        }

        var base: String { "http://127.0.0.1:\(self.server.port)" }

        private var work: Work {
            Work(run: "r", task: TaskSpec(id: "a"), agent: AgentProfile(id: "ada"), web: self.rules)
        }

        func fetch(_ path: String, offset: Int64 = 0) async -> Result<JSON, Web.Fault> {
            do throws(Web.Fault) {
                return .success(
                    try await self.web.fetch(
                        ["url": .string(self.base + path), "offset": .integer(offset)],
                        for: self.work
                    )
                )
            } catch {
                return .failure(error)
            }
        }

        func search(_ query: String, limit: Int64 = 10) async -> Result<JSON, Web.Fault> {
            do throws(Web.Fault) {
                return .success(
                    try await self.web.search(["query": .string(query), "limit": .integer(limit)], for: self.work)
                )
            } catch {
                return .failure(error)
            }
        }
    }

    private static func page(_ text: String, _ type: String = "text/html; charset=utf-8") -> WireServer.Reply {
        WireServer.Reply("200 OK", ["content-type: \(type)"], text)
    }

    private static func words(_ result: Result<JSON, Web.Fault>) -> String {
        switch result {
        case .success(let value): value.description
        case .failure(let fault): fault.words
        }
    }

    @Test func `a page comes as text, with its title, and the same again comes from before`() async throws {
        let rig = try Rig { _, _ in Self.page("<title>Tea</title><p>Boil water.</p>") }
        let first = try await rig.fetch("/tea").get()
        #expect(first["title"] == "Tea" && first["text"] == "Boil water." && first["cached_seconds_ago"] == nil)
        rig.clock.advance(by: .seconds(60))
        let second = try await rig.fetch("/tea").get()
        #expect(second["text"] == "Boil water." && second["cached_seconds_ago"] == 60)
        rig.clock.advance(by: .seconds(3600))
        #expect(try await rig.fetch("/tea").get()["cached_seconds_ago"] == nil)
        #expect(rig.server.requests.count == 2)
    }

    @Test func `a long page is read in parts, none of them in the midst of a letter`() async throws {
        let text = String(repeating: "é", count: 70_000)
        let rig = try Rig { _, _ in Self.page(text, "text/plain; charset=utf-8") }
        var (read, offset) = ("", Int64(0))
        for _ in 0..<5 {
            let part = try await rig.fetch("/long", offset: offset).get()
            read += part["text"]?.string ?? ""
            guard let next = part["next_offset"]?.integer else { break }
            offset = next
        }
        #expect(read == text)
        #expect(rig.server.requests.count == 1)
    }

    @Test func `a redirect is looked at like any address`() async throws {
        let rig = try Rig { request, _ in
            request.head.contains("/away")
                ? WireServer.Reply("302 Found", ["location: http://169.254.169.254/latest/"], "")
                : request.head.contains("/on")
                    ? WireServer.Reply("301 Moved", ["location: /tea"], "")
                    : request.head.contains("/round")
                        ? WireServer.Reply("302 Found", ["location: /round"], "") : Self.page("<p>Tea</p>")
        }
        #expect(try await rig.fetch("/on").get()["text"] == "Tea")
        guard case .failure(let fault) = await rig.fetch("/away") else {
            Issue.record("it was followed")
            return
        }
        #expect(fault.isBlocked && fault.words.contains("169.254.169.254"))
        #expect(Self.words(await rig.fetch("/round")).contains("more than 5 times"))
    }

    @Test(
        arguments: [
            (WireServer.Reply("404 Not Found", [], "no"), "status 404"),
            (Self.page("%PDF", "application/pdf"), "application/pdf"),
            (Self.page(String(repeating: "x", count: 5 << 20), "text/plain"), "more than 4194304 bytes"),
        ]
    )
    func `what is no page says why`(reply: WireServer.Reply, words: String) async throws {
        let rig = try Rig { _, _ in reply }
        #expect(Self.words(await rig.fetch("/x")).contains(words))
    }

    @Test(
        arguments: [
            (["results": [["title": "Tea", "url": "https://t", "content": "leaves"]]], nil),
            (["web": ["results": [["title": "Tea", "url": "https://t", "description": "leaves"]]]], nil),
            ([["name": "Tea", "link": "https://t", "snippet": "leaves"]], nil),
            (["deep": ["down": [["title": "Tea", "url": "https://t", "text": "leaves"]]]], "deep.down"),
        ] as [(JSON, String?)]
    )
    func `a search is read as known endpoints answer, or as the plan says`(answer: JSON, place: String?) async throws {
        var rig = try Rig { _, _ in Self.page(answer.description, "application/json") }
        rig.rules.search?.results = place
        rig.rules.search?.headers = [AgentProfile.Variable("X-Key", "${SEARCH_KEY}")]
        let found = try await rig.search("green tea & more").get()
        #expect(found["results"] == [["title": "Tea", "url": "https://t", "text": "leaves"]])
        let request = try #require(rig.server.requests.first)
        #expect(request.head.hasPrefix("GET /search?q=green%20tea%20%26%20more "))
        #expect(request.header("x-key") == "k-17-long-enough")
        _ = try await rig.search("green tea & more").get()
        #expect(rig.server.requests.count == 1)
    }

    @Test func `a text is read by its charset, and a search does not tell its key`() async throws {
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/plain; charset=iso-8859-1\r\n\r\ncaf"
        let latin = WireServer.Reply([Array(head.utf8) + [0xE9]])
        #expect(try await Rig { _, _ in latin }.fetch("/x").get()["text"] == "café")
        var rig = try Rig { _, _ in Self.page(#"[{"title": "k-17-long-enough"}]"#, "application/json") }
        rig.rules.search?.headers = [AgentProfile.Variable("X-Key", "${SEARCH_KEY}")]
        #expect(try await rig.search("x").get()["results"] == [["title": "[redacted:SEARCH_KEY]"]])
    }

    @Test func `a page that never ends is given up`() async throws {
        let rig = try Rig { _, _ in WireServer.Reply("200 OK", ["content-type: text/plain"], "and then", ending: .hang)
        }
        let fetching = Task { await rig.fetch("/endless") }
        while rig.server.requests.isEmpty { await Task.yield() }
        await rig.clock.advanceToNextSleeper()
        #expect(Self.words(await fetching.value).contains("within 30 s"))
    }

    @Test func `a search that cannot be made says what is missing`() async throws {
        var rig = try Rig { _, _ in Self.page("[]", "text/html") }
        #expect(try await rig.search("x").get()["results"] == [])
        rig.rules.search?.headers = [AgentProfile.Variable("X-Key", "${NO_KEY}")]
        #expect(Self.words(await rig.search("y")).contains("NO_KEY, which is not set"))
        rig.rules.search = nil
        #expect(Self.words(await rig.search("y")).contains("web.search.url"))
    }
}
