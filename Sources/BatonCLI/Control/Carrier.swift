import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// Whether what the journal calls running is carried by an engine that works.
struct Carrier {
    private let folder: String
    private let holder: DataFolder.Holder
    private let standing: Standing

    private enum Standing: String {
        case working
        case suspended
        case none
    }

    init(of folder: ReadOnly) {
        self.folder = folder.path
        self.holder = DataFolder.holder(of: folder.path)
        self.standing = self.holder.standing != .held ? .none : self.holder.isSuspended ? .suspended : .working
    }

    /// The list with who carries what is on it: `engine` is `working`, `suspended` or `none`, `carries` is `all`, a run, or
    /// null.
    func json(_ list: JSON) -> JSON {
        let carries: JSON =
            self.standing == .none
            ? .null : self.holder.takesRuns ? "all" : self.holder.run.map { .string($0.text) } ?? .null
        return list.adding("engine", .string(self.standing.rawValue)).adding("carries", carries)
    }

    /// Whether the engine takes over runs that others left.
    var takesRuns: Bool { self.holder.takesRuns }

    /// Whether an engine has the run in its hands, also one that is suspended.
    func carries(_ run: RunID) -> Bool { self.holder.carries(run) }

    /// The word that people see for the state of a run.
    func word(_ state: String, of run: RunID) -> String { self.isInterrupted(run, state) ? "interrupted" : state }

    /// What people have to know of an engine that is there and does nothing; nil if there is none, or it works.
    var suspension: StyledText? {
        guard self.standing == .suspended else { return nil }
        let way = self.holder.pid.map { "; let it go on with: kill -CONT \($0)" } ?? ""
        return StyledText("the engine, \(self.holder.words), is suspended, so nothing goes on\(way)", .bad)
    }

    /// What people have to know of runs in these states; nil if an engine works on them, or nobody has to.
    func warning(_ runs: [(run: RunID, state: String)]) -> StyledText? {
        if let suspension { return suspension }
        let interrupted = runs.filter { self.isInterrupted($0.run, $0.state) }
        guard let first = interrupted.first else { return nil }
        let words = interrupted.count == 1 ? ["resume", first.run.text] : ["serve"]
        guard self.standing == .none else {
            let which = interrupted.count == 1 ? "run \(first.run)" : "\(interrupted.count) runs"
            let way = CommandHint.line(words, dataFolder: self.folder)
            return StyledText(
                "\(self.holder.words) \(self.work), so nothing goes on with \(which); when it has ended: \(way)",
                .bad
            )
        }
        let way = CommandHint.line(words, dataFolder: self.folder)
        return StyledText("no engine runs here, so nothing goes on; go on with: \(way)", .bad)
    }

    private var work: String {
        self.holder.run.map { "carries run \($0)" } ?? "has the data folder in its hands"
    }

    private func isInterrupted(_ run: RunID, _ state: String) -> Bool {
        (state == "running" || state == "stopping") && !self.carries(run)
    }
}
