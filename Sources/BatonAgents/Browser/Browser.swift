import BatonCore
import BatonEngine
import Foundation
import Synchronization

/// A browser that one agent of a run looks at pages with.
final class Browser: PooledLine {
    /// How long it has to say goodbye.
    private static let grace = 3.0
    /// Longer than the driver waits for its browser, which is slow to start where much else is done.
    private static let startSeconds = 120.0
    private static let mostWindows = 8
    private static let longestAddress = 4096
    // More than a page may take, so that the driver says what was slow.
    private static let loadMilliseconds: Int64 = 30_000

    private let process: BrowserProcess
    private let proxy: BrowserProxy
    private let egress: EgressGuard
    private let driver: WebDriver
    private let session: String
    private let isLost = Atomic(false)
    /// Done once, when nothing of it is left.
    private let atClose: Mutex<(@Sendable () -> Void)?>
    /// One thing at a time.
    private let turn = Semaphore { 1 }

    private init(
        _ process: BrowserProcess,
        _ proxy: BrowserProxy,
        _ egress: EgressGuard,
        _ driver: WebDriver,
        session: String,
        atClose: @escaping @Sendable () -> Void
    ) {
        self.process = process
        self.proxy = proxy
        self.egress = egress
        self.driver = driver
        self.session = session
        self.atClose = Mutex(atClose)
    }

    /// Starts one with an empty profile.
    ///
    /// - Parameters:
    ///   - folder: an empty one, for it alone.
    ///   - patience: how long its driver has to say its port, in seconds.
    ///   - atClose: done once when it is closed; not if it cannot be opened.
    static func open(
        _ work: Work,
        in folder: String,
        by commands: CommandPerformer,
        _ egress: EgressGuard,
        _ clock: any EngineClock,
        patience: Int,
        atClose: @escaping @Sendable () -> Void
    ) async throws(BrowserFault) -> Browser {
        let proxy: BrowserProxy
        do {
            proxy = try await BrowserProxy(egress)
        } catch {
            throw BrowserFault(words: "no port is free for it: \(OutboundHTTP.words(for: error))")
        }
        let process = BrowserProcess(work, in: folder, by: commands, clock)
        do throws(BrowserFault) {
            let driver = WebDriver(port: try await process.port(within: patience), clock: clock)
            let answer = try await driver.post(
                "/session",
                Self.capabilities(folder, proxy: proxy.port),
                within: Self.startSeconds
            )
            guard let session = answer["sessionId"]?.string, WebDriver.isName(session) else {
                throw BrowserFault(words: "the driver of the browser names no session")
            }
            return Browser(process, proxy, egress, driver, session: session, atClose: atClose)
        } catch {
            await process.close()
            await proxy.close()
            throw error
        }
    }

    /// Nothing goes past the proxy, nothing is downloaded, no question of a page is answered with yes.
    private static func capabilities(_ folder: String, proxy port: Int) -> JSON {
        var arguments = [
            "--headless=new", "--window-size=1280,900", "--user-data-dir=\(folder)/profile",
            "--proxy-server=http://127.0.0.1:\(port)", "--proxy-bypass-list=<-loopback>", "--disable-quic",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-background-networking",
            "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
            "--disable-breakpad", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
        ]
        // Chromium refuses to run as root with its sandbox.
        if geteuid() == 0 { arguments.append("--no-sandbox") }
        return [
            "capabilities": [
                "alwaysMatch": [
                    "browserName": "chrome", "unhandledPromptBehavior": "dismiss",
                    "timeouts": ["pageLoad": .integer(Self.loadMilliseconds), "script": 10_000, "implicit": 0],
                    "goog:chromeOptions": [
                        "args": .array(arguments.map { .string($0) }),
                        "prefs": [
                            "webrtc.ip_handling_policy": "disable_non_proxied_udp",
                            "webrtc.multiple_routes_enabled": false, "webrtc.nonproxied_udp_enabled": false,
                            "download_restrictions": 3, "credentials_enable_service": false,
                            "profile.default_content_setting_values.notifications": 2,
                        ],
                    ],
                ]
            ]
        ]
    }

