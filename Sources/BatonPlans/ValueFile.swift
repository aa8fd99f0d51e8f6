package import BatonCore

/// A value in a file of its own, JSON or YAML, such as the tasks that are added to a run.
package enum ValueFile {
    /// Reads a regular file of at most 64 MiB; `-` reads standard input.
    ///
    /// - Throws: the finding that says what is wrong and where.
    package static func read(path: String) throws(Diagnostic) -> JSON {
        let bytes = try Self.bytes(path: path)
        let node: SourceNode
        do throws(ParseFault) {
            node = try PlanText.node(bytes, name: path)
        } catch {
            throw error.diagnostic
        }
        if let value = JSON(node) { return value }
        throw Diagnostic(
            "parse.number",
            "a number in it is not finite",
            remedy: "write a number as JSON does",
            at: .root
        )
    }

    /// The bytes of such a file, whatever they are.
    package static func bytes(path: String) throws(Diagnostic) -> [UInt8] {
        switch path == "-" ? FileBytes.readStandardInput() : FileBytes.read(path: path) {
        case .bytes(let all): return all
        case .refused(let finding): throw finding
        }
    }
}
