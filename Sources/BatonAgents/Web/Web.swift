import AsyncHTTPClient
import BatonCore
import BatonEngine
import Foundation
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// The tools `fetch_url` and `web_search`.
struct Web: Sendable {
    struct Fault: Error, Hashable {
        let words: String
        var isBlocked = false
    }

    /// No page is larger, packed or not.
    static let largestBody = 4 << 20
    /// So much of a page is brought at once.
    static let pageBytes = 64 << 10
    private static let mostRedirects = 5
    private static let seconds = 30.0

    private let environment: [String: String]
    private let clock: any EngineClock
    private let cache = WebCache()
    private let resolve: @Sendable (String) async -> [EgressGuard.Address]

    init(
        environment: [String: String],
        clock: any EngineClock,
        resolve: @escaping @Sendable (String) async -> [EgressGuard.Address] = EgressGuard.system
    ) {
        self.environment = environment
        self.clock = clock
        self.resolve = resolve
    }

    // MARK: Pages

    func fetch(_ input: JSON, for work: Work) async throws(Fault) -> JSON {
        let address = input["url"]?.string ?? ""
        let page = try await self.cached("fetch \(address)", work) { () async throws(Fault) in
            try await self.page(at: address, work.web)
        }
        return Self.part(of: page, from: Int(input["offset"]?.integer ?? 0))
    }

    // A page is kept whole, and read in parts.
    private static func part(of page: JSON, from offset: Int) -> JSON {
        let text = page["text"]?.string ?? ""
        guard offset < text.utf8.count || offset == 0 else {
            return page.adding("text", "").adding("ends_at", .integer(Int64(text.utf8.count)))
        }
        let part = TextPart(of: text, from: offset, most: Self.pageBytes)
        let shown = page.adding("text", .string(part.text))
        return part.nextOffset.map { shown.adding("next_offset", .integer(Int64($0))) } ?? shown
    }

    private func page(at address: String, _ rules: Plan.Web) async throws(Fault) -> JSON {
        let egress = EgressGuard(hosts: rules.hosts, resolve: self.resolve)
        var address = address
        for _ in 0...Self.mostRedirects {
            let target = try await self.allowed(address, egress)
            let (response, bytes) = try await self.get(target)
            let status = Int(response.status.code)
            if 300..<400 ~= status, let place = response.headers.first(name: "location") {
                guard let next = URL(string: place, relativeTo: target.url)?.absoluteURL.absoluteString else {
                    throw Fault(words: "\(target.host) leads to what is no address")
                }
                address = next
                continue
            }
            guard 200..<300 ~= status else {
                throw Fault(words: "\(target.host) answers with status \(status)")
            }
            return try Self.read(bytes, response.headers.first(name: "content-type") ?? "text/plain", at: address)
        }
        throw Fault(words: "it is led on more than \(Self.mostRedirects) times")
    }

    private func allowed(_ address: String, _ egress: EgressGuard) async throws(Fault) -> EgressGuard.Target {
        do {
            return try await OutboundHTTP.within(Self.seconds, by: self.clock) { try await egress.target(of: address) }
        } catch let blocked as EgressGuard.Blocked {
            throw Fault(words: blocked.words, isBlocked: true)
        } catch {
            throw Fault(words: "its host is not found within \(Int(Self.seconds)) s")
        }
    }

    private static func read(_ bytes: [UInt8], _ type: String, at address: String) throws(Fault) -> JSON {
        let kind = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        let charset = type.lowercased().firstRange(of: "charset=").map { found in
            String(
                type[found.upperBound...].drop { $0 == "\"" }.prefix {
                    $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
                }
            )
        }
        var page: JSON = ["url": .string(address), "type": .string(String(kind))]
        switch kind {
        case "text/html", "application/xhtml+xml":
            let read = WebPage(html: bytes, charset: charset, base: URL(string: address))
            if !read.title.isEmpty { page = page.adding("title", .string(read.title)) }
            return page.adding("text", .string(read.text))
        case _
        where kind.hasPrefix("text/") || kind.hasSuffix("json") || kind.hasSuffix("xml") || kind.hasSuffix("yaml"):
            return page.adding("text", .string(Self.text(bytes, charset)))
        default:
            throw Fault(words: "it is \(PlainText.line(String(kind), limit: 60)) of \(bytes.count) bytes, and no text")
        }
    }

