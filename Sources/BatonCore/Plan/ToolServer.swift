/// A program of others that offers tools, spoken to by the Model Context Protocol.
///
/// The plan is the list of what may be started: nobody else names programs or addresses.
public struct ToolServer: Hashable, Sendable {
    /// What the plan calls it; agents name its tools as `NAME/TOOL`, or `NAME/*` for all.
    public var name: String
    /// The program and its arguments, spoken to over its standard streams; empty if it has an address.
    public var command: [String] = []
    /// Set for the program, beside the few variables that commands see.
    public var environment: [AgentProfile.Variable] = []
    /// Variables of the engine that the program gets too, by their names.
    public var passedVariables: [String] = []
    /// Its address, spoken to over streamable HTTP; nil if it is a program.
    public var url: String?
    /// Headers of each request; `${NAME}` in a text is taken from the environment, so that keys stand in no plan.
    public var headers: [AgentProfile.Variable] = []
    /// Tools that change nothing, which need no yes and are called again after a crash; `*` names all.
    public var readOnly: [String] = []
    /// How long one call may take, in seconds.
    public var timeoutSeconds = 120.0

    /// Makes a server of tools.
    public init(name: String) { self.name = name }

    /// The server of tools that are Swift functions of the program that holds the engine.
    package static let swift = "swift"

    /// Whether it is said of a tool that it changes nothing.
    package func isReadOnly(_ tool: String) -> Bool { self.readOnly.contains("*") || self.readOnly.contains(tool) }
}

/// Names of tools that others offer: `docs/search`, or `docs/*` for all of a server.
package enum ToolGrant {
    /// Whether a name is one of a tool of others.
    package static func isForeign(_ name: String) -> Bool { name.contains("/") }

    /// The server that a name speaks of.
    package static func server(of name: String) -> String { String(name.prefix { $0 != "/" }) }

    /// Whether one of the grants is for a tool, or for a whole server.
    package static func covers(_ grants: [String], _ name: String) -> Bool {
        grants.contains { $0 == name || (Self.isForeign(name) && $0 == "\(Self.server(of: name))/*") }
    }

    /// What both lists allow.
    package static func both(_ some: [String], _ others: [String]) -> [String] {
        some.flatMap { name in
            Self.covers(others, name) ? [name] : others.filter { Self.covers([name], $0) }
        }
    }

    /// What is wrong with the name of a tool of others; nil if nothing is.
    package static func fault(of name: String) -> String? {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, NameRule.fault(of: String(parts[0])) == nil else {
            return "begins with no name of a server"
        }
        if parts[1].isEmpty || parts[1].utf8.count > 128 { return "names no tool behind the /" }
        return parts[1].contains("*") && parts[1] != "*" ? "has a * that stands for no whole server" : nil
    }
}

extension Plan {
    /// Where tools that look at the web may go.
    public struct Web: Hashable, Sendable {
        /// Hosts, or `HOST:PORT`: if there are any nothing else may be fetched, and these wherever they are.
        public var hosts: [String] = []
        /// How old the answer to an equal fetch or search of the run may be.
        public var cacheSeconds = 3600.0
        /// Who searches; nil if nobody does.
        public var search: Search?

        /// All public hosts, and no search.
        public init() {}

        /// An address that searches and answers with JSON.
        public struct Search: Hashable, Sendable {
            /// `{query}` stands for what is looked for.
            public var url: String
            /// Headers of each request; `${NAME}` stands for a variable of the engine.
            public var headers: [AgentProfile.Variable] = []
            /// Where the list of results is, such as `web.results`; nil looks in the usual places.
            public var results: String?
            /// Where a result has its title; nil looks in the usual places.
            public var title: String?
            /// Where a result has its address; nil looks in the usual places.
            public var link: String?
            /// Where a result has its words; nil looks in the usual places.
            public var text: String?

            /// Makes one that answers in a usual form.
            public init(url: String) { self.url = url }
        }
    }
}
