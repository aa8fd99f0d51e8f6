import BatonEngine
import GRDB

/// Says in our words what SQLite said.
enum SQLiteFault {
    static func error(_ error: any Error, doing verb: String, _ path: String) -> BatonError {
        if let error = error as? BatonError {
            return BatonError(error.code, "\(path): \(error.message)", remedy: error.remedy, cause: error.cause)
        }
        guard let database = error as? DatabaseError else {
            return BatonError(
                .journalUnavailable,
                "cannot \(verb) \(path): \(error)",
                remedy: "check the folder",
                cause: error
            )
        }
        let said = database.message ?? "no message"
        switch database.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return BatonError(
                .journalCorrupt,
                "\(path) is damaged: \(said)",
                remedy: "restore the data folder from a copy",
                cause: error
            )
        case .SQLITE_FULL:
            return Self.unavailable("the disk is full", verb, path, "free space, then `baton resume`", error)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return Self.unavailable("it cannot be written", verb, path, "make the folder writable for this user", error)
        case .SQLITE_CANTOPEN:
            return Self.unavailable(
                "it cannot be opened",
                verb,
                path,
                "check that the folder exists and can be written, which SQLite needs also for reading; or copy it elsewhere",
                error
            )
        case .SQLITE_IOERR:
            return Self.unavailable(
                "the disk failed (\(said))",
                verb,
                path,
                "check the disk, then `baton resume`",
                error
            )
        default:
            return Self.unavailable(said, verb, path, "check the disk, then `baton resume`", error)
        }
    }

    private static func unavailable(
        _ why: String,
        _ verb: String,
        _ path: String,
        _ remedy: String,
        _ cause: any Error
    ) -> BatonError {
        BatonError(.journalUnavailable, "cannot \(verb) \(path): \(why)", remedy: remedy, cause: cause)
    }

    static func badRow(_ what: String) -> BatonError {
        BatonError(
            .journalCorrupt,
            "\(what) has a row of the wrong form",
            remedy: "restore the data folder from a copy"
        )
    }
}
