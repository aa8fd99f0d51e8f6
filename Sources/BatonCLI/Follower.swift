import BatonAgents
import BatonCore
import BatonEngine
import BatonReports
import Foundation
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Follows a run in a terminal or a pipe: shows its changes, asks its questions, obeys Ctrl-C.
struct Follower: Sendable {
    enum Reason: Sendable {
        case ended
        case interrupted
        case waitsForPeople
    }

    /// Who carries the run, here or in another process.
    let control: any Control
    let readings: Readings
    let options: FollowOptions
    let output: OutputOptions
    let shows: Showing
    let dataFolder: String
    let stop: StopSignal
    /// What the first Ctrl-C does, and what is said then, with the run if it is known.
    let atStop: @Sendable () -> Void
    let farewell: @Sendable (RunID?) -> String
    /// Whether the engine carries other runs too, whose people this run may have to wait for.
    var isBesideOthers = false
    /// Events up to here were shown by an earlier process.
    let skipping: Position

    private enum News: Sendable {
        case facts([Recorded])
        case over
        case failed(any Error)
        case signal
        case typed(String)
        /// Ctrl-D: nobody answers here any more.
        case silent
        case beat
    }

    func follow(_ run: RunID) async throws -> Reason {
        // Everything that can happen comes through one stream; its sources end when the group is cancelled.
        let display = self.options.display(self.output, dataFolder: self.dataFolder, self.shows)
        let pace = display.pace
        let facts = try await self.control.facts(of: run)
        let (news, feed) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .unbounded)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    while let facts = try await facts.next() { feed.yield(.facts(facts)) }
                    feed.yield(.over)
                } catch {
                    feed.yield(.failed(error))
                }
            }
            // Stopping must not wait for whoever reads what is printed.
            let (stop, atStop) = (self.stop, self.atStop)
            group.addTask {
                await stop.listen {
                    atStop()
                    feed.yield(.signal)
                }
            }
            if Console.canAsk, !self.output.json { Keyboard.read { feed.yield($0.map { .typed($0) } ?? .silent) } }
            group.addTask {
                while (try? await Task.sleep(for: pace)) != nil { feed.yield(.beat) }
            }
            defer { group.cancelAll() }
            return try await self.listen(to: news, display)
        }
    }

    private func listen(
        to news: AsyncStream<News>,
        _ shown: Display
    ) async throws -> Reason {
        var display = shown
        defer { display.close() }
        var asked: QuestionID?
        var (quietSince, lookedAt) = (ContinuousClock.now, ContinuousClock.now)
        var isSilent = !Console.canAsk || self.output.json
        for await item in news {
            switch item {
            case .facts(let facts):
                display.take(facts.filter { $0.position <= self.skipping }, isOld: true)
                display.take(facts.filter { $0.position > self.skipping })
                quietSince = .now
                guard let standing = display.standing else { continue }
                if standing.isEnded { return .ended }
                if !isSilent { asked = self.ask(standing, asked, &display) }
                guard isSilent, let last = facts.last, last.position > self.skipping else { continue }
                if try await self.mayLeave(standing) { return .waitsForPeople }
            case .over: return .interrupted
            case .failed(let error): throw error
            case .signal:
                display.note(self.farewell(display.standing?.run))
            case .typed(let line):
                display.typed(line)
                guard let question = asked, let standing = display.standing else { continue }
                guard let refusal = await self.answer(question, of: standing.run, line) else { continue }
                asked = self.ask(standing, asked, refusal: refusal, &display)
            case .silent:
                isSilent = true
                display.stopAsking()
                if let standing = display.standing, try await self.mayLeave(standing) { return .waitsForPeople }
            case .beat:
                display.beat()
                // What another run begins to wait for is no news of this one.
                if isSilent, self.isBesideOthers, ContinuousClock.now - lookedAt >= Self.lookAround,
                    let standing = display.standing
                {
                    if try await self.mayLeave(standing) { return .waitsForPeople }
                    lookedAt = .now
                }
                let interval = display.standing?.plan.defaults.progressUpdateInterval ?? .seconds(30)
                guard ContinuousClock.now - quietSince >= interval else { continue }
                quietSince = .now
                display.remind(at: SystemClock().now())
            }
        }
        return .interrupted
    }

    // Where nobody can be asked, a run that waits only for people is left alone, unless the user wants to stay.
    private func mayLeave(_ standing: Display.Standing) async throws -> Bool {
        guard standing.mayWaitOnlyForPeople || self.isBesideOthers && standing.mayWaitForOthers, !self.options.wait
        else { return false }
        return try await self.readings.waitsOnlyForPeople(standing.run, beside: self.isBesideOthers)
    }

    private static let lookAround = Duration.seconds(2)

    // Puts the oldest open question to whoever sits here.
    private func ask(
        _ standing: Display.Standing,
        _ asked: QuestionID?,
        refusal: String? = nil,
        _ display: inout Display
    ) -> QuestionID? {
        guard let question = standing.openQuestions.first else {
            if let refusal { display.note(refusal) }
            if asked != nil { display.stopAsking() }
            return nil
        }
        guard question.id != asked || refusal != nil else { return asked }
        display.ask(question, in: standing.plan, refusal: refusal)
        return question.id
    }

    // Why a line is no answer; nil if it was taken for one.
    private func answer(_ question: QuestionID, of run: RunID, _ line: String) async -> String? {
        let words = line.trimmingCharacters(in: .whitespaces)
        if let fault = Person.fault(in: words) { return fault }
        do {
            _ = try await self.control.put(.answer(question, Person.reply(words)), to: run, Caller(by: Person.name))
            return nil
        } catch {
            return String(describing: error)
        }
    }
}

/// Who sits at this terminal.
enum Person {
    /// What was typed at the prompt of a question.
    static func reply(_ line: String) -> PersonReply {
        if line == "!skip" || line.hasPrefix("!skip ") {
            return .skip(line.dropFirst(5).trimmingCharacters(in: .whitespaces))
        }
        if line == "!fail" || line.hasPrefix("!fail ") {
            return .fail(line.dropFirst(5).trimmingCharacters(in: .whitespaces))
        }
        return .words(line)
    }

    /// Why a line typed at the prompt is no answer; nil if it may be one.
    static func fault(in words: String) -> String? {
        if words.isEmpty { return "nothing was typed" }
        if words.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
            return "not taken: it holds control characters, as arrow keys leave them; type it again"
        }
        let isKnown = ["!skip", "!fail"].contains { words == $0 || words.hasPrefix("\($0) ") }
        return words.hasPrefix("!") && !isKnown
            ? "not taken: \(PlainText.line(words, limit: 40)) is no word for this prompt; there are !fail REASON and !skip REASON"
            : nil
    }

    static var name: String {
        Surroundings.variables["USER"].flatMap { $0.isEmpty ? nil : $0 } ?? "person"
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
