import Foundation

/// What a browser asks its proxy for: a tunnel to a host, or a page by http.
struct ProxyRequest: Hashable {
    /// Where it goes, as an address that a guard can look at.
    let url: String
    /// The request as its server gets it; nil for a tunnel.
    let forwarded: [UInt8]?
    /// What came after the head.
    let rest: [UInt8]

    /// What only concerns the two of them; each connection carries one request.
    private static let ownHeaders: Set<String> = [
        "connection", "proxy-connection", "proxy-authorization", "keep-alive",
    ]

    /// - Returns: nil as long as the head is not whole. One that cannot be read names an address that no guard lets pass.
    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        self.rest = Array(bytes[end.upperBound...])
        var lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            (self.url, self.forwarded) = ("", nil)
            return
        }
        guard words[0] != "CONNECT" else {
            // A tunnel to the port of http is for what is not encrypted, such as a socket of the web.
            let (scheme, place) = words[1].hasSuffix(":80") ? ("http", words[1].dropLast(3)) : ("https", words[1][...])
            (self.url, self.forwarded) = ("\(scheme)://\(place)/", nil)
            return
        }
        let url = URL(string: words[1], encodingInvalidCharacters: false)
        self.url = words[1]
        // From the path on, as it came.
        let place = words[1].dropFirst((url?.scheme?.count ?? 0) + 3).drop { !"/?#".contains($0) }
        let path = place.hasPrefix("/") ? String(place) : "/\(place)"
        lines.removeAll { line in
            Self.ownHeaders.contains(line.prefix { $0 != ":" }.trimmingCharacters(in: .whitespaces).lowercased())
        }
        let head = (["\(words[0]) \(path) \(words[2])"] + lines + ["connection: close"]).joined(separator: "\r\n")
        self.forwarded = Array("\(head)\r\n\r\n".utf8)
    }
}
