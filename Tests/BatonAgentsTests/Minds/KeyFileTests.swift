import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonAgents

/// Which files may hold keys, and which addresses may take them.
@Suite struct KeyFileTests {
    private static func code(_ ring: KeyRing, _ provider: String = "anthropic") throws -> String? {
        let provider = try #require(ModelProvider.named(provider))
        do throws(Failure) {
            _ = try ring.access(to: provider)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        (0o600, true), (0o400, true), (0o700, true), (0o644, false), (0o640, false), (0o604, false), (0o660, false),
        (0o602, false), (0o610, false),
    ])
    func `a key file is for its owner alone`(mode: Int, isUsed: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("ANTHROPIC_API_KEY=sk-canary-1\n", to: ".env")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let ring = KeyRing(environment: [:], files: [path])
        #expect(try Self.code(ring) == (isUsed ? nil : "provider.key"), "\(String(mode, radix: 8))")
        #expect(ring.refused == (isUsed ? [] : [path]))
    }

    // The mode of what a link leads to counts, a pipe does not keep us.
    @Test func `a link leads to the mode of its target, and a pipe is no file`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("ANTHROPIC_API_KEY=sk-canary-1\n", to: "shared")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try FileManager.default.createSymbolicLink(atPath: folder(".env"), withDestinationPath: path)
        #expect(try Self.code(KeyRing(environment: [:], files: [folder(".env")])) == "provider.key")
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        #expect(try Self.code(KeyRing(environment: [:], files: [folder("pipe")])) == "provider.key")
    }

    // Case 127.
    @Test(arguments: [
        "http://192.0.2.1/v1", "http://10.0.0.1:8080", "HTTP://EXAMPLE.com", "http://0.0.0.0:80", "http://[fe80::1]/",
        "http://2130706433/", "http://127.0.0.1@evil.example/", "https://user:word@example.com",
        "https://:word@example.com",
        "https://user:@example.com", "https://example.com?x=1", "https://example.com#x", "https://127.0.0.1:x/",
    ])
    func `an address that is not safe is refused`(address: String) throws {
        let keyed = KeyRing(environment: ["ANTHROPIC_API_KEY": "sk-canary-1", "ANTHROPIC_BASE_URL": address])
        #expect(try Self.code(keyed) == "provider.address", "\(address)")
        // What names somebody or a password is refused with and without a key.
        guard address.contains("@") else { return }
        #expect(try Self.code(KeyRing(environment: ["OLLAMA_BASE_URL": address]), "ollama") == "provider.address")
    }

    // A model of one's own network has no key to lose; what is asked of it goes there as it is.
    @Test func `http goes elsewhere only where there is no key`() throws {
        let ring = KeyRing(environment: ["OLLAMA_BASE_URL": "http://192.0.2.1:11434/v1"])
        #expect(try Self.code(ring, "ollama") == nil)
    }
}
