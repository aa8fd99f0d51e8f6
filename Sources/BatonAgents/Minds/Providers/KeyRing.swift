import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The addresses and keys of providers: from the environment, else from files that only this user can read.
package struct KeyRing: Sendable {
    private var values: [String: String] = [:]
    private let refused: [String]

    private static let largestFile = 1 << 20

    /// - Parameters:
    ///   - environment: what it holds goes before what files hold.
    ///   - files: such as `.env`; lines of `NAME=value`. One that others can read is not read.
    package init(environment: [String: String], files: [String] = []) {
        var refused: [String] = []
        for path in files.reversed() {
            switch Self.read(path) {
            case .absent: break
            case .open: refused.append(path)
            case .text(let text): self.values.merge(Self.assignments(in: text)) { $1 }
            }
        }
        self.refused = refused
        for name in Self.names {
            if let value = environment[name], !value.isEmpty { self.values[name] = value }
        }
    }

    // No other variable is looked at.
    private static let names = Set(
        ModelProvider.all.flatMap { [$0.addressVariable, $0.keyVariable].compactMap { $0 } }
    )

    /// All that has to be known to ask a provider.
    struct Access: Sendable {
        /// Where questions go.
        let address: URL
        let key: APIKey?
    }

    /// - Throws: a failure that says what is missing, and which variable holds it.
    func access(to provider: ModelProvider) throws(Failure) -> Access {
        let key = provider.keyVariable.flatMap { name in self.values[name].map { APIKey(name: name, secret: $0) } }
        guard key != nil || !provider.needsKey else { throw self.noKey(of: provider) }
        guard let text = self.values[provider.addressVariable] ?? provider.address else {
            throw ProviderFailure.address(provider, "\(provider.addressVariable) is not set")
        }
        guard let base = URL(string: text), let host = base.host, !host.isEmpty, base.user == nil, base.query == nil,
            let address = URL(string: (text.hasSuffix("/") ? String(text.dropLast()) : text) + provider.path)
        else {
            throw ProviderFailure.address(
                provider,
                "\(provider.addressVariable) holds no address of the form https://HOST/PATH"
            )
        }
        switch address.scheme {
        case "https": break
        case "http" where key == nil || Self.isHere(host): break
        default:
            throw ProviderFailure.address(
                provider,
                "a key goes out by https only, and \(provider.addressVariable) names \(address.scheme ?? "no scheme")"
            )
        }
        return Access(address: address, key: key)
    }

    private static func isHere(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
    }

    private func noKey(of provider: ModelProvider) -> Failure {
        let name = provider.keyVariable ?? ""
        let hidden = self.refused.first.map { "; \($0) was not read, as others can read it: chmod 600 \($0)" } ?? ""
        return Failure(
            .permanent,
            "provider.key",
            "there is no key for \(provider.name): \(name) is not set" + hidden,
            remedy: "set \(name), or write it into a file .env that only you can read"
        )
    }

    // MARK: Files

    private enum Found {
        case absent
        case open
        case text(String)
    }

    private static func read(_ path: String) -> Found {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .absent }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= off_t(Self.largestFile)
        else { return .absent }
        guard status.st_mode & 0o077 == 0, status.st_uid == getuid() else { return .open }
        guard let bytes = try? file.read(upToCount: Self.largestFile) else { return .absent }
        return .text(String(decoding: bytes, as: UTF8.self))
    }

    private static func assignments(in text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("export ") { line = String(line.dropFirst(7)) }
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].trimmingCharacters(in: .whitespaces)
            guard Self.names.contains(name) else { continue }
            let value = Self.unquoted(line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces))
            if !value.isEmpty { values[name] = value }
        }
        return values
    }

    private static func unquoted(_ text: String) -> String {
        for quote in ["\"", "'"] where text.hasPrefix(quote) {
            return text.dropFirst().prefix { String($0) != quote }.description
        }
        // A comment may follow.
        return text.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    }
}
