import BatonCore
import BatonEngine
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A command as it will be started: every name resolved, or the reason why not.
struct Launch: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String

    /// Variables of the engine that commands may see; everything else, keys above all, stays out.
    static let passedVariables = [
        "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
    ]
    static let usualPath = "/usr/local/bin:/usr/bin:/bin"

    /// - Parameters:
    ///   - passing: variables of the engine that this program gets although they may be keys.
    ///   - setting: variables that it gets whatever the engine's are.
    init(
        _ work: Work,
        projectFolder: String,
        dataFolder: String,
        mark: String,
        outer: [String: String],
        passing: [String] = [],
        setting: [String: String] = [:]
    ) throws(Failure) {
        let directory = try Self.directory(of: work, in: projectFolder)
        guard let program = work.agent.command.first else {
            throw Failure(
                .permanent,
                "exec.no_command",
                "agent \(work.agent.id) has no command",
                remedy: "give it one in the plan"
            )
        }
        let path = outer["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.usualPath
        self.executable = try Self.resolve(program, in: directory, path: path)
        self.arguments = Array(work.agent.command.dropFirst())
        self.directory = directory
        var environment = outer.filter { Self.passedVariables.contains($0.key) || passing.contains($0.key) }
        for variable in work.agent.environment {
            if let fault = EnvironmentRule.fault(of: variable) {
                throw Failure(
                    .permanent,
                    "exec.environment",
                    "agent \(work.agent.id) may not set \(PlainText.line(variable.name, limit: 60)): \(fault)",
                    remedy: EnvironmentRule.remedy
                )
            }
            environment[variable.name] = variable.text
        }
        environment.merge(setting) { $1 }
        environment["PATH"] = path
        environment["PWD"] = directory
        environment["BATON_RUN"] = work.run.text
        environment["BATON_TASK"] = work.task.id.text
        environment["BATON_ATTEMPT"] = "\(work.attempt)"
        environment["BATON_DELIVERY"] = "\(work.delivery)"
        environment[Marks.folderVariable] = dataFolder
        environment[Marks.attemptVariable] = mark
        self.environment = environment
    }

    // None may lead out of the project.
    private static func directory(of work: Work, in projectFolder: String) throws(Failure) -> String {
        guard let wanted = work.workingDirectory else { return projectFolder }
        let root = URL(fileURLWithPath: projectFolder).resolvingSymlinksInPath().path
        let path = URL(fileURLWithPath: wanted, relativeTo: URL(fileURLWithPath: root + "/")).resolvingSymlinksInPath()
            .path
        guard path == root || path.hasPrefix(root == "/" ? "/" : root + "/") else {
            throw Failure(
                .permanent,
                "exec.working_directory",
                "the working directory \(PlainText.line(wanted, limit: 200)) leads out of \(root)",
                remedy: "name a folder inside the project, or set --project-dir"
            )
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(
                .permanent,
                "exec.working_directory",
                "the working directory \(PlainText.line(path, limit: 200)) is no folder",
                remedy: "make it before the run, or correct working_directory"
            )
        }
        return path
    }

    private static func resolve(_ program: String, in directory: String, path: String) throws(Failure) -> String {
        if program.contains("/") {
            guard !program.split(separator: "/").contains("..") else {
                throw Failure(
                    .permanent,
                    "exec.path",
                    "the program \(PlainText.line(program, limit: 200)) has .. in its path",
                    remedy: "write the path without .."
                )
            }
            let full = program.hasPrefix("/") ? program : "\(directory)/\(program)"
            try Self.requireExecutable(full)
            return full
        }
        for folder in path.split(separator: ":") where folder.hasPrefix("/") {
            let full = "\(folder)/\(program)"
            if access(full, X_OK) == 0, (try? Self.requireExecutable(full)) != nil { return full }
        }
        throw Failure(
            .permanent,
            "exec.not_found",
            "there is no program \(PlainText.line(program, limit: 200)) in \(path)",
            remedy: "install it, or write its path"
        )
    }

    private static func requireExecutable(_ path: String) throws(Failure) {
        let shown = PlainText.line(path, limit: 200)
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Failure(
                .permanent,
                "exec.not_found",
                "there is no program \(shown)",
                remedy: "install it, or correct the path"
            )
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(
                .permanent,
                "exec.not_a_file",
                "\(shown) is a folder or a device, not a program",
                remedy: "name the program in it"
            )
        }
        guard access(path, X_OK) == 0 else {
            throw Failure(
                .permanent,
                "exec.not_executable",
                "\(shown) may not be executed",
                remedy: "chmod +x \(shown)"
            )
        }
    }
}
