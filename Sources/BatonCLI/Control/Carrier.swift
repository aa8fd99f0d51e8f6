import BatonCore
import BatonEngine
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

    /// `working`, `suspended`, or `none`.
    var json: JSON { .string(self.standing.rawValue) }

    /// The word that people see for the state of a run.
    func word(_ state: String) -> String { self.isInterrupted(state) ? "interrupted" : state }

    /// What people have to know of runs in these states; nil if an engine works, or nobody has to.
    func warning(_ runs: [(run: RunID, state: String)]) -> String? {
        switch self.standing {
        case .working: return nil
        case .suspended:
            let way = self.holder.pid.map { "; let it go on with: kill -CONT \($0)" } ?? ""
            return "the engine, \(self.holder.words), is suspended, so nothing goes on\(way)"
        case .none:
            let interrupted = runs.filter { self.isInterrupted($0.state) }
            guard let first = interrupted.first else { return nil }
            let words = interrupted.count == 1 ? ["resume", first.run.text] : ["serve"]
            return
                "no engine runs here, so nothing goes on; go on with: \(CommandHint.line(words, dataFolder: self.folder))"
        }
    }

    private func isInterrupted(_ state: String) -> Bool {
        self.standing == .none && (state == "running" || state == "stopping")
    }
}
