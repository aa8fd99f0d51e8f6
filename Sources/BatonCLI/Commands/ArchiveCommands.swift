import ArgumentParser
import BatonCore
import BatonEngine
import BatonSQLite
import Foundation

/// `baton export-run`: a run as one file.
struct ExportRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-run",
        abstract: "Writes a run with all that it needs into one file, which import-run reads elsewhere.",
        discussion: """
            Examples:
              baton export-run demo-20261121-090000 -o demo.jsonl
              baton export-run demo-20261121-090000 | gzip > demo.jsonl.gz
            The runs that it was forked from go along. Live logs and the keys of requests do not. It only reads, also \
            beside a running engine: the file holds the run as it stands at that moment.
            """
    )

    @Argument(help: "The run.", completion: RunNames.all) var run: String
    @OptionGroup var file: FileOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var json: OutputOptions

    func validate() throws {
        // What agents have said could steer a terminal, and a filtered archive is none.
        if self.file.path == nil, Console.isTerminal {
            throw ValidationError("an archive is not for a terminal; name a file with -o, or use a pipe")
        }
    }

    func run() async throws {
        try await Exit.reporting(self.json) {
            let folder = try ReadOnly(self.data.path)
            let archive = try await RunArchive.of(RunID(self.run), in: folder.journal)
            let bytes = archive.lines
            guard let output = self.file.path else { return Console.emit(bytes) }
            try OutputFile.write("archive", bytes, to: output, isPrivate: true, .archiveUnwritable)
            guard !self.json.json else {
                return Console.print(
                    archive.json.adding("file", .string(output)).adding("bytes", .integer(Int64(bytes.count)))
                )
            }
            let others = archive.runs.count - 1
            let along = others > 0 ? ", with \(others) that it was forked from" : ""
            Console.print(
                "wrote \(PlainText.line(output, limit: 200)): run \(archive.head.run)\(along), \(CountText.of(Int(archive.events), "event")), "
                    + "\(bytes.count) bytes"
            )
        }
    }
}

/// `baton import-run`: takes up a run that was exported elsewhere.
struct ImportRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-run",
        abstract: "Takes a run out of a file that export-run wrote; all of it is checked before any of it is stored.",
        discussion: """
            Example: baton import-run demo.jsonl
            The run is then as any other: it can be shown, reported, diffed, replayed, forked, and resumed if it had not \
            ended. Resume it in one place only: two data folders know nothing of each other. A run that is there \
            already with the same events is left as it is.
            """
    )

    @Argument(help: "The file; - reads standard input.", completion: .file()) var file: String
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let archive = try await RunArchive.read(try ArchiveFile.read(self.file))
            let (stored, folder) = try await DataFolder.writing(to: self.data.path) { journal, folder in
                (try await archive.store(in: journal), folder.path)
            }
            guard !self.output.json else {
                return Console.print(archive.json.adding("stored", .array(stored.map { .string($0.text) })))
            }
            let head = archive.head
            guard !stored.isEmpty else {
                return Console.print(
                    "run \(head.run) is here already, with the same \(CountText.of(Int(archive.events), "event"))"
                )
            }
            let next = CommandHint.line([head.isEnded ? "show" : "resume", head.run.text], dataFolder: folder)
            Console.print(
                "took up \(stored.map(\.text).joined(separator: ", ")): \(CountText.of(Int(archive.events), "event")), \(head.state); \(next)"
            )
        }
    }
}

extension RunArchive {
    fileprivate var json: JSON {
        [
            "run": .string(self.head.run.text), "state": .string(self.head.state),
            "runs": .array(self.runs.map { .string($0.text) }), "events": .integer(Int64(self.events)),
        ]
    }
}

/// The file of an archive.
enum ArchiveFile {
    static func read(_ path: String) throws -> [UInt8] {
        if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        var status = stat()
        guard stat(path, &status) == 0 else { throw Self.missing(path, String(cString: strerror(errno))) }
        // A pipe that nobody writes to would be waited for.
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.missing(path, "it is no regular file") }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Self.missing(path, "it cannot be read")
        }
        return Array(data)
    }

    private static func missing(_ path: String, _ why: String) -> BatonError {
        BatonError(
            .archiveMissing,
            "there is no archive at \(PlainText.line(path, limit: 200)): \(why)",
            remedy: "name a file that `baton export-run` wrote"
        )
    }
}

extension BatonError.Code {
    /// There is no file to import.
    static let archiveMissing = BatonError.Code("archive.missing")
    /// The file for an archive cannot be written.
    static let archiveUnwritable = BatonError.Code("archive.unwritable")
}
