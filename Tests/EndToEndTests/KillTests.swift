import BatonCore
import BatonTestKit
import Foundation
import Testing

/// `kill -9` of the real program at random moments, resumed each time.
///
/// `BATON_KILL_ROUNDS` sets the number of kills.
@Suite(.ownThreads, .serialized) struct KillTests {
    private static let rounds = ProcessInfo.processInfo.environment["BATON_KILL_ROUNDS"].flatMap { Int($0) } ?? 20

    @Test func `nothing complete runs again and nothing is lost when every step may be repeated`() throws {
        try Self.kill(repeatable: true, seed: 5)
    }

    @Test func `a step that may not be repeated is asked about, and only what was in hand`() throws {
        try Self.kill(repeatable: false, seed: 6)
    }

    // A run that was quicker than its killers is followed by another, until there have been as many kills as wanted.
    private static func kill(repeatable: Bool, seed: UInt64) throws {
        var draws = SplitMix64(seed: seed)
        var left = Self.rounds
        while left > 0 { left -= try KillGame(repeatable: repeatable).play(kills: left, &draws) }
    }
}

/// One run that is killed over and over and has to come to its end all the same.
private struct KillGame {
    private static let tasks = 200

    private let folder: TemporaryFolder
    private let baton: Binary
    private let repeatable: Bool

    init(repeatable: Bool) throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        self.repeatable = repeatable
        try self.writePlan(repeatable: repeatable)
    }

    /// Kills so often at most, then lets it end and compares the books.
    ///
    /// - Returns: how often it was killed.
    func play(kills wanted: Int, _ draws: inout SplitMix64) throws -> Int {
        var arguments = ["run", "plan.json", "--id", "k", "--json"]
        var kills = 0
        while kills < wanted {
            let running = try self.baton.start(arguments)
            // So many lines into it: somewhere between handing out, doing, recording and telling.
            for _ in 0..<(1 + draws.below(40)) where running.nextLine() == nil { break }
            running.send(SIGKILL)
            // It may have ended by itself just before.
            guard running.wait() == 128 + SIGKILL else { break }
            kills += 1
            try self.answerAll()
            arguments = ["resume", "k", "--json"]
        }
        var last = try self.baton.run(["resume", "k"])
        while last.code == 2, !self.repeatable {
            try self.answerAll()
            last = try self.baton.run(["resume", "k"])
        }
        #expect(last.code == 0, "\(last.errors)")
        try self.checkBooks()
        return kills
    }

    /// Two hundred tasks in layers; each appends its name, attempt and delivery to a file before it says that it is done.
    private func writePlan(repeatable: Bool) throws {
        var tasks: [JSON] = []
        for number in 0..<Self.tasks {
            var needed: [JSON] = []
            if number >= 20 {
                needed = [.string("t\(number - 20)"), .string("t\(number - 20 + (number % 20 == 19 ? -19 : 1))")]
            }
            tasks.append(["task_id": .string("t\(number)"), "dependencies": .array(needed)])
        }
        let script =
            "echo \"$BATON_TASK $BATON_ATTEMPT $BATON_DELIVERY\" >> effects; sleep 0.01; echo done"
        let plan: JSON = [
            "project_id": "kill", "execution_mode": "fully_automated",
            "agents": [
                [
                    "agent_id": "sh", "command": ["sh", "-c", .string(script)], "max_concurrent_tasks": 8,
                    "repeatable": .bool(repeatable),
                ]
            ],
            "tasks": .array(tasks),
        ]
        _ = try self.folder.write(plan.description, to: "plan.json")
    }

    private func answerAll() throws {
        let inbox = try JSON(parsing: try self.baton("inbox", "--json").output.utf8)
        for question in inbox["questions"]?.elements ?? [] {
            let answer = try self.baton("answer", "k", question["id"]?.string ?? "", "again")
            #expect(answer.code == 0, "\(answer.errors)")
        }
    }

    /// Compares what the tasks did with what the journal says.
    private func checkBooks() throws {
        var handedOut: [String: Set<String>] = [:]
        var completed: Set<String> = []
        let events = try self.baton("events", "k", "--json")
        for line in events.output.split(separator: "\n") {
            let event = try JSON(parsing: line.utf8)
            guard let task = event["task"]?.string else { continue }
            if event["kind"] == "step_owed", let attempt = event["attempt"]?.integer,
                let delivery = event["delivery"]?.integer
            {
                #expect(!completed.contains(task), "\(task) was handed out after it was complete")
                handedOut[task, default: []].insert("\(attempt) \(delivery)")
            }
            if event["kind"] == "task_ended" {
                #expect(event["end"] == "completed")
                #expect(completed.insert(task).inserted, "\(task) ended twice")
            }
        }
        #expect(completed.count == Self.tasks)
        var seen: Set<String> = []
        for line in self.folder.read("effects").split(separator: "\n") {
            #expect(seen.insert(String(line)).inserted, "\(line) was done twice")
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            #expect(handedOut[words[0]]?.contains(words[1]) == true, "\(line) was never handed out")
        }
        let done = Set(seen.compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(done == completed)
        #expect(try Self.processes(markedWith: self.folder(".baton")).isEmpty)
    }

    private static func processes(markedWith folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.filter { pid in
            let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
            return String(decoding: environment, as: UTF8.self).contains("BATON_FOLDER=\(folder)\0")
        }
    }
}
