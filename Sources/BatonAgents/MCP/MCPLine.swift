/// What carries messages to a server and back.
protocol MCPLine: Sendable {
    /// Sends a request, and returns what it brought.
    ///
    /// - Parameter seconds: how long the answer may take.
    func exchange(_ request: MCPRequest, in era: MCPEra, within seconds: Double) async throws(MCPFault) -> MCPMessage

    /// Says something that has no answer.
    func notify(_ method: String, in era: MCPEra) async throws(MCPFault)

    /// Whether the server can no longer be spoken to over this line.
    var isBroken: Bool { get }

    /// Lets the server go; returns when nothing of it is left.
    func close() async
}
