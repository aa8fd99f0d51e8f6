import BatonCore
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where tools that agents call may go: public hosts by http or https, or those that the plan names.
///
/// A name is resolved once, and what was looked at is what is connected to, so that a name which leads elsewhere the next time is of no use. Every
/// redirect is looked at anew.
struct EgressGuard: Sendable {
    /// Hosts, or `HOST:PORT`; if there are any, nothing else may be reached, and these wherever they are.
    let hosts: [String]
    /// Finds the addresses of a host.
    let resolve: @Sendable (_ host: String) async -> [Address]

    init(hosts: [String], resolve: @escaping @Sendable (_ host: String) async -> [Address] = Self.system) {
        self.hosts = hosts
        self.resolve = resolve
    }

    /// An IP address by its bytes: 4 or 16.
    struct Address: Hashable, Sendable {
        let bytes: [UInt8]
        let text: String
    }

    /// Where a request may go.
    struct Target: Sendable {
        let url: URL
        let host: String
        let address: String

        var port: Int { EgressGuard.port(of: self.url) }
    }

    /// The one that it names, or that of its scheme.
    static func port(of url: URL) -> Int { url.port ?? Self.usualPort(of: url) }

    private static func usualPort(of url: URL) -> Int { url.scheme?.lowercased() == "https" ? 443 : 80 }

    struct Blocked: Error, Hashable {
        let words: String
    }

    /// - Throws: why an address may not be reached.
    func target(of text: String) async throws(Blocked) -> Target {
        let (url, host, port) = try Self.parts(of: text)
        let isNamed = self.hosts.contains { $0 == host || $0 == "\(host):\(port)" }
        guard self.hosts.isEmpty || isNamed else {
            throw Blocked(
                words: "the plan lets nobody reach \(host); web.hosts names \(self.hosts.joined(separator: ", "))"
            )
        }
        guard port == Self.usualPort(of: url) || self.hosts.contains("\(host):\(port)") else {
            throw Blocked(
                words: "port \(port) of \(host) is no port of the web; web.hosts of the plan may name \(host):\(port)"
            )
        }
        let addresses = await self.resolve(host)
        guard let first = addresses.first else { throw Blocked(words: "there is no host \(host)") }
        // One that leads home is enough: nobody knows which of them would be taken.
        if !isNamed, let home = addresses.first(where: { !Self.isPublic($0.bytes) }) {
            throw Blocked(words: "\(host) is \(home.text), which is no address of the public web")
        }
        return Target(url: url, host: host, address: first.text)
    }

    // What two readers could read in two ways is not read at all.
    private static func parts(of text: String) throws(Blocked) -> (URL, host: String, port: Int) {
        let shown = PlainText.line(text, limit: 200)
        guard text.utf8.count <= 4096, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x5C }),
            let url = URL(string: text, encodingInvalidCharacters: false), let scheme = url.scheme?.lowercased()
        else { throw Blocked(words: "\(shown) is no address; write https://HOST/PATH, with %XX for other characters") }
        guard scheme == "http" || scheme == "https" else {
            throw Blocked(words: "\(PlainText.line(scheme, limit: 40)) is neither http nor https")
        }
        guard url.user == nil, url.password == nil,
            !(text.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }).contains("@")
        else { throw Blocked(words: "an address holds no names and passwords") }
        guard var host = url.host(percentEncoded: true)?.lowercased(), !host.isEmpty else {
            throw Blocked(words: "\(shown) names no host")
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x3A: true
            default: false
            }
        }
        guard isPlain else { throw Blocked(words: "\(shown) has a host that is none") }
        // As it is connected to: who looks an address up by the host must not find another spelling.
        guard var plain = URLComponents(url: url, resolvingAgainstBaseURL: false) else {
            throw Blocked(words: "\(shown) is no address")
        }
        plain.scheme = scheme
        plain.encodedHost = host.contains(":") ? "[\(host)]" : host
        plain.fragment = nil
        guard let url = plain.url else { throw Blocked(words: "\(shown) is no address") }
        return (url, host, Self.port(of: url))
    }

    // MARK: Addresses

    /// Whether an address belongs to the public web: not to this machine, a network of one's own, a provider's inside, or no one.
    static func isPublic(_ bytes: [UInt8]) -> Bool {
        if bytes.count == 4 { return Self.isPublic(bytes[0], bytes[1], bytes[2]) }
        guard bytes.count == 16 else { return false }
        // An address of four bytes within one of sixteen: mapped, or translated.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        let isTranslated = bytes.prefix(12) == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        if isMapped || isTranslated { return Self.isPublic(bytes[12], bytes[13], bytes[14]) }
        // Of all others only 2000::/3 is given out, without Teredo, ORCHID, documentation and 6to4.
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0x20, 0x01, 0x00...0x01, _), (0x20, 0x01, 0x0D, 0xB8), (0x20, 0x02, _, _), (0x3F, 0xFF, _, _):
            return false
        default: return true
        }
    }

    private static func isPublic(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second, third) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _), (169, 254, _), (192, 168, _): false
        case (100, 64...127, _), (172, 16...31, _), (198, 18...19, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): false
        default: true
        }
    }

    /// What the system's resolver says.
    static func system(_ host: String) async -> [Address] {
        let answer = Answer()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                answer.wait(waiter)
                // It waits for the network, and cannot be stopped: whoever is called off leaves it behind.
                DispatchQueue.global().async { answer.give(Self.lookedUp(host)) }
            }
        } onCancel: {
            answer.give([])
        }
    }

    /// Given once, whoever is first.
    private final class Answer: Sendable {
        private let state = Mutex<(waiter: CheckedContinuation<[Address], Never>?, given: [Address]?)>((nil, nil))

        func wait(_ waiter: CheckedContinuation<[Address], Never>) {
            let given = self.state.withLock { state in
                if state.given == nil { state.waiter = waiter }
                return state.given
            }
            if let given { waiter.resume(returning: given) }
        }

        func give(_ addresses: [Address]) {
            let waiter = self.state.withLock { state in
                defer { state.waiter = nil }
                if state.given == nil { state.given = addresses }
                return state.waiter
            }
            waiter?.resume(returning: addresses)
        }
    }

    private static func lookedUp(_ host: String) -> [Address] {
        var hints = addrinfo()
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let entry = next {
            if let address = Self.address(entry.pointee) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ entry: addrinfo) -> Address? {
        let bytes: [UInt8]
        switch entry.ai_family {
        case AF_INET:
            bytes = entry.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = entry.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
        var text = [CChar](repeating: 0, count: 64)
        let name = bytes.withUnsafeBytes { inet_ntop(entry.ai_family, $0.baseAddress, &text, 64) }
        return name.map { Address(bytes: bytes, text: String(cString: $0)) }
    }
}
