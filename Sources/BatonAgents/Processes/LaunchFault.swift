import BatonCore
import BatonEngine
import Foundation
import Subprocess
import SystemPackage

/// Says why a program could not be started.
enum LaunchFault {
    static func failure(_ error: SubprocessError, _ launch: Launch, _ work: Work) -> Failure {
        let program = PlainText.line(launch.executable, limit: 200)
        let cause = [PlainText.line(error.description, limit: 300)]
        switch error.underlyingError {
        case .argListTooLong?:
            let bytes = launch.arguments.reduce(0) { $0 + $1.utf8.count }
            return Failure(
                .permanent,
                "exec.arguments_too_long",
                "the arguments of agent \(work.agent.id) have \(bytes) bytes, more than this system takes",
                remedy: "pass large data through the task's input or a file",
                causes: cause
            )
        case .noSuchFileOrDirectory? where FileManager.default.fileExists(atPath: launch.directory):
            return Failure(
                .permanent,
                "exec.interpreter",
                "\(program) names an interpreter in its first line that does not exist",
                remedy: "install the interpreter or correct the line",
                causes: cause
            )
        case .noSuchFileOrDirectory?, .notDirectory?:
            return Failure(
                .permanent,
                "exec.working_directory",
                "the working directory \(PlainText.line(launch.directory, limit: 200)) is gone",
                remedy: "make it again, then `baton resume`",
                causes: cause
            )
        case .permissionDenied?:
            return Failure(
                .permanent,
                "exec.not_executable",
                "\(program) may not be executed here",
                remedy: "check its rights",
                causes: cause
            )
        case .execFormatError?:
            return Failure(
                .permanent,
                "exec.format",
                "\(program) is no program for this machine",
                remedy: "begin scripts with a #! line, or build it for this machine",
                causes: cause
            )
        default:
            return Failure(
                .transient,
                "exec.start",
                "\(program) could not be started",
                remedy: "see the cause",
                causes: cause
            )
        }
    }
}
