import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine
import BatonServer

extension BatonError.Code {
    /// The command line was not understood.
    static let usage = BatonError.Code("command.usage")
    /// A file that was named is not there.
    static let fileMissing = BatonError.Code("parse.file_missing")
}

/// The exit codes of design section 8.
enum Exit {
    static let runNotDone = ExitCode(1)
    static let waitsForPeople = ExitCode(2)
    static let usage = ExitCode(64)
    static let wrongData = ExitCode(65)
    static let missingFile = ExitCode(66)
    static let unavailable = ExitCode(69)
    static let disk = ExitCode(74)
    static let busy = ExitCode(75)
    static let interrupted = ExitCode(130)

    static func code(of error: BatonError) -> ExitCode {
        switch error.code {
        case .busy: Self.busy
        case .journalUnavailable, .exampleUnwritten, .completionsUnwritten, .reportUnwritable, .archiveUnwritable:
            Self.disk
        case .journalCorrupt, .journalNewer, .plan: Self.wrongData
        case .usage: Self.usage
        case .unknownRun, .exampleUnknown, .archiveMissing, .fileMissing: Self.missingFile
        case .engineAbsent, .engineSilent, .engineDescriptors: Self.unavailable
        default: Self.wrongData
        }
    }

    static func code(of end: RunEnd) -> ExitCode? {
        switch end {
        case .completed: nil
        case .partial, .failed, .cancelled: Self.runNotDone
        }
    }

    /// Runs a command's body; an error becomes one line (or one JSON object) and an exit code.
    static func reporting(_ output: OutputOptions, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as BatonError {
            Console.complain(error, asJSON: output.json)
            throw Self.code(of: error)
        }
    }
}
