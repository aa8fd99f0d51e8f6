import BatonCore
package import BatonEngine

// Tools of others: Swift functions of the program that holds the engine, and servers that speak the Model Context Protocol.
extension ToolBox {
    package func offers(for work: Work) async -> OfferResult {
        let grants = work.task.tools(of: work.agent).filter(ToolGrant.isForeign)
        var offers: [ToolOffer] = []
        for server in Self.servers(of: grants) {
            let found: [ToolOffer]
            if server == ToolServer.swift {
                found = self.functions.map(\.offer)
            } else {
                do throws(Failure) {
                    found = try await self.servers.offers(of: server, for: work)
                } catch {
                    return Task.isCancelled ? .stopped : .failed(error)
                }
            }
            offers += found.filter { ToolGrant.covers(grants, $0.source) }
        }
        let missing = grants.filter { grant in !offers.contains { ToolGrant.covers([grant], $0.source) } }
        if let first = missing.first { return .failed(Self.missing(first, work)) }
        if Set(offers.map(\.name)).count < offers.count { return .failed(Self.alike(offers, work)) }
        guard offers.count <= Catalogue.most else { return .failed(Self.tooMany(offers.count, work)) }
        return .offered(offers)
    }

    func callForeign(_ call: Transcript.Call, _ offer: ToolOffer, _ work: Work) async -> WorkResult {
        let server = ToolGrant.server(of: offer.source)
        let tool = String(offer.source.dropFirst(server.utf8.count + 1))
        // What the schema of another says that cannot be held, the other holds itself.
        if let fault = (try? JSONSchema(offer.input))?.faults(of: call.input).first {
            return .failed(Self.failure(call, fault, "call it again with arguments of its schema"))
        }
        guard server == ToolServer.swift else {
            return await self.servers.call(tool, call.input, of: server, for: work)
        }
        guard let function = self.functions.first(where: { $0.name == tool }) else {
            return .failed(Self.missing(offer.source, work))
        }
        do {
            return .done(try await function.body(call.input, work))
        } catch {
            if Task.isCancelled { return .stopped() }
            let words = PlainText.line(String(describing: error), limit: 1000)
            return .failed(Self.failure(call, words, "see what the function \(function.name) wants"))
        }
    }

    // Each once, in the order of the grants.
    private static func servers(of grants: [String]) -> [String] {
        var servers: [String] = []
        for server in grants.map(ToolGrant.server) where !servers.contains(server) { servers.append(server) }
        return servers
    }

    // MARK: What goes wrong

    private static func missing(_ grant: String, _ work: Work) -> Failure {
        let server = ToolGrant.server(of: grant)
        let remedy =
            server == ToolServer.swift
            ? "give LanguageModels(tools:) a tool of this name, or take it out of the tools of agent \(work.agent.id)"
            : "see what \(server) offers with `baton tools PLAN`, or take it out of the tools of agent \(work.agent.id)"
        return Failure(
            .permanent,
            "tool.unknown",
            "nobody offers the tool \(PlainText.line(grant, limit: 160))",
            remedy: remedy
        )
    }

    private static func alike(_ offers: [ToolOffer], _ work: Work) -> Failure {
        let counts = Dictionary(grouping: offers, by: \.name).filter { $1.count > 1 }
        let name = counts.keys.min() ?? ""
        return Failure(
            .permanent,
            "tool.names",
            "two tools of agent \(work.agent.id) would both be called \(PlainText.line(name, limit: 64)) by models",
            remedy: "grant one of them only, by its name"
        )
    }

    private static func tooMany(_ count: Int, _ work: Work) -> Failure {
        Failure(
            .permanent,
            "tool.too_many",
            "agent \(work.agent.id) would have \(count) tools of others; \(Catalogue.most) is the most",
            remedy: "name single tools in the place of SERVER/*"
        )
    }
}
