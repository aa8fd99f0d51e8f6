import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonReports

@Suite struct DotGraphTests {
    private static let dot = ["/usr/bin/dot", "/usr/local/bin/dot", "/opt/homebrew/bin/dot"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test func `tasks of one layer have one rank, and the critical path stands out`() {
        let text = DotGraph.text(GraphDrawing(GraphTests.diamond, file: "p"), drawsAll: false).text
        #expect(text.contains("{ rank=same; L2; t1; t2 }"))
        #expect(text.contains("t0 -> t1\n"))
        #expect(text.contains("t0 -> t2 [color=\"\(GraphState.critical)\", penwidth=3]"))
        #expect(text.contains("graph [label=\"Tea &amp; \\\"cake\\\"\""))
        #expect(text.contains("t1 [label=\"b\\ndo b\\n2 h 0 min\"]"))
    }

    @Test(arguments: [
        ("a\"b", #""a\"b""#), ("a\\", #""a\\""#), ("\\N", #""\\N""#), ("&lt;", #""&amp;lt;""#), ("a\nb", #""a\\nb""#),
        ("</script>", #""</script>""#), ("日本", #""日本""#), ("\u{0}", #""\\u{0}""#),
    ])
    func `a label is one quoted string`(words: String, quoted: String) {
        #expect(DotGraph.quoted([words]) == quoted)
    }

    /// What Graphviz lays out: the identifiers of nodes with their texts.
    private func laidOut(_ text: String) throws -> String {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "graph.dot")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.dot))
        process.arguments = ["-Tplain", path, "-o", folder("graph.plain")]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return folder.read("graph.plain")
    }

    @Test(.enabled(if: dot != nil, "Graphviz is not installed"))
    func `Graphviz takes plans, runs, layers and hostile words`() throws {
        var hostile = GraphTests.diamond
        hostile.title = "\"]; digraph { x -> y } </script> \\"
        for (index, words) in ["a\"];b", "--> \\", "\n\r\u{0}", "<b>&lt;日本"].enumerated() {
            hostile.tasks[index].description = words
        }
        let drawings = [
            GraphDrawing(GraphTests.diamond, file: "p"), GraphDrawing(hostile, file: "p"),
            GraphDrawing(try GraphTests.run()),
        ]
        for drawing in drawings {
            let plain = try self.laidOut(DotGraph.text(drawing, drawsAll: false).text)
            let nodes = plain.split(separator: "\n").filter { $0.hasPrefix("node t") }
            #expect(nodes.count == 4, "\(plain)")
            // Those of one layer stand at one place along the drawing.
            let across = nodes.map { $0.split(separator: " ")[2] }
            #expect(across[1] == across[2])
            #expect(Set(across).count == 3)
        }
        let large = DotGraph.text(GraphDrawing(GraphTests.large(5000, width: 50), file: "p"), drawsAll: false)
        #expect(large.isCut)
        #expect(try self.laidOut(large.text).contains("node b0 "))
    }
}