    private static func text(_ bytes: [UInt8], _ charset: String?) -> String {
        let encoding: String.Encoding? =
            switch charset?.lowercased() {
            case "iso-8859-1", "latin1", "us-ascii": .isoLatin1
            case "windows-1252", "cp1252": .windowsCP1252
            case "utf-16": .utf16
            default: nil
            }
        return encoding.flatMap { String(bytes: bytes, encoding: $0) } ?? String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Searching

    func search(_ input: JSON, for work: Work) async throws(Fault) -> JSON {
        guard let search = work.web.search else {
            throw Fault(words: "the plan names no place to search; web.search.url does")
        }
        let query = input["query"]?.string ?? ""
        let most = Int(input["limit"]?.integer ?? 10)
        let found = try await self.cached("search \(query)", work) { () async throws(Fault) in
            try await self.results(of: query, search)
        }
        let results = Array((found["results"]?.elements ?? []).prefix(most))
        return found.adding("results", .array(results))
    }

    private func results(of query: String, _ search: Plan.Web.Search) async throws(Fault) -> JSON {
        var letters = CharacterSet.alphanumerics
        letters.insert(charactersIn: "-._~")
        let asked = query.addingPercentEncoding(withAllowedCharacters: letters) ?? ""
        var request = HTTPClientRequest(url: search.url.replacing("{query}", with: asked))
        request.headers.add(name: "accept", value: "application/json")
        for header in search.headers {
            do throws(HeaderText.Fault) {
                request.headers.add(name: header.name, value: try HeaderText.filled(header, self.environment))
            } catch {
                throw Fault(words: error.words)
            }
        }
        let (response, bytes) = try await self.bytes(of: request, by: OutboundHTTP.client)
        let status = Int(response.status.code)
        guard 200..<300 ~= status else {
            throw Fault(words: "the search answers with status \(status)")
        }
        guard let node = try? JSONReader.read(bytes, depth: 64), let answer = JSON(node) else {
            throw Fault(words: "the search answers with what is no JSON")
        }
        let secrets = Secrets(HeaderText.variables(in: search.headers), of: self.environment)
        return [
            "query": .string(query), "results": .array(try SearchResults.read(answer, search).map(secrets.redacting)),
        ]
    }

    // MARK: The wire

    private func cached(
        _ request: String,
        _ work: Work,
        _ fetch: () async throws(Fault) -> JSON
    ) async throws(Fault) -> JSON {
        let now = self.clock.now()
        let oldest = Timestamp(microseconds: now.microseconds - Int64(work.web.cacheSeconds * 1_000_000))
        if let entry = self.cache.value(of: request, in: work.run, notBefore: oldest) {
            return entry.value.adding(
                "cached_seconds_ago",
                .integer((now.microseconds - entry.at.microseconds) / 1_000_000)
            )
        }
        let value = try await fetch()
        self.cache.keep(value, of: request, in: work.run, at: now)
        return value
    }

    // A client of its own, which connects to the address that was looked at, under the host's name.
    private func get(_ target: EgressGuard.Target) async throws(Fault) -> (HTTPClientResponse, [UInt8]) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.decompression = .enabled(limit: .size(Self.largestBody))
        configuration.dnsOverride = [target.host: target.address]
        let client = HTTPClient(eventLoopGroup: OutboundHTTP.group, configuration: configuration)
        var request = HTTPClientRequest(url: target.url.absoluteString)
        request.headers.add(name: "user-agent", value: "baton/\(Baton.version)")
        request.headers.add(name: "accept", value: "text/html, text/*, application/json;q=0.9, */*;q=0.1")
        let result: Result<(HTTPClientResponse, [UInt8]), Fault>
        do throws(Fault) {
            result = .success(try await self.bytes(of: request, by: client))
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        return try result.get()
    }

    private func bytes(
        of request: HTTPClientRequest,
        by client: HTTPClient
    ) async throws(Fault) -> (HTTPClientResponse, [UInt8]) {
        do {
            return try await OutboundHTTP.within(Self.seconds, by: self.clock) {
                let response = try await client.execute(request, deadline: .distantFuture)
                var bytes: [UInt8] = []
                for try await part in response.body {
                    bytes += part.readableBytesView
                    guard bytes.count <= Self.largestBody else {
                        throw Fault(words: "it has more than \(Self.largestBody) bytes")
                    }
                }
                return (response, bytes)
            }
        } catch let fault as Fault {
            throw fault
        } catch is OutboundHTTP.Late {
            throw Fault(words: "it has not answered whole within \(Int(Self.seconds)) s")
        } catch {
            throw Fault(words: "it cannot be reached: \(OutboundHTTP.words(for: error))")
        }
    }
}
