import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation

/// `baton doctor`: whether everything is as it should be.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks at the machine, the data folder and every run in it, and says what to do about what is wrong.",
        discussion: """
            Examples:
              baton doctor
              baton doctor --data-dir /srv/baton --json
              baton doctor --fix
            It only reads, also beside a running engine; --fix kills what a dead engine left running. Exit codes: 0 \
            nothing is broken; 65 stored data is not what was written; 74 the disk or the folder cannot be used.
            """
    )

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
            environment: ProcessInfo.processInfo.environment
        ).forEach(report)
        if FolderChecks.look(at: path, report) {
            let holder = DataFolder.holder(of: path)
            LockChecks.look(at: holder, path, fixes: self.fix, report)
            await JournalChecks(path: path, holder: holder).look(report)
        }
        self.summarise(found, path)
        if let code = Self.exitCode(found) { throw code }
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
        return faults.contains(.data) ? Exit.wrongData : faults.contains(.disk) ? Exit.disk : nil
    }
}
