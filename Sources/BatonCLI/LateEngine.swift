import BatonCore
import BatonEngine
import BatonServer
import Synchronization

/// An engine for those who are made before it and speak to it later.
final class LateEngine: Sendable {
    // Weak: the engine holds its performers, and they hold this.
    private struct Reference {
        weak var engine: Engine?
    }

    private let reference = Mutex(Reference())

    func set(_ engine: Engine) { self.reference.withLock { $0.engine = engine } }

    func engine() throws -> Engine {
        guard let engine = self.reference.withLock({ $0.engine }) else {
            throw BatonError(.engineAbsent, "the engine has ended", remedy: "resume the run")
        }
        return engine
    }
}

extension Engine {
    /// Adds tasks of the plan form to a run that this engine carries.
    func add(_ tasks: JSON, to run: RunID, _ caller: Caller) async throws {
        let specs: [Wish.NewTask]
        do {
            specs = try (tasks.elements ?? []).map { .spec(try TaskForm.task($0)) }
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
        _ = try await self.put(.add(specs), to: run, caller)
    }
}
