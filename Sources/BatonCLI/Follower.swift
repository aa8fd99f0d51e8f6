import BatonAgents
import BatonCore
import BatonEngine
import Foundation
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Follows a run in a terminal or a pipe: prints its changes, asks its questions, obeys Ctrl-C.
struct Follower: Sendable {
    enum Reason: Sendable {
        case ended
        case interrupted
        case waitsForPeople
    }

    struct Outcome: Sendable {
        let reason: Reason
        let printer: RunPrinter
    }

    let engine: Engine
    let asJSON: Bool
    /// Stay while only people are waited for, though nobody can be asked here.
    let stays: Bool
    /// Events up to here were printed by an earlier process.
    let skipping: Position

    private enum News: Sendable {
        case facts([Recorded])
        case over
        case failed(any Error)
        case signal
        case typed(String)
        /// Ctrl-D: nobody answers here any more.
        case silent
        case quiet
    }

    func follow(_ handle: RunHandle) async throws -> Outcome {
        // Everything that can happen comes through one stream; its four sources end when the group is cancelled.
        let (news, feed) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .unbounded)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    var stream = handle.facts
                    while let facts = try await stream.next() { feed.yield(.facts(facts)) }
                    feed.yield(.over)
                } catch {
                    feed.yield(.failed(error))
                }
            }
            // Stopping must not wait for whoever reads what is printed.
            let engine = self.engine
            let stop = StopSignal {
                engine.shutDown()
                feed.yield(.signal)
            }
            group.addTask { await stop.listen() }
            if Console.canAsk, !self.asJSON { Keyboard.read { feed.yield($0.map { .typed($0) } ?? .silent) } }
            group.addTask {
                while (try? await Task.sleep(for: .seconds(1))) != nil { feed.yield(.quiet) }
            }
            let outcome = try await self.listen(to: news, handle)
            group.cancelAll()
            return outcome
        }
    }

    private func listen(to news: AsyncStream<News>, _ handle: RunHandle) async throws -> Outcome {
        var printer = RunPrinter(asJSON: self.asJSON)
        var asked: QuestionID?
        var quietSince = ContinuousClock.now
        var isSilent = !Console.canAsk || self.asJSON
        for await item in news {
            switch item {
            case .facts(let facts):
                printer.take(facts.filter { $0.position <= self.skipping }, isOld: true)
                printer.take(facts.filter { $0.position > self.skipping })
                quietSince = .now
                guard let run = printer.sheet?.run else { continue }
                if run.isEnded { return Outcome(reason: .ended, printer: printer) }
                if let damage = run.damage { throw Self.damaged(run, damage) }
                if !isSilent { asked = self.ask(run, asked) }
                if run.head > self.skipping, run.waitsOnlyForPeople, isSilent, !self.stays {
                    return Outcome(reason: .waitsForPeople, printer: printer)
                }
            case .over: return Outcome(reason: .interrupted, printer: printer)
            case .failed(let error): throw error
            case .signal:
                let run = printer.sheet?.run.id
                Console.note("stopping; once more stops at once" + (run.map { ", then: baton resume \($0)" } ?? ""))
            case .typed(let line):
                guard let question = asked, let run = printer.sheet?.run else { continue }
                if !(await self.answer(question, of: run, line)) { asked = self.ask(run, nil) }
            case .silent:
                isSilent = true
                if printer.sheet?.run.waitsOnlyForPeople == true, !self.stays {
                    return Outcome(reason: .waitsForPeople, printer: printer)
                }
            case .quiet:
                let interval = printer.sheet?.run.plan.defaults.progressUpdateInterval ?? .seconds(30)
                guard ContinuousClock.now - quietSince >= interval else { continue }
                quietSince = .now
                if let line = printer.progressLine(at: SystemClock().now()) { Console.print(line) }
            }
        }
        return Outcome(reason: .interrupted, printer: printer)
    }

    private static func damaged(_ run: Run, _ at: Position) -> BatonError {
        BatonError(
            .journalCorrupt,
            "run \(run.id) is damaged at event \(at.value)",
            remedy: "restore the data folder from a copy"
        )
    }

    // Puts the oldest open question to whoever sits here.
    private func ask(_ run: Run, _ asked: QuestionID?) -> QuestionID? {
        guard let question = run.openQuestions.first else { return nil }
        guard question.id != asked else { return asked }
        let choice =
            question.options.isEmpty
            ? "Type the result as text or JSON, !fail REASON or !skip"
            : "Type one of \(question.options.joined(separator: ", "))"
        Console.print(
            Console.styled(
                "\(question.id)  \(SummaryPrinter.asked(question, of: run))\(run.spec(question.task).id): \(PlainText.line(question.text, limit: 400))",
                .strong
            )
        )
        Console.print("\(PlainText.line(choice, limit: 300)), then Enter:")
        return question.id
    }

    private func answer(_ question: QuestionID, of run: Run, _ line: String) async -> Bool {
        let words = line.trimmingCharacters(in: .whitespaces)
        guard !words.isEmpty else { return false }
        do {
            try await self.engine.answer(question, of: run.id, with: Person.reply(words), by: Person.name)
            return true
        } catch {
            Console.note(String(describing: error))
            return false
        }
    }
}

/// Who sits at this terminal.
enum Person {
    /// What was typed at the prompt of a question.
    static func reply(_ line: String) -> PersonReply {
        if line == "!skip" { return .skip }
        if line == "!fail" || line.hasPrefix("!fail ") {
            return .fail(line.dropFirst(5).trimmingCharacters(in: .whitespaces))
        }
        return .words(line)
    }

    static var name: String {
        ProcessInfo.processInfo.environment["USER"].flatMap { $0.isEmpty ? nil : $0 } ?? "person"
    }
}

/// Lines typed at the terminal.
enum Keyboard {
    /// Reads on a thread of its own, for a blocking read must not hold one of the pool's; it ends with the process.
    ///
    /// - Parameter take: gets each line, and nil when there are no more.
    static func read(_ take: @escaping @Sendable (String?) -> Void) {
        Thread.detachNewThread {
            while let line = readLine() { take(line) }
            take(nil)
        }
    }
}
