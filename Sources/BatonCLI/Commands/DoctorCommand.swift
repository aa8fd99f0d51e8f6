import ArgumentParser
import BatonCore
import BatonEngine
import BatonPlans
import BatonReports
import BatonSQLite
import Foundation

/// `baton doctor`: whether everything is as it should be.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Looks at the machine, the data folder and its runs, and at a plan's agents; says what to do about what is wrong.",
        discussion: """
            Examples:
              baton doctor
              baton doctor --data-dir /srv/baton --json
              baton doctor --fix
              baton doctor plan.yml
            With a plan it also tries whether each agent can do its work here: its program, its model's key and network \
            (nothing is paid for), its servers of tools. \
            It only reads, also beside a running engine; --fix kills what a dead engine left running. Exit codes: 0 \
            nothing is broken; 65 stored data is not what was written, or the plan is wrong; 69 an agent cannot do its work; 74 the disk or the \
            folder cannot be used.
            """
    )

    @Argument(help: "A plan whose agents are tried.", completion: .file(extensions: RunNames.planEndings)) var plan:
        String?
    @Option(name: .customLong("project-dir"), help: "Where its programs start. Default: the current folder.")
    var projectDir: String?
    @Flag(help: "Kill the processes that a dead engine left behind.") var fix = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let path = URL(fileURLWithPath: self.data.path).standardizedFileURL.path
        var found: [Checkup] = []
        let report = { (checkup: Checkup) in
            found.append(checkup)
            if !self.output.json { Console.print(checkup.line) }
        }
        report(.ok("baton", Baton.version))
        report(MachineChecks.sqlite(await SQLiteJournal.libraryVersion))
        MachineFacts.checks().forEach(report)
        SettingChecks.checks(
            flag: self.data.dataDir,
            usual: DataOptions.usualName,
            environment: Surroundings.variables
        ).forEach(report)
        if FolderChecks.look(at: path, report) {
            let holder = DataFolder.holder(of: path)
            LockChecks.look(at: holder, path, fixes: self.fix, report)
            await JournalChecks(path: path, holder: holder).look(report)
        }
        FileChecks.look(in: path, report)
        if let plan { await self.look(at: plan, path, report) }
        self.summarise(found, path)
        if let code = Self.exitCode(found) { throw code }
    }

    private func look(at plan: String, _ dataFolder: String, _ report: (Checkup) -> Void) async {
        let reading = PlanFile.read(path: plan, model: Surroundings.model)
        let errors = reading.diagnostics.filter { $0.severity == .error }
        guard let plan = reading.plan, errors.isEmpty else {
            let first = errors.first.map { DiagnosticPrinter.line($0, file: reading.file) } ?? "it cannot be read"
            report(.error("plan", first, remedy: "baton check \(plan)", .data))
            return
        }
        let folder = URL(fileURLWithPath: self.projectDir ?? FileManager.default.currentDirectoryPath)
        let checks = PlanChecks(
            plan: plan,
            projectFolder: folder.resolvingSymlinksInPath().path,
            dataFolder: dataFolder
        )
        await checks.look(report)
    }

    private func summarise(_ found: [Checkup], _ path: String) {
        let errors = found.count { $0.level == .error }
        let warnings = found.count { $0.level == .warning }
        if self.output.json {
            return Console.print(
                [
                    "data_folder": .string(path), "healthy": .bool(errors == 0), "errors": .integer(Int64(errors)),
                    "warnings": .integer(Int64(warnings)), "checks": .array(found.map(\.json)),
                ]
            )
        }
        let warned = CountText.of(warnings, "warning")
        Console.print("")
        if errors > 0 {
            Console.print(StyledText("\(CountText.of(errors, "error")), \(warned)", .bad))
        } else {
            Console.print(StyledText(warnings > 0 ? "nothing is broken; \(warned)" : "all is well", .good))
        }
    }

    // Damaged data comes first: more space does not mend it.
    private static func exitCode(_ found: [Checkup]) -> ExitCode? {
        let faults = Set(found.compactMap(\.fault))
        if faults.contains(.data) { return Exit.wrongData }
        return faults.contains(.disk) ? Exit.disk : faults.contains(.agent) ? Exit.unavailable : nil
    }
}
