import BatonCore
import Foundation
import Testing

/// The suite of the JSON Schema organisation, where a copy of it is: `BATON_SCHEMA_SUITE` names the folder of a draft.
@Suite struct JSONSchemaSuiteTests {
    private static let folder = ProcessInfo.processInfo.environment["BATON_SCHEMA_SUITE"]

    private static let files: [String] = {
        guard let folder else { return [] }
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".json") }
            .sorted()
    }()

    @Test(.enabled(if: folder != nil, "BATON_SCHEMA_SUITE names no folder"), arguments: files)
    func `values are taken as the suite says, and schemas with other keywords are refused`(file: String) throws {
        let bytes = try #require(FileManager.default.contents(atPath: "\(Self.folder ?? "")/\(file)"))
        let groups = try #require(try JSON(parsing: Array(bytes)).elements)
        var (right, refused) = (0, 0)
        for group in groups {
            let title = group["description"]?.string ?? ""
            guard let schema = try? JSONSchema(group["schema"] ?? .null) else {
                refused += 1
                continue
            }
            for test in group["tests"]?.elements ?? [] {
                let faults = schema.faults(of: test["data"] ?? .null)
                let isRight = faults.isEmpty == (test["valid"] == true)
                #expect(isRight, "\(title): \(test["description"] ?? ""): \(faults)")
                right += isRight ? 1 : 0
            }
        }
        print("\(file): \(right) right, \(refused) of \(groups.count) schemas refused")
    }
}