    var isBroken: Bool { self.isLost.load(ordering: .relaxed) || self.process.isBroken }

    func close() async {
        try? await self.driver.delete("/session/\(self.session)", within: Self.grace)
        await self.process.close()
        await self.proxy.close()
        let atClose = self.atClose.withLock { done in
            defer { done = nil }
            return done
        }
        atClose?()
    }

    // MARK: What an agent does with it

    func open(_ url: String) async throws(BrowserFault) {
        try await self.inTurn { () throws(BrowserFault) in try await self.visit(url) }
    }

    private func visit(_ url: String) async throws(BrowserFault) {
        let target: EgressGuard.Target
        do throws(EgressGuard.Blocked) {
            target = try await self.egress.target(of: url)
        } catch {
            throw BrowserFault(words: error.words, isBlocked: true)
        }
        // The part behind # is the page's own.
        let part = url.firstIndex(of: "#").map { String(url[$0...]) } ?? ""
        do throws(BrowserFault) {
            _ = try await self.post("url", ["url": .string(target.url.absoluteString + part)])
        } catch {
            try self.requireReached(target.url.absoluteString)
            throw error
        }
        try await self.stayOnWeb()
    }

    /// The page as text, and what can be pressed or filled on it.
    func read() async throws(BrowserFault) -> (page: JSON, controls: [PageControl]) {
        try await self.inTurn { () throws(BrowserFault) in
            let page = try await self.run(PageScript.read)
            let url = page["url"]?.string ?? ""
            guard !url.hasPrefix("chrome-error:") else {
                // The browser's own page, which says why it has no other.
                let words = PlainText.line(page["text"]?.string ?? "", limit: 300)
                throw BrowserFault(words: "the page cannot be shown: \(words)")
            }
            try Self.requirePage(url)
            try self.requireReached(url)
            guard url.utf8.count <= Self.longestAddress else {
                throw BrowserFault(words: "the address of the page is longer than \(Self.longestAddress) bytes")
            }
            return (page, PageControl.all(try await self.run(PageScript.controls)))
        }
    }

    /// Presses what is named.
    ///
    /// - Parameter page: where the browser must be, so that what was meant is what is done.
    /// - Returns: where the browser is then.
    func click(_ name: String, _ number: Int?, on page: String) async throws(BrowserFault) -> String {
        try await self.inTurn { () throws(BrowserFault) in
            let control = try await self.control(name, number, on: page, filled: false)
            _ = try await self.post("element/\(control.element.id)/click")
            try await self.followWindows()
            try await self.stayOnWeb()
            let url = try await self.url()
            try self.requireReached(url)
            return PlainText.line(url, limit: Self.longestAddress)
        }
    }

    /// Puts a text in the place of what a field holds, or makes a choice.
    ///
    /// - Parameter page: see ``click(_:_:on:)``.
    func fill(_ name: String, _ number: Int?, with text: String, on page: String) async throws(BrowserFault) {
        try await self.inTurn { () throws(BrowserFault) in
            let control = try await self.control(name, number, on: page, filled: true)
            guard control.kind == .field else {
                guard try await self.run(PageScript.choose, [Self.value(of: control), .string(text)]) == true else {
                    throw BrowserFault(words: "\(control.name) has no such choice; browser_read says which it has")
                }
                return
            }
            try Self.requirePlain(text, isLong: control.isLong)
            guard try await self.run(PageScript.fill, [Self.value(of: control), .string(text)]) == true else {
                throw BrowserFault(words: "\(control.name) takes no text")
            }
        }
    }

    /// A picture of what the window shows, as PNG.
    func screenshot() async throws(BrowserFault) -> [UInt8] {
        try await self.inTurn { () throws(BrowserFault) in
            try Self.requirePage(try await self.url())
            let answer = try await self.get("screenshot")
            guard let picture = answer.string.flatMap({ Data(base64Encoded: $0) }) else {
                throw BrowserFault(words: "the browser brings no picture")
            }
            return Array(picture)
        }
    }

