import BatonCore
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The addresses and keys of providers: from the environment, else from files that only this user can read.
package struct KeyRing: Sendable {
    private var values: [String: Value] = [:]
    /// Files that hold something of ours and are not used, as others can read them.
    package let refused: [String]
    /// All keys that stand anywhere here, also those that are not used: where others repeat them, their names take their place.
    package private(set) var secrets = Secrets.none

    private struct Value {
        let text: String
        /// Nil is the environment.
        let file: String?
    }

    private static let largestFile = 1 << 20

    /// - Parameters:
    ///   - environment: what it holds goes before what files hold.
    ///   - files: such as `.env`; lines of `NAME=value`. One that others can read is not used.
    package init(environment: [String: String], files: [String] = []) {
        var refused: [String] = []
        var keys: [APIKey] = []
        for path in files.reversed() {
            guard let (text, isPrivate) = Self.read(path) else { continue }
            let found = Self.assignments(in: text)
            keys += Self.keys(in: found)
            if isPrivate {
                self.values.merge(found.mapValues { Value(text: $0, file: path) }) { $1 }
            } else if !found.isEmpty {
                refused.append(path)
            }
        }
        self.refused = refused
        for name in Self.names {
            // Whoever reads a key out of a file gets its line end, too.
            let text = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            if !text.isEmpty { self.values[name] = Value(text: text, file: nil) }
        }
        self.secrets = Secrets(keys + Self.keys(in: self.values.mapValues(\.text)))
    }

    // No other variable is looked at.
    private static let names = Set(
        ModelProvider.all.flatMap { [$0.addressVariable, $0.keyVariable].compactMap { $0 } }
    )

    private static let keyNames = Set(ModelProvider.all.compactMap(\.keyVariable))

    private static func keys(in values: [String: String]) -> [APIKey] {
        values.sorted { $0.key < $1.key }.filter { Self.keyNames.contains($0.key) }.map {
            APIKey(name: $0.key, secret: $0.value)
        }
    }

    /// All that has to be known to ask a provider.
    struct Access: Sendable {
        /// Where questions go.
        let address: URL
        let key: APIKey?
        /// What it must not repeat.
        let secrets: Secrets
    }

    /// - Throws: a failure that says what is missing, and which variable holds it.
    func access(to provider: ModelProvider) throws(Failure) -> Access {
        let key = try provider.keyVariable.flatMap { self.values[$0] }.map { value throws(Failure) in
            try self.key(of: provider, value)
        }
        guard key != nil || !provider.needsKey else { throw self.noKey(of: provider) }
        let named = self.values[provider.addressVariable]
        guard let text = named?.text ?? provider.address else {
            throw ProviderFailure.address(provider, "\(provider.addressVariable) is not set" + self.hint)
        }
        if let file = named?.file, let value = provider.keyVariable.flatMap({ self.values[$0] }), value.file != file {
            let why = "\(file) sets \(provider.addressVariable) and would take a key there that it does not hold itself"
            throw ProviderFailure.address(provider, why)
        }
        return Access(
            address: try Self.address(text, of: provider, hasKey: key != nil),
            key: key,
            secrets: self.secrets.before(key)
        )
    }

    private func key(of provider: ModelProvider, _ value: Value) throws(Failure) -> APIKey {
        let name = provider.keyVariable ?? ""
        guard value.text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Failure(
                .permanent,
                "provider.key",
                "\(name) holds a sign that no key has",
                remedy: "set \(name) to the key alone"
            )
        }
        return APIKey(name: name, secret: value.text)
    }

    private static func address(_ text: String, of provider: ModelProvider, hasKey: Bool) throws(Failure) -> URL {
        guard let base = URL(string: text), let host = base.host, !host.isEmpty, base.user == nil, base.password == nil,
            base.query == nil, base.fragment == nil,
            let address = URL(string: (text.hasSuffix("/") ? String(text.dropLast()) : text) + provider.path)
        else {
            throw ProviderFailure.address(
                provider,
                "\(provider.addressVariable) holds no address of the form https://HOST/PATH"
            )
        }
        switch address.scheme?.lowercased() {
        case "https": return address
        case "http" where !hasKey || Self.isHere(host): return address
        default:
            throw ProviderFailure.address(
                provider,
                "a key goes out by https only, and \(provider.addressVariable) names \(address.scheme ?? "no scheme")"
            )
        }
    }

    // A name may look like an address of this machine and be another's.
    private static func isHere(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private var hint: String {
        self.refused.first.map { "; \($0) is not used, as others can read it: chmod 600 \($0)" } ?? ""
    }

    private func noKey(of provider: ModelProvider) -> Failure {
        let name = provider.keyVariable ?? ""
        return Failure(
            .permanent,
            "provider.key",
            "there is no key for \(provider.name): \(name) is not set" + self.hint,
            remedy: "set \(name), or write it into a file .env that only you can read"
        )
    }

    // MARK: Files

    private static func read(_ path: String) -> (text: String, isPrivate: Bool)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= off_t(Self.largestFile),
            let bytes = try? file.read(upToCount: Self.largestFile)
        else { return nil }
        let isPrivate = status.st_mode & 0o077 == 0 && status.st_uid == getuid()
        return (String(decoding: bytes, as: UTF8.self), isPrivate)
    }

    private static func assignments(in text: String) -> [String: String] {
        var values: [String: String] = [:]
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
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
        // A comment may follow behind a space.
        guard let comment = text.range(of: " #") ?? text.range(of: "\t#") else { return text }
        return text[..<comment.lowerBound].trimmingCharacters(in: .whitespaces)
    }
}
