import BatonCore

extension RunArchive {
    /// The archive as JSON lines: a header, the contents, then each run with its chunks and their events.
    ///
    /// Events stand there byte for byte as the journal has them, so that the chain can be checked.
    package var lines: [UInt8] {
        var writer = JSONWriter()
        writer.line("archive", self.header)
        for content in self.contents {
            let text = String(decoding: content.bytes, as: UTF8.self)
            writer.line("content", ["digest": .string(content.digest.description), "text": .string(text)])
        }
        var bytes = writer.bytes
        for member in self.members {
            var writer = JSONWriter()
            writer.line("run", member.head.archived)
            bytes += writer.bytes
            for chunk in member.chunks {
                var writer = JSONWriter()
                writer.line("chunk", chunk.archived)
                bytes += writer.bytes
                bytes += chunk.lines
            }
        }
        return bytes
    }

    // Nothing but what the reader can check.
    private var header: JSON {
        [
            "format": .integer(Self.format), "run": .string(self.head.run.text),
            "runs": .integer(Int64(self.members.count)), "contents": .integer(Int64(self.contents.count)),
            "chunks": .integer(Int64(self.members.reduce(0) { $0 + $1.chunks.count })),
            "events": .integer(Int64(self.events)), "hash": .string(self.head.hash.description),
        ]
    }
}

extension Chunk {
    fileprivate var archived: JSON {
        [
            "first": .integer(self.first.value), "count": .integer(Int64(self.count)),
            "lines": .integer(Int64(self.lines.count { $0 == UInt8(ascii: "\n") })),
            "previous": .string(self.previous.description), "hash": .string(self.hash.description),
        ]
    }
}

extension RunHead {
    fileprivate var archived: JSON {
        let origin: JSON =
            self.origin.map { ["run": .string($0.run.text), "position": .integer($0.position.value)] } ?? .null
        return [
            "run": .string(self.run.text), "title": .string(self.title), "state": .string(self.state),
            "ended": .bool(self.isEnded), "rehearsal": .bool(self.isRehearsal),
            "total_tasks": .integer(Int64(self.totalTasks)), "ended_tasks": .integer(Int64(self.endedTasks)),
            "open_questions": .integer(Int64(self.openQuestions)),
            "created_us": .integer(self.createdAt.microseconds), "updated_us": .integer(self.updatedAt.microseconds),
            "position": .integer(self.position.value), "hash": .string(self.hash.description), "origin": origin,
        ]
    }
}

extension JSONWriter {
    fileprivate mutating func line(_ kind: String, _ value: JSON) {
        self.object { $0.member(kind, value) }
        self.endLine()
    }
}
