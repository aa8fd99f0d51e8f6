/// A finding about a plan or another text: what, where and what to do about it.
public struct Diagnostic: Error, Hashable, Sendable {
    /// How bad it is.
    public enum Severity: String, Hashable, Sendable {
        /// The plan cannot run.
        case error
        /// The plan runs, but look at this.
        case warning
    }

    /// How bad it is.
    public let severity: Severity
    /// A stable code such as `plan.cycle`.
    public let code: String
    /// What is wrong, in one sentence.
    public let message: String
    /// The next step.
    public let remedy: String
    /// Where in the file, once it is known.
    package var place: SourcePlace?
    /// Line and column in the file, both from 1, once they are known.
    public var location: (line: Int, column: Int)? { self.place.map { ($0.line, $0.column) } }
    package let path: PlanPath
    /// The other value that the finding is about, such as the first of two with one name.
    package var earlier: PlanPath?

    package init(
        _ code: String,
        _ message: String,
        remedy: String,
        at path: PlanPath,
        severity: Severity = .error,
        place: SourcePlace? = nil,
        earlier: PlanPath? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.remedy = remedy
        self.path = path
        self.place = place
        self.earlier = earlier
    }

    /// The same finding about a plan in which values stand elsewhere.
    func moved(to origin: (PlanPath) -> PlanPath) -> Diagnostic {
        Diagnostic(
            self.code,
            self.message,
            remedy: self.remedy,
            at: origin(self.path),
            severity: self.severity,
            place: self.place,
            earlier: self.earlier.map(origin)
        )
    }

    /// The finding with its place in the tree that was read; the place of the earlier value enters the message.
    package func placed(in root: SourceNode) -> Diagnostic {
        let first = self.earlier.map { $0.place(in: root) }
        return Diagnostic(
            self.code,
            first.map { "\(self.message), at \($0.line):\($0.column)" } ?? self.message,
            remedy: self.remedy,
            at: self.path,
            severity: self.severity,
            place: self.place ?? self.path.place(in: root)
        )
    }

    /// Whether a run of the plan is refused.
    ///
    /// A task that nobody can do is an error of the plan, but a run of it only asks a person.
    package var blocksRun: Bool { self.severity == .error && self.code != "plan.unsatisfiable" }

    /// `error[plan.cycle]: message; remedy`, with steering characters shown.
    public var line: String {
        "\(self.severity.rawValue)[\(self.code)]: \(PlainText.of(self.message)); \(PlainText.of(self.remedy))"
    }
}

/// Where a value stands in a plan: `tasks[3].dependencies[1]`.
package struct PlanPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case name(String)
        case index(Int)
    }

    package var steps: [Step] = []
    /// Whether the name of the last member is meant and not its value.
    package var meansName = false

    package static let root = PlanPath()

    package init() {}

    package init(_ steps: Step...) { self.steps = steps }

    package subscript(name: String) -> PlanPath { self.appending(.name(name)) }

    package subscript(index: Int) -> PlanPath { self.appending(.index(index)) }

    private func appending(_ step: Step) -> PlanPath {
        var path = self
        path.steps.append(step)
        return path
    }

    /// As seen from within its first member, if that has this name.
    package func without(_ first: String?) -> PlanPath {
        guard let first, self.steps.first == .name(first) else { return self }
        var path = self
        path.steps.removeFirst()
        return path
    }

    package var name: PlanPath {
        var path = self
        path.meansName = true
        return path
    }

    package var description: String {
        var text = ""
        for step in self.steps {
            switch step {
            case .name(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text.isEmpty ? "plan" : text
    }

    /// The place in the tree that was read; of the nearest value above if the path does not exist.
    package func place(in root: SourceNode) -> SourcePlace {
        var node = root
        var place = root.place
        for (offset, step) in self.steps.enumerated() {
            switch step {
            case .name(let name):
                guard let member = node.member(name) else { return place }
                place = self.meansName && offset == self.steps.count - 1 ? member.place : member.value.place
                node = member.value
            case .index(let index):
                guard let element = node[index] else { return place }
                (node, place) = (element, element.place)
            }
        }
        return place
    }
}
