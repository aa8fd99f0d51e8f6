package import BatonCore

/// What a report needs besides the run itself.
package struct ReportSources: Sendable {
    /// Outputs of tasks, those among them that the journal keeps by hash.
    package let outputs: [TaskIndex: JSON]
    /// A line of `baton` that can be typed as it is, from its words.
    package let command: @Sendable ([String]) -> String

    package init(outputs: [TaskIndex: JSON], command: @escaping @Sendable ([String]) -> String) {
        self.outputs = outputs
        self.command = command
    }
}

extension RunReport {
    /// More tasks than this are grouped and counted, and only the notable ones are named.
    static let mostTasksNamed = 200
    /// How many of a kind of notable tasks are named, and how many results are shown of a large run.
    static let mostNotable = 50

    var isLarge: Bool { self.tasks.count > Self.mostTasksNamed }

    /// The tasks whose outputs a page shows: those that nothing completed builds on first, else in plan order.
    package var results: [TaskIndex] {
        let completed = self.run.tasks.map { record in
            if case .ended(.completed) = record.state { return true }
            return false
        }
        let done = completed.indices.filter { completed[$0] }.map { TaskIndex($0) }
        let isFinal = { (task: TaskIndex) in !self.run.graph.dependents[task].contains { completed[Int($0)] } }
        guard !self.isLarge else { return Array(done.filter(isFinal).prefix(Self.mostNotable)) }
        let layers = self.run.graph.layers().layerOf
        return done.sorted { left, right in
            let (near, far) = (layers[left.offset] ?? 0, layers[right.offset] ?? 0)
            return near == far ? left < right : near > far
        }
    }

    /// `partial after 3.4 s; 9 tasks: 8 completed, 1 failed`.
    package var headline: String {
        RunSummary.standing(of: self.sheet, after: self.elapsed)
    }

    /// What the state of the run means, for who reads the word for the first time.
    var meaning: String {
        switch self.run.phase {
        case .running where self.run.waitsOnlyForPeople: "Nothing goes on until a person has answered."
        case .running: "It had not ended when this was written; what is done is told here."
        case .paused: "Nothing new starts until it is resumed."
        case .stopping: "Nothing new starts; what runs is told to stop."
        case .ended(.completed): "All tasks are done."
        case .ended(.partial):
            "Partial: some tasks have no result, for the reasons told here; the rest is done and kept."
        case .ended(.failed):
            "Failed: nothing came of it, or a task failed that everything depends on. What is done is kept."
        case .ended(.cancelled): "Cancelled: it was stopped before its end. What is done is kept."
        }
    }

    /// What a rehearsal says of itself.
    static let rehearsalWords =
        "\(StandIn.mark): stand-ins played every agent in virtual time; no work was done and nothing was spent."

    /// What has to be known before anything else: whose words are made up.
    var banner: String? { self.isRehearsal ? Self.rehearsalWords : RehearsedWords.line(of: self.run.plan) }

    /// A moment as the time that had passed since the run began.
    func since(_ moment: Timestamp) -> String { "+" + SpanText.of(max(.zero, moment - self.run.began)) }

    /// A moment to the second, in UTC.
    static func clock(_ moment: Timestamp) -> String {
        let date = CivilDate(moment)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2)) \(date.time)"
    }
}

/// Numbers for people.
enum NumberText {
    /// With one decimal, such as `2.4`.
    static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "?" }
        let tenths = Int64((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }

    /// A part of a whole in percent; nothing of nothing is nothing.
    static func percent(_ part: Duration, of whole: Duration) -> String {
        guard whole > .zero else { return "0 %" }
        return "\(Int((min(1, max(0, part.inSeconds / whole.inSeconds)) * 100).rounded())) %"
    }
}