    // A driver takes some characters for keys, and a line's end for Enter, which sends a form.
    private static func requirePlain(_ text: String, isLong: Bool) throws(BrowserFault) {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x0A: isLong
            case 0..<0x20, 0x7F, 0xE000...0xF8FF: false
            default: true
            }
        }
        guard isPlain else {
            throw BrowserFault(words: "the text has lines or keys in it that this field does not take; leave them out")
        }
    }

    // MARK: Where it is

    private func control(
        _ name: String,
        _ number: Int?,
        on page: String,
        filled: Bool
    ) async throws(BrowserFault) -> PageControl {
        var url = try await self.url()
        if !url.hasPrefix("http") {
            // It went with its engine, while somebody was asked: the page is opened anew.
            try await self.visit(page)
            url = try await self.url()
        }
        guard url == page else {
            throw BrowserFault(
                words:
                    "the browser is not at \(PlainText.line(page, limit: 300)) but at \(PlainText.line(url, limit: 300)); "
                    + "open the page, read it, and do what came before on it again"
            )
        }
        let controls = PageControl.all(try await self.run(PageScript.controls))
        return try PageControl.named(name, number, among: controls, filled: filled)
    }

    private func url() async throws(BrowserFault) -> String { try await self.get("url").string ?? "" }

    // What the proxy has refused is no page, whatever is shown in its place.
    private func requireReached(_ url: String) throws(BrowserFault) {
        if let refusal = self.proxy.refusal(of: url) { throw BrowserFault(words: refusal, isBlocked: true) }
    }

    private static func requirePage(_ url: String) throws(BrowserFault) {
        guard Self.isWeb(url) else { throw BrowserFault(words: "no page is open; browser_open opens one") }
    }

    private static func isWeb(_ url: String) -> Bool { url.hasPrefix("http://") || url.hasPrefix("https://") }

    // Pages of the browser itself and files of this machine are nobody's business.
    private func stayOnWeb() async throws(BrowserFault) {
        let url = try await self.url()
        guard !Self.isWeb(url), url != "about:blank" else { return }
        _ = try await self.post("url", ["url": "about:blank"])
        throw BrowserFault(
            words: "it leads to \(PlainText.line(url, limit: 200)), which is no page of the web",
            isBlocked: true
        )
    }

    // A click may open another window, or close this one.
    private func followWindows() async throws(BrowserFault) {
        let windows = (try await self.get("window/handles").elements ?? []).compactMap(\.string)
        guard let last = windows.last else { throw BrowserFault(words: "all its windows are closed", isLost: true) }
        for window in windows.dropLast().prefix(max(0, windows.count - Self.mostWindows)) {
            _ = try await self.post("window", ["handle": .string(window)])
            try await self.driver.delete("/session/\(self.session)/window", within: Self.grace)
        }
        _ = try await self.post("window", ["handle": .string(last)])
    }

    // MARK: The driver

    private static func value(of control: PageControl) -> JSON { [WebDriver.Element.key: .string(control.element.id)] }

    private func run(_ script: String, _ arguments: [JSON] = []) async throws(BrowserFault) -> JSON {
        try await self.post("execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    private func post(_ path: String, _ body: JSON = [:]) async throws(BrowserFault) -> JSON {
        try await self.noticing { () throws(BrowserFault) in
            try await self.driver.post("/session/\(self.session)/\(path)", body)
        }
    }

    private func get(_ path: String) async throws(BrowserFault) -> JSON {
        try await self.noticing { () throws(BrowserFault) in
            try await self.driver.get("/session/\(self.session)/\(path)")
        }
    }

    private func noticing<Value>(
        _ body: () async throws(BrowserFault) -> Value
    ) async throws(BrowserFault) -> Value {
        do throws(BrowserFault) {
            return try await body()
        } catch {
            if error.isLost { self.isLost.store(true, ordering: .relaxed) }
            throw error
        }
    }

    private func inTurn<Value>(
        _ body: () async throws(BrowserFault) -> Value
    ) async throws(BrowserFault) -> Value {
        guard await self.turn.enter() else { throw BrowserFault(words: "it was called off") }
        defer { self.turn.leave() }
        return try await body()
    }
}
