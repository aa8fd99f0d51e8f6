import BatonCore
package import BatonEngine
import Foundation

/// The browsers of the agents of this engine: each agent of a run has one of its own, with a profile of its own.
package final class Browsers: Sendable {
    private struct Key: Hashable {
        let run: RunID
        let agent: AgentID
    }

    /// What drives them, looked for like any program: it comes with Chromium.
    package static let program = "chromedriver"

    /// How long one that nobody uses stays open, with what was filled in: a person may have to say yes meanwhile.
    static let idle = Duration.seconds(1800)
    /// So many are open at once in this process; each takes some hundreds of MiB.
    static let most = 4
    private static let places = Semaphore { Browsers.most }
    /// So much of a page's text is brought at once.
    private static let textBytes = 32 << 10

    private let commands: CommandPerformer
    private let folders: BrowserFolders
    private let clock: any EngineClock
    private let patience: Int
    private let resolve: @Sendable (String) async -> [EgressGuard.Address]
    private let open: LinePool<Key, Browser, BrowserFault>

    /// - Parameters:
    ///   - commands: starts them.
    ///   - dataFolder: the engine's own; what a killed engine has left of its browsers is removed.
    package convenience init(commands: CommandPerformer, dataFolder: String, clock: any EngineClock) {
        self.init(commands: commands, dataFolder: dataFolder, clock: clock, resolve: EgressGuard.system)
    }

    init(
        commands: CommandPerformer,
        dataFolder: String,
        clock: any EngineClock,
        patience: Int = BrowserProcess.usualPatience,
        resolve: @escaping @Sendable (String) async -> [EgressGuard.Address] = EgressGuard.system
    ) {
        self.commands = commands
        self.folders = BrowserFolders(dataFolder: dataFolder)
        self.clock = clock
        self.patience = patience
        self.resolve = resolve
        self.open = LinePool(idle: Self.idle, clock: clock) { Self.places.queued > 0 }
        self.folders.sweep()
        LaunchLimit.shared.whenFull { [weak self] in self?.open.closeUnused() }
    }

    /// Closes all; returns when no process of theirs is left.
    package func close() async { await self.open.close() }

    func call(_ tool: String, _ input: JSON, for work: Work) async throws(BrowserFault) -> JSON {
        try await self.use(for: work) { browser throws(BrowserFault) in
            try await Self.call(tool, input, browser)
        }
    }

    /// A picture of what the agent's browser shows, as PNG.
    func screenshot(for work: Work) async throws(BrowserFault) -> [UInt8] {
        try await self.use(for: work) { browser throws(BrowserFault) in try await browser.screenshot() }
    }

    private func use<Value: Sendable>(
        for work: Work,
        _ body: @Sendable (Browser) async throws(BrowserFault) -> Value
    ) async throws(BrowserFault) -> Value {
        let key = Key(run: work.run, agent: work.agent.id)
        return try await self.open.with(key, open: { await self.opened(work) }, body).get()
    }

    private static func call(_ tool: String, _ input: JSON, _ browser: Browser) async throws(BrowserFault) -> JSON {
        let number = input["nth"]?.integer.map { Int($0) }
        let page = input["page"]?.string ?? ""
        switch tool {
        case "browser_click":
            let url = try await browser.click(input["name"]?.string ?? "", number, on: page)
            return ["page": .string(url), "next": "browser_read says what it shows now"]
        case "browser_fill":
            let text = input["text"]?.string ?? ""
            try await browser.fill(input["field"]?.string ?? "", number, with: text, on: page)
            return "It is filled in."
        case "browser_open":
            try await browser.open(input["url"]?.string ?? "")
            return try await Self.page(of: browser, from: 0)
        default:
            return try await Self.page(of: browser, from: Int(input["offset"]?.integer ?? 0))
        }
    }

    private static func page(of browser: Browser, from offset: Int) async throws(BrowserFault) -> JSON {
        let (page, controls) = try await browser.read()
        let part = TextPart(of: page["text"]?.string ?? "", from: offset, most: Self.textBytes)
        var members: [(String, JSON)] = [
            ("page", page["url"] ?? ""), ("title", .string(PlainText.line(page["title"]?.string ?? "", limit: 300))),
            ("text", .string(part.text)),
        ]
        if let next = part.nextOffset { members.append(("next_offset", .integer(Int64(next)))) }
        if offset == 0 { members.append(("controls", .array(controls.map { .string($0.line) }))) }
        return .members(members)
    }

    private func opened(_ work: Work) async -> Result<Browser, BrowserFault> {
        guard await Self.places.enter() else { return .failure(BrowserFault(words: "it was called off")) }
        guard let folder = self.folders.make() else {
            Self.places.leave()
            return .failure(BrowserFault(words: "there is no folder for its profile"))
        }
        let folders = self.folders
        let atClose: @Sendable () -> Void = {
            folders.remove(folder)
            Self.places.leave()
        }
        let egress = EgressGuard(hosts: work.web.hosts, resolve: self.resolve)
        do throws(BrowserFault) {
            return .success(
                try await Browser.open(
                    work,
                    in: folder,
                    by: self.commands,
                    egress,
                    self.clock,
                    patience: self.patience,
                    atClose: atClose
                )
            )
        } catch {
            atClose()
            return .failure(error)
        }
    }
}
