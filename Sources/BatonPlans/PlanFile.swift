public import BatonCore
import Foundation

/// What came of reading a plan file: JSON or YAML text made into a `Plan` with all findings, or findings alone.
///
/// `.json` is read as JSON, `.yml` and `.yaml` as YAML; any other name as JSON if the text begins with `{`, and as
/// YAML if not.
public struct PlanFile: Sendable {
    /// The file, as the caller named it.
    public let file: String
    /// The plan; nil if an error forbids to run it.
    ///
    /// A task that nobody can do is an error too, but the plan is there: a run of it asks a person.
    public let plan: Plan?
    /// All findings, each with its place, in the order of the file.
    public let diagnostics: [Diagnostic]
    /// The tree that was read; nil if the text is no tree.
    package let node: SourceNode?

    /// Whether a finding is an error.
    public var hasErrors: Bool { self.diagnostics.contains { $0.severity == .error } }

    init(file: String, plan: Plan?, diagnostics: [Diagnostic], node: SourceNode?) {
        self.file = file
        self.plan = plan
        self.node = node
        self.diagnostics = diagnostics
    }
}

extension PlanFile {
    /// Reads a regular file of at most 64 MiB; `-` and `/dev/stdin` read standard input.
    ///
    /// - Parameters:
    ///   - path: where it lies.
    ///   - model: for agents of built-in types, where the plan names none.
    public static func read(path: String, model: String? = nil) -> PlanFile {
        let isInput = path == "-" || path == "/dev/stdin"
        switch isInput ? FileBytes.readStandardInput() : FileBytes.read(path: path) {
        case .bytes(let bytes):
            let folder = isInput ? "." : URL(fileURLWithPath: path).deletingLastPathComponent().path
            return Self.read(bytes: bytes, name: path, folder: folder, model: model)
        case .refused(let finding):
            return PlanFile(file: path, plan: nil, diagnostics: [finding], node: nil)
        }
    }

    /// Reads bytes that are at hand.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - name: for messages, and for the format by its ending.
    public static func read(bytes: [UInt8], name: String) -> PlanFile {
        Self.read(bytes: bytes, name: name, folder: nil)
    }

    /// - Parameter folder: where the files lie that it names; only who reads a file of this machine reads others beside it.
    package static func read(bytes: [UInt8], name: String, folder: String?, model: String? = nil) -> PlanFile {
        guard bytes.count <= FileBytes.most else {
            let fault = ParseFault(
                "size",
                "the text is larger than \(FileBytes.most >> 20) MiB",
                remedy: "split it into several plans",
                at: SourcePlace(line: 1, column: 1)
            )
            return PlanFile(file: name, plan: nil, diagnostics: [fault.diagnostic], node: nil)
        }
        let node: SourceNode
        do throws(ParseFault) {
            let written = try PlanText.node(bytes, name: name)
            node = ResearchForm.fits(written) ? ResearchForm.plan(written) : written
        } catch {
            return PlanFile(file: name, plan: nil, diagnostics: [error.diagnostic], node: nil)
        }
        let (plan, findings) = Self.compile(node, folder, model)
        return PlanFile(
            file: name,
            plan: findings.contains(where: \.blocksRun) ? nil : plan,
            diagnostics: Self.ordered(findings, in: node),
            node: node
        )
    }

    private static func compile(
        _ node: SourceNode,
        _ folder: String?,
        _ model: String?
    ) -> (Plan?, [Diagnostic]) {
        if let limit = Self.countFault(of: node) { return (nil, [limit]) }
        var validator = PlanValidator()
        validator.validate(node, as: .object(.plan), at: .root)
        guard case .object = node.kind else { return (nil, validator.diagnostics) }
        var plan = PlanDecoder.plan(node)
        if plan.defaults.model == nil, plan.wantsModel { plan.defaults.model = model }
        plan = plan.staffed
        if let folder { InstructionReader.replaceProfiles(of: &plan, from: folder) }
        // A run sets these when it makes tasks and agents; read back they are in order.
        if folder != nil { validator.refuseOwnMarks(node) }
        let unread = folder.map { InstructionReader.fill(&plan, from: $0) } ?? []
        let held = FollowUpFindings(validator.diagnostics)
        var findings = validator.diagnostics + unread
        findings += (PlanCheck.diagnostics(of: plan) + TimeZoneCheck.diagnostics(of: plan)).filter(held.keeps)
        plan = plan.unfolded
        // The forecast plays the plan: only one that can be played.
        if !findings.contains(where: { $0.severity == .error }) { findings += EstimateCheck.diagnostics(of: plan) }
        return (plan, findings)
    }

    // Before anything looks at each of a million tasks.
    private static func countFault(of node: SourceNode) -> Diagnostic? {
        guard case .array(let tasks)? = node["tasks"]?.kind, tasks.count > PlanCheck.mostTasks else { return nil }
        return PlanCheck.tooManyTasks(tasks.count)
    }

    private static func ordered(_ findings: [Diagnostic], in node: SourceNode) -> [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let placed = findings.map { $0.placed(in: node) }.filter { seen.insert($0).inserted }
        return placed.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if let one = first.place, let other = second.place, one != other { return one < other }
            return first.code == second.code ? left.offset < right.offset : first.code < second.code
        }.map(\.element)
    }
}
