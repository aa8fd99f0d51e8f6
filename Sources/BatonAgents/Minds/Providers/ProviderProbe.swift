import AsyncHTTPClient
package import BatonCore
import BatonEngine
import Foundation
import NIOCore
import NIOHTTP1

/// What came of asking a provider which models it has: that costs nothing, and tries address, network and key.
package enum ProviderProbe: Hashable, Sendable {
    /// It answers, and lists these.
    case lists([String])
    /// It answers, and keeps no list.
    case answers(status: Int)
    case refusesKey(status: Int)
    case failed(Failure)
}

extension Providers {
    /// Asks a provider of models; nil if there is none of that name.
    package func probe(_ name: String) async -> ProviderProbe? {
        guard let provider = ModelProvider.named(name) else { return nil }
        let access: KeyRing.Access
        do throws(Failure) {
            access = try self.keys.access(to: provider)
        } catch {
            return .failed(error)
        }
        let place = access.address.absoluteString
        let list = String(place.dropLast(provider.path.count)) + provider.modelsPath
        var request = HTTPClientRequest(url: list)
        request.headers.add(name: "user-agent", value: "baton/\(Baton.version)")
        for (name, value) in access.fields(for: provider.form) { request.headers.add(name: name, value: value) }
        do {
            let (status, bytes) = try await OutboundHTTP.within(10, by: self.clock) { [request] in
                let response = try await OutboundHTTP.client.execute(request, deadline: .distantFuture)
                let body = try await response.body.collect(upTo: 8 << 20)
                return (Int(response.status.code), Array(body.readableBytesView))
            }
            if status == 401 || status == 403 { return .refusesKey(status: status) }
            let listed = (try? JSON(parsing: bytes))?["data"]?.elements?.compactMap { $0["id"]?.string }
            return status == 200 ? listed.map { .lists($0) } ?? .answers(status: status) : .answers(status: status)
        } catch {
            let words = ProviderFailure.plain(OutboundHTTP.words(for: error), access.secrets)
            let late = error is OutboundHTTP.Late ? "it has not answered within 10 s" : words
            return .failed(
                Failure(
                    .transient,
                    "provider.unreachable",
                    "\(provider.name) cannot be reached: \(late)",
                    remedy: "see that \(list) is there"
                )
            )
        }
    }
}

extension KeyRing.Access {
    /// The headers that say who asks.
    func fields(for form: ModelProvider.Form) -> [(String, String)] {
        let version = form == .messages ? [("anthropic-version", "2023-06-01")] : []
        guard let key else { return version }
        switch form {
        case .messages: return [("x-api-key", key.header)] + version
        case .chat, .responses: return [("authorization", "Bearer \(key.header)")]
        }
    }
}

extension ModelProvider {
    /// Where it lists its models, behind the same beginning as ``path``.
    fileprivate var modelsPath: String {
        for end in ["messages", "chat/completions", "responses"] where self.path.hasSuffix(end) {
            return self.path.dropLast(end.count) + "models"
        }
        return "/models"
    }
}
