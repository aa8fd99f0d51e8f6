import BatonCore

/// Reads what an endpoint for searches answers, whatever it calls its parts.
enum SearchResults {
    // As known endpoints call them: SearXNG, Brave, Bing, Google, Tavily, Kagi.
    private static let lists = ["results", "web.results", "items", "webPages.value", "data", "organic_results"]
    private static let titles = ["title", "name"]
    private static let links = ["url", "link", "href"]
    private static let texts = ["content", "snippet", "description", "text"]

    static func read(_ answer: JSON, _ search: Plan.Web.Search) throws(Web.Fault) -> [JSON] {
        let places = search.results.map { [$0] } ?? Self.lists
        let found = answer.elements ?? places.lazy.compactMap { Self.value(at: $0, in: answer)?.elements }.first
        guard let found else {
            throw Web.Fault(words: "the search answers without a list; web.search.results of the plan says where it is")
        }
        return found.prefix(50).map { result in
            let parts = [
                ("title", search.title, Self.titles), ("url", search.link, Self.links),
                ("text", search.text, Self.texts),
            ]
            return .members(
                parts.compactMap { name, wanted, usual in
                    let words = (wanted.map { [$0] } ?? usual).lazy.compactMap {
                        Self.value(at: $0, in: result)?.string
                    }.first
                    return words.map { (name, .string(String($0.prefix(2000)))) }
                }
            )
        }
    }

    // `web.results` is results within web.
    private static func value(at path: String, in value: JSON) -> JSON? {
        path.split(separator: ".").reduce(value as JSON?) { $0?[String($1)] }
    }
}
