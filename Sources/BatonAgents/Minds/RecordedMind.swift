package import BatonCore
package import BatonEngine
import Synchronization

/// Says again what the models of a run said, without any of them: `recorded/RUN`.
///
/// Each question is held against the one that was asked then; another one is a miss that says where it differs, for what a model would have said to it
/// nobody knows.
package struct RecordedMind: Mind {
    /// Finds what was said for a task of a run.
    package typealias Source = @Sendable (TaskID, RunID) async throws -> Recording

    private let run: RunID
    private let recordings: Recordings

    /// What has been read, for all questions of an engine.
    package final class Recordings: Sendable {
        private struct Key: Hashable {
            let run: RunID
            let task: TaskID
        }

        private let source: Source
        private let known = Mutex<[Key: Task<Recording, any Error>]>([:])

        package init(_ source: @escaping Source) { self.source = source }

        func recording(of task: TaskID, in run: RunID) async throws -> Recording {
            let reading = self.known.withLock { known in
                let key = Key(run: run, task: task)
                // Unstructured: several attempts may wait for it.
                let reading = known[key] ?? Task { [source] in try await source(task, run) }
                known[key] = reading
                return reading
            }
            return try await reading.value
        }
    }

    package init(_ name: ModelName, _ recordings: Recordings) {
        self.run = RunID(name.model)
        self.recordings = recordings
    }

    package func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        let recording: Recording
        do {
            recording = try await self.recordings.recording(of: work.task.id, in: self.run)
        } catch {
            let why = (error as? BatonError)?.message ?? "\(error)"
            return .failed(
                self.miss("run \(self.run) cannot be read: \(why)", "name a run of this data folder: recorded/RUN"),
                .none
            )
        }
        let number = transcript.turns.count
        guard recording.answers.indices.contains(number) else {
            let what = "run \(self.run) has no answer to question \(number + 1) of task \(work.task.id)"
            return .failed(self.miss(what, "play the task with a model, and record that run"), .none)
        }
        let answer = recording.answers[number]
        if let difference = Self.difference(Prompt(answer.work, after: answer.transcript), prompt) {
            let what =
                "question \(number + 1) of task \(work.task.id) is not the one that run \(self.run) has an answer to: \(difference)"
            return .failed(self.miss(what, "undo the change, or play the task with a model and record that run"), .none)
        }
        return .replied(answer.reply, .none)
    }

    /// The first line in which they differ, or nil.
    private static func difference(_ old: Prompt, _ new: Prompt) -> String? {
        guard old != new else { return nil }
        let (before, now) = (Self.lines(of: old), Self.lines(of: new))
        let place = zip(before, now).enumerated().first { $1.0 != $1.1 }?.offset ?? min(before.count, now.count)
        let line = { (lines: [Substring]) in
            lines.indices.contains(place) ? "\"\(PlainText.line(String(lines[place]), limit: 120))\"" : "nothing"
        }
        return "line \(place + 1) was \(line(before)) and is \(line(now))"
    }

    private static func lines(of prompt: Prompt) -> [Substring] {
        prompt.text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private func miss(_ what: String, _ remedy: String) -> Failure {
        Failure(.permanent, "mind.recorded", what, remedy: remedy)
    }
}
