/// What a team does right now, over one run or several: who works on what, how much waits, how well it goes.
package struct TeamStatus: Sendable {
    /// One agent; of several runs it is one if identifier, type, command and model are equal.
    package struct Member: Sendable {
        /// A task in hand.
        package struct Piece: Hashable, Sendable {
            package let run: RunID
            package let task: TaskID
            package let since: Timestamp
        }

        package let profile: AgentProfile
        package fileprivate(set) var runs: [RunID] = []
        package fileprivate(set) var pieces: [Piece] = []
        package fileprivate(set) var completed = 0
        package fileprivate(set) var failed = 0
        package fileprivate(set) var capacity: Int

        /// Completed tasks in percent of those that completed or failed with it; nil before the first.
        package var successRate: Double? {
            let tried = self.completed + self.failed
            return tried > 0 ? 100 * Double(self.completed) / Double(tried) : nil
        }

        /// The share of what it can take that it has in hand, 0 to 1.
        package var load: Double { self.capacity > 0 ? Double(self.pieces.count) / Double(self.capacity) : 0 }
    }

    /// The failure that most tasks of a team ended with.
    package struct CommonFailure: Hashable, Sendable {
        package let code: String
        package let count: Int
        /// The text of the first of them.
        package let message: String
    }

    package private(set) var members: [Member] = []
    package private(set) var runs: [RunSheet] = []
    private var failures: [(code: String, count: Int, message: String)] = []

    private let now: Timestamp

    /// - Parameters:
    ///   - sheets: the runs, in the order in which they are told of.
    ///   - now: the time of whoever asks.
    package init(_ sheets: [RunSheet], at now: Timestamp = .zero) {
        self.now = now
        var places: [Identity: Int] = [:]
        for sheet in sheets {
            self.runs.append(sheet)
            self.add(sheet, &places)
        }
    }

    private struct Identity: Hashable {
        let id: AgentID
        let type: String?
        let command: [String]
        let model: String?
    }

    private mutating func add(_ sheet: RunSheet, _ places: inout [Identity: Int]) {
        let run = sheet.run
        var own: [Int] = []
        for profile in run.plan.agents {
            let key = Identity(id: profile.id, type: profile.type, command: profile.command, model: profile.model)
            let place = places[key] ?? self.members.count
            if places[key] == nil {
                places[key] = place
                self.members.append(Member(profile: profile, capacity: profile.maxConcurrentTasks))
            }
            self.members[place].runs.append(run.id)
            self.members[place].capacity = min(self.members[place].capacity, profile.maxConcurrentTasks)
            own.append(place)
        }
        for task in sheet.progress.tasksInHand {
            guard let since = sheet.progress.hands.since(of: task) else { continue }
            let piece = Member.Piece(run: run.id, task: run.spec(task).id, since: since)
            for agent in sheet.progress.hands.agents(of: task) where own.indices.contains(agent.offset) {
                self.members[own[agent.offset]].pieces.append(piece)
            }
        }
        for (offset, load) in sheet.progress.agents.enumerated() where own.indices.contains(offset) {
            self.members[own[offset]].completed += load.completed
            self.members[own[offset]].failed += load.failed
        }
        for record in run.tasks {
            guard case .ended(.failed(let failure)) = record.state else { continue }
            if let place = self.failures.firstIndex(where: { $0.code == failure.code }) {
                self.failures[place].count += 1
            } else {
                self.failures.append((failure.code, 1, failure.message))
            }
        }
    }

    // MARK: Figures

    package var runningAttempts: Int { self.runs.reduce(0) { $0 + $1.progress.runningTasks } }
    /// Tasks that could start if somebody were free.
    package var queueLength: Int { self.runs.reduce(0) { $0 + $1.run.counts.ready } }
    package var openQuestions: Int { self.runs.reduce(0) { $0 + $1.run.questions.count } }
    package var totalTasks: Int { self.runs.reduce(0) { $0 + $1.run.counts.shown.total } }
    package var completedTasks: Int { self.runs.reduce(0) { $0 + $1.run.counts.shown.completed } }
    package var failedTasks: Int { self.runs.reduce(0) { $0 + $1.run.counts.shown.failed } }

    /// The time left of one of its runs.
    package func remaining(of sheet: RunSheet) -> Duration? { sheet.remaining(at: self.now) }

    /// Completed tasks in percent of those that completed or failed; nil before the first.
    package var successRate: Double? {
        Rates.success(completed: self.completedTasks, failed: self.failedTasks)
    }

    /// The commonest failure if the success rate is below a percentage.
    package func warning(below percent: Double) -> CommonFailure? {
        guard let rate = self.successRate, rate < percent else { return nil }
        return self.failures.max { $0.count < $1.count }.map {
            CommonFailure(code: $0.code, count: $0.count, message: $0.message)
        }
    }

    /// How many agents there are of each type, by name.
    package var types: [(type: String, count: Int)] {
        Dictionary(grouping: self.members) { $0.profile.kindWord }.map { ($0.key, $0.value.count) }
            .sorted { $0.0 < $1.0 }
    }

    /// Who declares each capability, by name.
    package var capabilities: [(capability: String, agents: [AgentID])] {
        var found: [String: [AgentID]] = [:]
        for member in self.members {
            for capability in member.profile.capabilities {
                found[capability.name, default: []].append(member.profile.id)
            }
        }
        return found.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

extension RunSheet {
    /// The types of the tasks in hand, each once, in the order of the oldest: what kind of work goes on.
    ///
    /// A task without one stands with its name.
    package var currentState: [String] {
        var types: [String] = []
        for task in self.progress.tasksInHand {
            let type = TaskGroup.name(for: self.run.spec(task))
            if !types.contains(type) { types.append(type) }
        }
        return types
    }
}
