import BatonCore
import CBatonSystem
import Foundation

/// The environment of this process, as it was when it began.
enum Surroundings {
    /// Read once; after ``keepSecrets()`` the process's own has no keys any more.
    static let variables = ProcessInfo.processInfo.environment

    /// The model of built-in agents where a plan names none.
    static var model: String? { Self.variables["BATON_MODEL"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Keeps what looks like a key where only this process finds it: no program that it starts, no dump, and no other process of the
    /// same user sees it.
    static func keepSecrets() {
        for name in Self.variables.keys where EnvironmentRule.isSecret(name) { baton_forget_variable(name) }
        baton_close_to_others()
    }
}
