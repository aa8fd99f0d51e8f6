import BatonCore

/// Where settings come from: a flag goes before a variable, a variable before what is usual.
package enum SettingChecks {
    package static let dataFolder = "BATON_DATA_DIR"
    /// What steps are told; never a setting.
    private static let ofSteps = [
        "BATON_RUN", "BATON_TASK", "BATON_ATTEMPT", "BATON_DELIVERY", "BATON_FOLDER", "BATON_MARK",
    ]

    /// - Parameters:
    ///   - flag: what `--data-dir` says, if it is given.
    ///   - usual: the folder if nobody says.
    package static func checks(
        flag: String?,
        usual: String,
        environment: [String: String]
    ) -> [Checkup] {
        [Self.origin(flag, usual, environment[Self.dataFolder])] + Self.unknown(environment.keys.sorted())
    }

    private static func origin(_ flag: String?, _ usual: String, _ variable: String?) -> Checkup {
        let shown = { (text: String) in PlainText.line(text, limit: 120) }
        let named = variable.flatMap { $0.isEmpty ? nil : $0 }
        let order = "--data-dir, then \(Self.dataFolder), then \(usual)"
        return switch (flag, named) {
        case (let flag?, let named?) where flag != named:
            .ok("settings", "data folder \(shown(flag)), from --data-dir; \(shown(named)) is passed over (\(order))")
        case (let flag?, _): .ok("settings", "data folder \(shown(flag)), from --data-dir (\(order))")
        case (nil, let named?): .ok("settings", "data folder \(shown(named)), from \(Self.dataFolder) (\(order))")
        case (nil, nil): .ok("settings", "data folder \(usual), as nothing else is said (\(order))")
        }
    }

    private static func unknown(_ names: [String]) -> [Checkup] {
        names.filter { $0.hasPrefix("BATON_") && $0 != Self.dataFolder && !Self.ofSteps.contains($0) }.map { name in
            .warning(
                "settings",
                "\(PlainText.line(name, limit: 60)) is set, and nothing reads it",
                remedy: NearestName.of(name, among: [Self.dataFolder]).map { "did you mean \($0)?" }
                    ?? "unset it; \(Self.dataFolder) is the only variable that sets something"
            )
        }
    }
}
