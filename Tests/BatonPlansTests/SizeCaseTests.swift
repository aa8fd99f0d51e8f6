import BatonCore
import BatonPlans
import Foundation
import Testing

/// Cases 5, 6, 12, 13, 33 and 47: large and deep, without recursion.
struct SizeCaseTests {
    private static func chain(_ count: Int, closed: Bool) -> Plan {
        let tasks = (0..<count).map { number in
            TaskSpec(
                id: TaskID("t\(number)"),
                dependencies: number > 0 ? [TaskID("t\(number - 1)")] : closed ? [TaskID("t\(count - 1)")] : []
            )
        }
        return Plan(id: "p", agents: [AgentProfile(id: "ann")], tasks: tasks)
    }

    @Test func `a chain of ten thousand tasks is accepted`() {
        #expect(PlanCheck.diagnostics(of: Self.chain(10_000, closed: false)).isEmpty)
    }

    @Test func `a cycle behind a chain of ten thousand tasks is found`() throws {
        var plan = Self.chain(10_000, closed: false)
        plan.tasks[9_998].dependencies.append("t9999")
        let finding = try #require(PlanCheck.diagnostics(of: plan).first)
        #expect(finding.code == "plan.cycle")
        #expect(finding.message.contains("t9998 → t9999 → t9998"))
        #expect(finding.path.description == "tasks[9998].dependencies[1]")
    }

    @Test func `a cycle of ten thousand tasks is printed whole`() throws {
        let finding = try #require(PlanCheck.diagnostics(of: Self.chain(10_000, closed: true)).first)
        #expect(finding.code == "plan.cycle")
        #expect(finding.message.split(separator: "→").count == 10_001)
    }

    @Test func `a million tasks are one finding`() {
        let text = #"{"tasks":["# + String(repeating: "0,", count: 999_999) + "0]}"
        let findings = PlanFile.read(bytes: Array(text.utf8), name: "plan.json").diagnostics
        #expect(findings.map(\.code) == ["limit.tasks"])
        #expect(findings.first?.message == "the plan has 1000000 tasks; 100000 is the most")
        #expect(findings.first?.place == SourcePlace(line: 1, column: 10))
    }

    @Test func `a hundred thousand links of one task are one finding`() {
        var plan = Self.chain(2, closed: false)
        plan.tasks[1].dependencies = Array(repeating: "t0", count: 100_000)
        let findings = PlanCheck.diagnostics(of: plan)
        #expect(findings.map(\.code) == ["limit.edges"])
        #expect(findings.first?.message == "task t1 is linked to 100000 tasks; 10000 is the most")
    }

    @Test func `a list of a hundred thousand values where a text belongs is one finding`() {
        let text = #"{"title":["# + String(repeating: "0,", count: 99_999) + "0]}"
        let findings = PlanFile.read(bytes: Array(text.utf8), name: "plan.json").diagnostics
        #expect(findings.contains { $0.code == "plan.type" && $0.message == "title is a list, not a text" })
    }

    @Test func `ten thousand unknown keys are a thousand findings`() {
        let text = (0..<10_000).map { "k\($0): 1\n" }.joined()
        let findings = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml").diagnostics
        #expect(findings.count { $0.code == "plan.unknown_field" } == PlanValidator.mostFindings)
    }

    @Test func `more values than the limit are refused before the library sees them`() {
        let bytes = [UInt8](repeating: UInt8(ascii: ","), count: JSONReader.mostValues / 2 + 1)
        let findings = PlanFile.read(bytes: bytes, name: "plan.yml").diagnostics
        #expect(findings.map(\.code) == ["parse.size"])
        #expect(findings.first?.place == SourcePlace(line: 1, column: JSONReader.mostValues / 2 + 1))
    }

    @Test func `keys within keys, which the library compares without end, are refused`() {
        let text = String(repeating: "? ", count: 900) + "[" + String(repeating: "a,", count: 200_000) + "b]"
        let findings = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml").diagnostics
        #expect(findings.map(\.message) == ["too many keys are lists or objects"])
    }

    @Test func `some lines of a large text may begin with a question mark`() {
        let text = SmallPlan.with(
            "description: |\n"
                + String(repeating: "  ? what, and why\n" + String(repeating: "  x\n", count: 1000), count: 8)
        )
        #expect(SmallPlan.errors(text).isEmpty)
    }

    @Test(arguments: [
        ("plan.json", "["), ("plan.yml", "["), ("plan.yml", "{a: "), ("plan.yml", "- "), ("plan.yml", "? "),
    ])
    func `deep nesting is a finding even on a small stack`(_ name: String, _ opening: String) {
        let codes = OnSmallStack.run {
            PlanFile.read(bytes: Array(String(repeating: opening, count: 10_000).utf8), name: name).diagnostics.map(
                \.code
            )
        }
        #expect(codes == ["parse.depth"])
    }
}

/// Runs work on half a mebibyte of stack, as threads have on some systems.
private enum OnSmallStack {
    private final class Box<Value>: @unchecked Sendable {  // written before the signal, read after it
        var value: Value?
    }

    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value? {
        let box = Box<Value>()
        let isDone = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.value = work()
            isDone.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        isDone.wait()
        return box.value
    }
}
