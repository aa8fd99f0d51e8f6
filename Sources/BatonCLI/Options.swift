import ArgumentParser
import Foundation

/// Options that every command has.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, as docs/api.md describes it.")
    var json = false
}

/// Where the data lies.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: "The data folder. Default: $BATON_DATA_DIR, else .baton below the current folder."
    )
    var dataDir: String?

    var path: String {
        if let dataDir { return dataDir }
        if let named = ProcessInfo.processInfo.environment["BATON_DATA_DIR"], !named.isEmpty { return named }
        return ".baton"
    }
}

/// How a run is followed.
struct FollowOptions: ParsableArguments {
    @Option(name: .customLong("project-dir"), help: "Where commands start. Default: the current folder.")
    var projectDir: String?

    @Flag(help: "Stay while only people are waited for, also without a terminal.")
    var wait = false

    var projectFolder: String { URL(fileURLWithPath: self.projectDir ?? ".").standardizedFileURL.path }
}
