/// What is wrong with the tools of a plan, and with the servers that offer some.
enum ToolCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for server in plan.toolServers {
            let path = PlanPath(.name("mcp_servers"), .name(server.name))
            found += Self.faults(of: server).map { what, remedy, key in
                Diagnostic(
                    "plan.tool_server",
                    "the server \(PlainText.line(server.name, limit: 60)) \(what)",
                    remedy: remedy,
                    at: key.map { path[$0] } ?? path
                )
            }
        }
        if let search = plan.web.search { found += Self.faults(of: search) }
        for (offset, agent) in plan.agents.enumerated() where agent.kind == .model {
            let path = PlanPath(.name("agents"), .index(offset))
            let whose = "agent \(agent.id)"
            found += Self.unknown(agent.tools, whose, path["tools"], plan)
            found += Self.unknown(agent.approvedTools, whose, path["approved_tools"], plan)
            found += Self.idle(of: agent, path, plan)
        }
        for (offset, task) in plan.tasks.enumerated() {
            guard let tools = task.tools else { continue }
            let path = PlanPath(.name("tasks"), .index(offset))
            found += Self.unknown(tools, "task \(task.id)", path["tools"], plan)
            guard let agent = plan.agents.first(where: { $0.id == task.assignedAgent }), agent.kind == .model else {
                continue
            }
            for (index, tool) in tools.enumerated() where !ToolGrant.isForeign(tool) && !agent.tools.contains(tool) {
                found.append(
                    Self.idle(
                        "task \(task.id) names the tool \(tool), which its agent \(agent.id) has not",
                        path["tools"][index]
                    )
                )
            }
        }
        return found
    }

    // Words about tools that change nothing.
    private static func idle(of agent: AgentProfile, _ path: PlanPath, _ plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (index, tool) in agent.approvedTools.enumerated()
        where !ToolGrant.isForeign(tool) && !agent.tools.contains(tool) {
            found.append(
                Self.idle(
                    "agent \(agent.id) needs no yes for \(PlainText.line(tool, limit: 60)), which it has not",
                    path["approved_tools"][index]
                )
            )
        }
        if let index = agent.tools.firstIndex(of: "web_search"), plan.web.search == nil {
            found.append(
                Diagnostic(
                    "plan.no_effect",
                    "agent \(agent.id) has the tool web_search, and nothing says where the web is searched",
                    remedy: "add web: {search: {url: \"https://HOST/PATH?q={query}\"}}, see docs/models.md",
                    at: path["tools"][index],
                    severity: .warning
                )
            )
        }
        return found
    }

    private static func idle(_ what: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            "plan.no_effect",
            what,
            remedy: "add it to tools of the agent, or take it out",
            at: path,
            severity: .warning
        )
    }

    private static func faults(of search: Plan.Web.Search) -> [Diagnostic] {
        let path = PlanPath(.name("web"), .name("search"))
        var found: [Diagnostic] = []
        let say = { (what: String, remedy: String, key: String) in
            found.append(Diagnostic("plan.web", "web.search \(what)", remedy: remedy, at: path[key]))
        }
        if !search.url.contains("{query}") {
            say("has no {query} in its url", "write https://HOST/PATH?q={query}", "url")
        }
        if let why = Self.fault(ofAddress: search.url.replacing("{query}", with: "x")) {
            say(why, Self.addressRemedy, "url")
        }
        for header in search.headers {
            if let why = Self.fault(ofSecretIn: header) {
                say(why, "write ${NAME} of a variable of its own", "headers")
            }
            if !Self.isHeader(header) {
                say("has a header that cannot be sent", "write NAME: text on one line", "headers")
            }
        }
        return found
    }

    private static func unknown(_ tools: [String], _ whose: String, _ path: PlanPath, _ plan: Plan) -> [Diagnostic] {
        let own = BuiltInTool.all.map(\.name)
        let servers = plan.toolServers.map(\.name) + [ToolServer.swift]
        return tools.enumerated().compactMap { index, tool in
            let name = PlainText.line(tool, limit: 60)
            guard ToolGrant.isForeign(tool) else {
                guard !own.contains(tool) else { return nil }
                let foreign = tool.replacing("__", with: "/", maxReplacements: 1)
                let isForeign = ToolGrant.isForeign(foreign) && servers.contains(ToolGrant.server(of: foreign))
                let remedy =
                    isForeign
                    ? "write \(PlainText.line(foreign, limit: 60))"
                    : NearestName.of(tool, among: own).map { "did you mean \($0)?" }
                        ?? "the tools are \(own.joined(separator: ", ")), and SERVER/TOOL for those of mcp_servers"
                return Self.finding("\(whose) names the tool \(name), which there is not", remedy, path[index])
            }
            if let fault = ToolGrant.fault(of: tool) {
                return Self.finding("\(whose) names the tool \(name), which \(fault)", "write SERVER/TOOL", path[index])
            }
            let server = ToolGrant.server(of: tool)
            guard !servers.contains(server) else { return nil }
            let nearest = NearestName.of(server, among: servers).map { "did you mean \($0)?" }
            return Self.finding(
                "\(whose) names the tool \(name), and mcp_servers has no \(PlainText.line(server, limit: 60))",
                nearest ?? "add the server to mcp_servers",
                path[index]
            )
        }
    }

    private static func finding(_ what: String, _ remedy: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic("plan.unknown_tool", what, remedy: remedy, at: path)
    }

    // MARK: Servers

    private static func faults(of server: ToolServer) -> [(what: String, remedy: String, key: String?)] {
        var faults: [(String, String, String?)] = []
        let isPlain = server.name.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || Self.isLetterOrDigit($0) }
        if !isPlain || !(1...32 ~= server.name.utf8.count) || server.name.contains("__") {
            faults.append(("has a name that models cannot use", "use 1 to 32 of A-Z a-z 0-9 _ -, without __", nil))
        }
        if server.name == ToolServer.swift {
            faults.append(("has the name of tools that are Swift functions", "call it otherwise", nil))
        }
        if server.command.isEmpty == (server.url == nil) {
            faults.append(("has to have either a command or a url", "name the program, or the address", nil))
        }
        if server.command.first?.isEmpty == true || server.command.contains(where: { $0.utf8.contains(0) }) {
            faults.append(("has a command that cannot be started", "write [program, argument, …]", "command"))
        }
        if let url = server.url, let why = Self.fault(ofAddress: url) {
            faults.append((why, Self.addressRemedy, "url"))
        }
        for variable in server.environment {
            guard let why = EnvironmentRule.fault(of: variable) else { continue }
            let name = PlainText.line(variable.name, limit: 60)
            faults.append(
                (
                    "may not set \(name): \(why)", "name keys in pass_environment; \(EnvironmentRule.remedy)",
                    "environment"
                )
            )
        }
        for header in server.headers {
            if let why = Self.fault(ofSecretIn: header) {
                faults.append((why, "write ${NAME} of a variable of its own", "headers"))
            }
        }
        for header in server.headers where !Self.isHeader(header) {
            let name = PlainText.line(header.name, limit: 60)
            faults.append(("has the header \(name), which cannot be sent", "write NAME: text on one line", "headers"))
        }
        return faults
    }

    private static let addressRemedy = "write https://HOST/PATH; http only for 127.0.0.1, [::1] and localhost"

    // What goes over a network goes in secret.
    private static func fault(ofAddress url: String) -> String? {
        guard url.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != 0x5C }) else {
            return "has an address with characters that none has"
        }
        let isSecret = url.hasPrefix("https://")
        guard isSecret || url.hasPrefix("http://") else { return "has an address that is neither http nor https" }
        let authority = url.dropFirst(isSecret ? 8 : 7).prefix { !"/?#".contains($0) }
        guard !authority.isEmpty, !authority.contains("@") else {
            return "has an address that names nobody, or a password"
        }
        let isHere = ["127.0.0.1", "localhost", "[::1]"].contains { host in
            authority == host
                || (authority.hasPrefix("\(host):") && authority.dropFirst(host.count + 1).allSatisfy(\.isNumber))
        }
        return isSecret || isHere ? nil : "has an address on another machine that is not https"
    }

    // A key of a provider goes to that provider, and no plan holds one.
    private static func fault(ofSecretIn header: AgentProfile.Variable) -> String? {
        let keys = Set(ModelProvider.all.compactMap(\.keyVariable))
        if let key = keys.sorted().first(where: { header.text.contains("${\($0)}") }) {
            return "sends \(key) in a header, which goes to its provider only"
        }
        let name = header.name.lowercased()
        let isSecret = ["authorization", "cookie", "token", "key", "secret"].contains { name.contains($0) }
        return isSecret && !header.text.contains("${") && !header.text.isEmpty
            ? "has a secret in its header \(PlainText.line(header.name, limit: 60)), and plans hold none" : nil
    }

    private static func isHeader(_ header: AgentProfile.Variable) -> Bool {
        let isName = header.name.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || Self.isLetterOrDigit($0) }
        let taken = ["host", "content-length", "content-type", "accept", "transfer-encoding", "connection"]
        return isName && !header.name.isEmpty && !taken.contains(header.name.lowercased())
            && !header.name.lowercased().hasPrefix("mcp-")
            && header.text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: true
        default: false
        }
    }
}
