import Testing

@testable import BatonCore
@testable import BatonPlans

/// What is said to those who write plans as other systems would have them.
@Suite struct PlanHintTests {
    private static let objects: [PlanKeys] = [.plan, .agent, .task, .subtask, .retry]

    private static func validated(_ text: String, _ keys: PlanKeys) throws -> [Diagnostic]? {
        let node = try YAMLReader.read(Array(text.utf8), depth: 20)
        guard case .object(let members) = node.kind, let member = members.first, let key = keys.key(named: member.name)
        else { return nil }
        var validator = PlanValidator()
        validator.validate(member.value, as: key.form, at: PlanPath(.name(member.name)))
        return validator.diagnostics
    }

    @Test(arguments: PlanHints.examples.map { ($0.key, $0.value) })
    func `every example can be written as it stands`(key: String, example: String) throws {
        #expect(example.hasPrefix("\(key): "))
        let found = try Self.objects.compactMap { try Self.validated(example, $0) }
        #expect(!found.isEmpty && found.allSatisfy(\.isEmpty), "\(found)")
    }

    @Test func `every hint names a key that there is, and its value fits`() throws {
        let known = Set((Self.objects + [.defaults]).flatMap { $0.keys.map(\.name) })
        for (noun, hints) in PlanHints.others {
            let keys = try #require(Self.objects.first { $0.noun == noun }, "\(noun)")
            for (word, hint) in hints {
                let name = hint.prefix { $0.isLetter || $0 == "_" }
                #expect(known.contains(String(name)), "\(noun): \(word)")
                #expect(keys.key(named: word) == nil, "\(noun) has \(word) itself")
                if hint.contains(": ") { #expect(try Self.validated(hint, keys) == [], "\(noun): \(word)") }
            }
        }
    }
}
