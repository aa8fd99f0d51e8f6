import BatonCore
import BatonEngine
import BatonReports

/// How a run is shown while it goes on: line by line, or as a live screen.
struct Display {
    /// What a follower has to know of the run by now.
    struct Standing {
        let run: RunID
        let plan: Plan
        let isEnded: Bool
        let openQuestions: [Question]
        let mayWaitOnlyForPeople: Bool
        /// Whether what is ready may have to wait for what other runs have in hand.
        let mayWaitForOthers: Bool
    }

    // One of the two; changed in place, for both hold much.
    private var printer: RunPrinter?
    private var view: LiveView?

    /// A screen where there is a terminal for it and nobody wants lines.
    static func of(plain: Bool, _ output: OutputOptions, dataFolder: String) -> Display {
        plain || output.json || !Console.canDraw
            ? Display(printer: RunPrinter(asJSON: output.json), view: nil)
            : Display(printer: nil, view: LiveView(dataFolder: dataFolder))
    }

    /// Shows nothing; what has to be said goes to standard error.
    static let silent = Display(printer: RunPrinter(asJSON: false, shows: .answer), view: nil)

    /// Nil before the first event.
    var standing: Standing? {
        if let board = self.view?.board {
            return Standing(
                run: board.run,
                plan: board.plan,
                isEnded: board.isEnded,
                openQuestions: board.openQuestions,
                mayWaitOnlyForPeople: board.mayWaitOnlyForPeople,
                mayWaitForOthers: board.mayWaitForOthers
            )
        }
        guard let run = self.printer?.sheet?.run else { return nil }
        return Standing(
            run: run.id,
            plan: run.plan,
            isEnded: run.isEnded,
            openQuestions: run.openQuestions,
            mayWaitOnlyForPeople: run.waitsOnlyForPeople,
            mayWaitForOthers: run.mayWaitForOthers
        )
    }

    /// Takes facts in; old ones were shown by an earlier process.
    mutating func take(_ facts: [Recorded], isOld: Bool = false) {
        self.printer?.take(facts, isOld: isOld)
        self.view?.take(facts)
    }

    /// How often ``beat()`` is wanted: a screen turns its spinner, lines only remind.
    var pace: Duration { self.view == nil ? .seconds(1) : .milliseconds(40) }

    /// Once in every ``pace``.
    mutating func beat() { self.view?.beat() }

    /// When nothing has changed for a while.
    func remind(at now: Timestamp) { self.printer?.printProgress(at: now) }

    /// Puts a question to whoever sits here.
    ///
    /// - Parameter refusal: why the last line that was typed is no answer to it.
    mutating func ask(_ question: Question, in plan: Plan, refusal: String?) {
        guard self.view == nil else { return self.view?.ask(question, in: plan, refusal: refusal) ?? () }
        if let refusal { Console.note(refusal) }
        for line in QuestionLines.prompt(question, in: plan) { self.printer?.say(line) }
    }

    /// A line was typed.
    mutating func typed(_ line: String) { self.view?.typed(line) }

    /// Nothing is asked any more.
    mutating func stopAsking() { self.view?.stopAsking() }

    /// Says something about the process, not about the run.
    mutating func note(_ words: String) {
        if self.view == nil { Console.note(words) } else { self.view?.say([StyledText(words)]) }
    }

    /// Takes a screen away.
    mutating func close() { self.view?.close() }
}
