import BatonCore

/// Reads the file of an archive line by line, and says of the first wrong line which it is and why.
struct ArchiveReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 0
    private var format: Int64 = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func archive() throws(BatonError) -> RunArchive {
        let header = try self.header()
        var contents: [StoredContent] = []
        for _ in 0..<header.contents { contents.append(try self.content()) }
        var members: [RunArchive.Member] = []
        for number in 0..<header.runs {
            let member = try self.member(behind: members)
            guard (number == header.runs - 1) == (member.head.run == header.run) else {
                throw self.fault("it is run \(member.head.run), which does not belong here")
            }
            members.append(member)
        }
        if self.offset < self.bytes.count {
            self.line += 1
            throw self.fault("there is more behind the last event")
        }
        let archive = RunArchive(members: members, contents: contents)
        guard archive.events == header.events, members.reduce(0, { $0 + $1.chunks.count }) == header.chunks,
            archive.head.hash == header.hash
        else { throw self.fault("the numbers or the hash in line 1 are not those of the runs") }
        return archive
    }

    // MARK: Lines

    private struct Header {
        let run: RunID
        let runs: Int
        let contents: Int
        let chunks: Int
        let events: Int
        let hash: Digest
    }

    private mutating func header() throws(BatonError) -> Header {
        guard let bytes = self.next(), let value = try? JSON(parsing: bytes), let header = value["archive"],
            let format = header["format"]?.integer
        else {
            throw self.fault("it is not the header of an archive", remedy: "name a file that `baton export-run` wrote")
        }
        guard 1...RunArchive.format ~= format else {
            throw BatonError(
                .archiveNewer,
                "line 1: the archive has format \(format); Baton \(Baton.version) knows up to \(RunArchive.format)",
                remedy: "use the Baton that wrote it, or a newer one"
            )
        }
        self.format = format
        let fields = ArchiveFields(header)
        guard let run = fields.run("run"), let runs = fields.count("runs"), runs > 0,
            runs <= JournalReader.mostForks + 1, let contents = fields.count("contents"),
            let chunks = fields.count("chunks"), let events = fields.count("events"), let hash = fields.digest("hash")
        else { throw self.fault("the header has no proper run, counts and hash") }
        return Header(run: run, runs: runs, contents: contents, chunks: chunks, events: events, hash: hash)
    }

    private mutating func content() throws(BatonError) -> StoredContent {
        let fields = try self.fields("content")
        guard let digest = fields.digest("digest"), let text = fields.text("text") else {
            throw self.fault("the content has no proper digest and text")
        }
        let bytes = Array(text.utf8)
        guard HashChain.digest(of: bytes) == digest else { throw self.fault("the content is not what was written") }
        return StoredContent(digest: digest, bytes: bytes)
    }

    private mutating func member(behind others: [RunArchive.Member]) throws(BatonError) -> RunArchive.Member {
        let fields = try self.fields("run")
        guard let head = fields.head else { throw self.fault("the run has not all that a list of runs shows") }
        guard !others.contains(where: { $0.head.run == head.run }) else {
            throw self.fault("run \(head.run) stands here twice")
        }
        var previous = Digest.zero
        if let origin = head.origin {
            guard let other = others.last, other.head.run == origin.run,
                let chunk = Self.chunk(with: origin.position, others)
            else { throw self.fault("run \(head.run) is a fork of something that does not stand before it") }
            previous = HashChain.fork(from: origin, chunk: chunk.hash)
        } else if !others.isEmpty {
            throw self.fault("run \(head.run) is no fork of the run before it")
        }
        var member = RunArchive.Member(head: head, chunks: [])
        var position = head.origin?.position ?? .start
        while position < head.position {
            let chunk = try self.chunk(of: head.run, after: position, previous)
            previous = chunk.hash
            position = chunk.last
            member.chunks.append(chunk)
        }
        guard position == head.position, previous == head.hash, !member.chunks.isEmpty else {
            throw self.fault("run \(head.run) ends with another event than its first line says")
        }
        return member
    }

    // A place before a fork belongs to the run that was forked.
    private static func chunk(with position: Position, _ members: [RunArchive.Member]) -> Chunk? {
        for member in members.reversed() {
            if let chunk = member.chunks.first(where: { $0.first <= position && position <= $0.last }) { return chunk }
            guard let origin = member.head.origin, position <= origin.position else { return nil }
        }
        return nil
    }

    private mutating func chunk(
        of run: RunID,
        after position: Position,
        _ previous: Digest
    ) throws(BatonError) -> Chunk {
        let fields = try self.fields("chunk")
        guard let first = fields.position("first"), let count = fields.count("count"), count > 0, count < 1 << 24,
            let named = fields.digest("previous"), let hash = fields.digest("hash")
        else { throw self.fault("the chunk has no proper first, count, previous and hash") }
        // A line holds one event or two.
        let lineCount = self.format == 1 ? count : fields.count("lines") ?? 0
        guard (count + 1) / 2...count ~= lineCount else { throw self.fault("the chunk has no proper lines") }
        guard first == position.next, named == previous else { throw self.fault("the chain of run \(run) breaks") }
        let begin = self.offset
        let place = self.line
        for _ in 0..<lineCount { _ = try self.wanted("an event of run \(run)") }
        // The last line of a file may have lost its end.
        let isCut = self.bytes[self.offset - 1] != Self.newline
        let lines = Array(self.bytes[begin..<self.offset]) + (isCut ? [Self.newline] : [])
        let link = HashChain.link(previous: previous, run: run, first: first, count: count, lines: lines)
        guard link == hash else {
            self.line = place
            throw self.fault("the \(count) events behind it are not what was written")
        }
        return Chunk(run: run, first: first, count: count, previous: previous, hash: hash, lines: lines)
    }

    // MARK: Bytes

    private static let newline = UInt8(ascii: "\n")

    private mutating func next() -> ArraySlice<UInt8>? {
        self.line += 1
        guard self.offset < self.bytes.count else { return nil }
        let rest = self.bytes[self.offset...]
        let end = rest.firstIndex(of: Self.newline) ?? rest.endIndex
        let line = rest[..<end]
        self.offset = min(end + 1, rest.endIndex)
        return line
    }

    private mutating func wanted(_ what: String) throws(BatonError) -> ArraySlice<UInt8> {
        guard let line = self.next() else { throw self.fault("the file ends; here should be \(what)") }
        return line
    }

    private mutating func fields(_ kind: String) throws(BatonError) -> ArchiveFields {
        let line = try self.wanted("a \(kind)")
        guard let value = try? JSON(parsing: line), let part = value[kind] else {
            throw self.fault("here should be a \(kind)")
        }
        return ArchiveFields(part)
    }

    private func fault(_ why: String, remedy: String = "export the run again, and copy the whole file") -> BatonError {
        BatonError(.archiveForm, "line \(self.line): \(PlainText.line(why, limit: 200))", remedy: remedy)
    }
}

extension BatonError.Code {
    /// A file is no whole archive of a run.
    static let archiveForm = BatonError.Code("archive.form")
    /// A newer Baton wrote the archive.
    static let archiveNewer = BatonError.Code("archive.newer")
}
