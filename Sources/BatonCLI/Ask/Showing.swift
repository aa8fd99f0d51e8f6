import BatonCore
import BatonEngine
import BatonReports

/// What a session prints of its run.
enum Showing: Sendable {
    /// Every change, and how it stands at the end.
    case run
    /// The output of its only task and nothing else; what has to be said besides goes to standard error.
    case answer
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
        }
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
        for question in sheet.run.openQuestions {
            let line = QuestionLines.prompt(question, in: sheet.run.plan).first?.plain ?? question.text
            Self.note("\(line); answer: \(viewer.command(["answer", run.text, question.id.description]))")
        }
        Self.note("all of it: \(viewer.command(["show", run.text]))")
    }
}
