import ArgumentParser
import BatonCore
import BatonEngine
import Foundation

/// Where a command writes what it made.
struct FileOptions: ParsableArguments {
    @Option(
        name: [.long, .customShort("o")],
        help: "The file to write. Default, and with -: standard output.",
        completion: .file()
    )
    var output: String?

    /// The file; nil is standard output.
    var path: String? { self.output == "-" ? nil : self.output }

    func validate() throws {
        if self.output?.isEmpty == true { throw ValidationError("--output is empty; name a file") }
    }
}

/// A file that a command writes as a whole.
enum OutputFile {
    /// A whole file takes the place of an older one; what is no file, such as a pipe, is written to.
    ///
    /// - Parameters:
    ///   - what: how the error names it.
    ///   - isPrivate: only this user may read it.
    /// - Throws: ``BatonError`` of the code.
    static func write(
        _ what: String,
        _ bytes: some Sequence<UInt8>,
        to path: String,
        isPrivate: Bool = false,
        _ code: BatonError.Code
    ) throws {
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        do {
            guard !isSpecial else { return try Data(bytes).write(to: URL(fileURLWithPath: path)) }
            let part = "\(path).part-\(getpid())"
            defer { unlink(part) }
            let isMade = FileManager.default.createFile(
                atPath: part,
                contents: Data(bytes),
                attributes: isPrivate ? [.posixPermissions: 0o600] : nil
            )
            guard isMade, rename(part, path) == 0 else {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
        } catch {
            throw BatonError(
                code,
                "the \(what) cannot be written to \(PlainText.line(path, limit: 200)): \(error.localizedDescription)",
                remedy: "name a file in a folder that exists and that you may write to"
            )
        }
    }
}
