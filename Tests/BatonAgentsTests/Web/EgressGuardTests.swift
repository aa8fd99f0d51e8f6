import Foundation
import Testing

@testable import BatonAgents

/// Case 113: where tools that agents call may not go.
@Suite struct EgressGuardTests {
    private static let home = EgressGuard.Address(bytes: [127, 0, 0, 1], text: "127.0.0.1")
    private static let outside = EgressGuard.Address(bytes: [93, 184, 215, 14], text: "93.184.215.14")

    private static func blocked(
        _ url: String,
        hosts: [String] = [],
        by addresses: [EgressGuard.Address] = [Self.outside]
    ) async -> String? {
        do throws(EgressGuard.Blocked) {
            _ = try await EgressGuard(hosts: hosts, resolve: { _ in addresses }).target(of: url)
            return nil
        } catch {
            return error.words
        }
    }

    @Test(arguments: [
        "https://example.com/a?b=c#d", "http://example.com", "https://example.com:443/", "HTTPS://EXAMPLE.com/",
    ])
    func `pages of the public web may be looked at`(url: String) async { #expect(await Self.blocked(url) == nil) }

    @Test(
        arguments: [
            "file:///etc/passwd", "gopher://example.com/", "ftp://example.com/", "javascript:alert(1)",
            "data:text/plain,x",
            "//example.com/", "example.com", "", "https://", "https:///path", "https://user@example.com/",
            "https://user:word@example.com/", "https://example.com\\@127.0.0.1/", "https://exa mple.com/",
            "https://ex\u{E4}mple.com/", "https://example.com:6379/", "http://example.com:443/",
            "https://example.com:22/",
            "http://example.com:99999/", "https://example.com%2f@127.0.0.1/", "https://[fe80::1%25eth0]/",
        ]
    )
    func `other schemes, ports and addresses that two would read in two ways are refused`(url: String) async {
        #expect(await Self.blocked(url) != nil, "\(url)")
    }

    @Test(
        arguments: [
            "169.254.169.254", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "10.1.2.3",
            "192.168.1.1", "172.16.0.1", "100.100.100.200", "localhost", "localhost.", "[::1]", "[::]",
            "[::ffff:a9fe:a9fe]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fd00::1]",
            "[fe80::1]",
            "224.0.0.1", "255.255.255.255",
        ]
    )
    func `no way of writing it leads to this machine or an inner network`(host: String) async {
        let words = await EgressGuardTests.words(for: "http://\(host)/", EgressGuard(hosts: []))
        #expect(words != nil, "\(host)")
    }

    private static func words(for url: String, _ guardian: EgressGuard) async -> String? {
        do throws(EgressGuard.Blocked) {
            _ = try await guardian.target(of: url)
            return nil
        } catch {
            return error.words
        }
    }

    @Test func `a name of which one address leads home is refused, whichever comes first`() async {
        #expect(
            await Self.blocked("https://rebound.example/", by: [Self.outside, Self.home])?.contains("127.0.0.1") == true
        )
        #expect(await Self.blocked("https://rebound.example/", by: [Self.home, Self.outside]) != nil)
        #expect(await Self.blocked("https://nowhere.example/", by: []) == "there is no host nowhere.example")
    }

    @Test func `what was looked at is what is connected to`() async throws {
        let target = try await EgressGuard(hosts: [], resolve: { _ in [Self.outside] }).target(
            of: "https://example.com/"
        )
        #expect(target.host == "example.com" && target.address == "93.184.215.14")
    }

    @Test func `where the plan names hosts no other may be reached, and these wherever they are`() async {
        let hosts = ["docs.example", "127.0.0.1:8080"]
        #expect(await Self.blocked("https://docs.example/", hosts: hosts, by: [Self.home]) == nil)
        #expect(await Self.blocked("http://127.0.0.1:8080/x", hosts: hosts, by: [Self.home]) == nil)
        #expect(await Self.blocked("http://127.0.0.1:8081/x", hosts: hosts, by: [Self.home]) != nil)
        #expect(await Self.blocked("http://127.0.0.1/x", hosts: hosts, by: [Self.home]) != nil)
        #expect(await Self.blocked("https://docs.example:444/", hosts: hosts) != nil)
        #expect(await Self.blocked("https://docs.example.evil.example/", hosts: hosts) != nil)
        #expect(await Self.blocked("https://other.example/", hosts: hosts) != nil)
    }

    @Test(arguments: ["http://REBIND.example/x", "HTTP://Rebind.Example/x", "http://rebind.example:80/x#y"])
    func `the host that is connected to is spelt as the one that was looked up`(url: String) async throws {
        let target = try await EgressGuard(hosts: [], resolve: { _ in [Self.outside] }).target(of: url)
        #expect(target.url.host() == target.host && target.host == "rebind.example")
    }

    @Test func `whoever is called off does not wait for the resolver`() async {
        let looking = Task { await EgressGuard.system("localhost") }
        looking.cancel()
        // It has an answer or none, and it is there.
        _ = await looking.value
    }
}
