import BatonCore
import BatonEngine
import BatonReports

/// What a session prints of its run.
enum Showing: Sendable {
    /// Every change, and how it stands at the end.
    case run
    /// The output of its only task and nothing else; what has to be said besides goes to standard error.
    case answer
    /// The minutes of its meeting, in the same way.
    case minutes
}

extension Console {
    /// How a run stands, at the end of a command that followed it.
    static func summarise(
        _ sheet: RunSheet,
        _ outputs: Readings,
        for viewer: Viewer,
        asJSON: Bool,
        _ shows: Showing
    ) async throws {
        switch shows {
        case .run: try await Self.summarise(sheet, outputs, for: viewer, asJSON: asJSON)
        case .answer: try await Self.answer(sheet, outputs, for: viewer, asJSON: asJSON)
        case .minutes: try await Self.minutes(sheet, outputs, for: viewer, asJSON: asJSON)
        }
    }

    private static func minutes(
        _ sheet: RunSheet,
        _ outputs: Readings,
        for viewer: Viewer,
        asJSON: Bool
    ) async throws {
        let all = try await outputs.outputs(of: sheet.run)
        guard !asJSON else {
            let meetings = MeetingRecord.all(in: sheet.run, outputs: all).map { $0.json(sheet.run) }
            return Self.print([
                "run": .string(sheet.run.id.text), "state": .string(sheet.stateWord), "meetings": .array(meetings),
            ])
        }
        for line in MinutesLines.of(sheet.run, outputs: all, for: viewer) { Self.print(line) }
        if case .ended(.failed(let failure)) = sheet.run.tasks[0].state {
            Self.note("error[\(failure.code)]: \(failure.message); \(failure.remedy)")
        }
        Self.noteQuestions(of: sheet, for: viewer)
    }

    private static func noteQuestions(of sheet: RunSheet, for viewer: Viewer) {
        for question in sheet.run.openQuestions {
            let line = QuestionLines.prompt(question, in: sheet.run.plan).first?.plain ?? question.text
            Self.note("\(line); answer: \(viewer.command(["answer", sheet.run.id.text, question.id.description]))")
        }
        Self.note("all of it: \(viewer.command(["show", sheet.run.id.text]))")
    }

    private static func answer(
        _ sheet: RunSheet,
        _ outputs: Readings,
        for viewer: Viewer,
        asJSON: Bool
    ) async throws {
        let task = TaskIndex(0)
        let output = try await outputs.outputs(of: sheet.run, among: [task])[task]
        let run = sheet.run.id
        guard !asJSON else {
            let json = sheet.task(task).adding("run", .string(run.text))
            return Self.print(output.map { json.adding("output", $0) } ?? json)
        }
        if let output { Self.print(output.plainText) }
        switch sheet.run.tasks[task.offset].state {
        case .ended(.failed(let failure)):
            Self.note("error[\(failure.code)]: \(failure.message); \(failure.remedy)")
        case .ended(.completed): break
        case .ended, .running, .stopping, .resting, .blocked:
            Self.note("no answer: the task is \(sheet.run.tasks[task.offset].state.word)")
        case .waiting, .scheduled, .ready:
            let why = viewer.command(["why", run.text])
            Self.note("no answer: the task is \(sheet.run.tasks[task.offset].state.word); what it waits for: \(why)")
        }
        Self.noteQuestions(of: sheet, for: viewer)
    }
}
