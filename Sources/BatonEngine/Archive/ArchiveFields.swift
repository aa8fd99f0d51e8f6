import BatonCore

/// The fields of one line of an archive; what has not its form is nil.
struct ArchiveFields {
    // As wide as a journal takes them.
    private static let positions: Range<Int64> = 1..<(1 << 48)

    private let value: JSON

    init(_ value: JSON) { self.value = value }

    func text(_ name: String) -> String? { self.value[name]?.string }

    func count(_ name: String) -> Int? {
        guard let number = self.value[name]?.integer, 0..<(1 << 48) ~= number else { return nil }
        return Int(exactly: number)
    }

    func digest(_ name: String) -> Digest? { self.text(name).flatMap { Digest(hex: $0) } }

    /// The name becomes a folder of logs: it has to be one.
    func run(_ name: String) -> RunID? {
        self.text(name).flatMap { NameRule.fault(of: $0) == nil ? RunID($0) : nil }
    }

    func position(_ name: String) -> Position? {
        self.value[name]?.integer.flatMap { Self.positions ~= $0 ? Position($0) : nil }
    }

    private func bool(_ name: String) -> Bool? {
        if case .bool(let value)? = self.value[name] { return value }
        return nil
    }

    private func moment(_ name: String) -> Timestamp? {
        self.value[name]?.integer.map { Timestamp(microseconds: $0) }
    }

    var head: RunHead? {
        guard let run = self.run("run"), let title = self.text("title"), let state = self.text("state"),
            let isEnded = self.bool("ended"), let isRehearsal = self.bool("rehearsal"),
            let total = self.count("total_tasks"), let ended = self.count("ended_tasks"),
            let questions = self.count("open_questions"), let created = self.moment("created_us"),
            let updated = self.moment("updated_us"), let position = self.position("position"),
            let hash = self.digest("hash"), let origin = self.value["origin"]
        else { return nil }
        let fork = ArchiveFields(origin)
        let from = fork.run("run").flatMap { run in fork.position("position").map { ForkOrigin(run: run, position: $0) }
        }
        guard from != nil || origin == .null else { return nil }
        return RunHead(
            run: run,
            title: title,
            state: state,
            isEnded: isEnded,
            isRehearsal: isRehearsal,
            totalTasks: total,
            endedTasks: ended,
            openQuestions: questions,
            createdAt: created,
            updatedAt: updated,
            position: position,
            hash: hash,
            origin: from
        )
    }
}
