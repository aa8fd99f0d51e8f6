extension RunDiagnosis {
    /// What went wrong in a run, and what held it up.
    package struct Issues: Sendable {
        /// Failed tasks with one code.
        package struct Failures: Hashable, Sendable {
            package let code: String
            package fileprivate(set) var tasks: [TaskIndex]
            /// The text of the first of them.
            package let message: String
        }

        /// A task with an attempt that took longer than the plan says of it.
        package struct Overrun: Hashable, Sendable {
            package let task: TaskIndex
            /// The longest of its attempts.
            package let took: Duration
            package let estimate: Duration
            /// Whether an attempt was stopped because its time was over.
            package let isTimedOut: Bool
        }

        /// What tasks cannot get past.
        package struct Block: Hashable, Sendable {
            /// Where it began: a task that failed, was left out, or waits for an answer.
            package let by: TaskIndex
            /// What a person is asked there.
            package let question: QuestionID?
            /// What cannot go on, or did not, because of it.
            package let tasks: [TaskIndex]
        }

        /// What an agent had of the critical path.
        package struct Bottleneck: Hashable, Sendable {
            package let agent: AgentIndex
            package fileprivate(set) var tasks: [TaskIndex]
            package fileprivate(set) var time: Duration
            /// Of the time along the critical path, 0 to 1.
            package fileprivate(set) var share = 0.0
            /// What its tasks there waited for it when they could have begun.
            package fileprivate(set) var waited = Duration.zero
            /// What was spent there on attempts that did not complete, and on waiting for the next.
            package fileprivate(set) var spoiled = Duration.zero
            /// One next step.
            package fileprivate(set) var remedy = ""

            /// The time that the run would have been spared.
            package var lost: Duration { self.waited.addingSaturated(self.spoiled) }
        }

        /// Most of what the slots of a run could have done was not done.
        package struct UnderUse: Hashable, Sendable {
            /// The share of it that was done, 0 to 1.
            package let busyShare: Double
            /// One next step.
            package let remedy: String
        }

        /// Most common first.
        package let failures: [Failures]
        /// Those that took most beyond their estimate first.
        package let tooLong: [Overrun]
        /// What is asked first, in the order of asking, then what failed.
        package let blocked: [Block]
        /// Who had most of the critical path first.
        package let bottlenecks: [Bottleneck]
        /// Meetings that brought nothing, in plan order.
        package let emptyMeetings: [MeetingRecord.Emptiness]
        /// Tasks that were tried again, in plan order.
        package let retried: [TaskAccount]
        /// Nil while at least half of the slots were busy on average.
        package let underUse: UnderUse?

        /// - Parameter busyShare: the work done by what all slots could have done; nil while no time has passed.
        init(_ report: RunReport, on path: CriticalPath, busyShare: Double?, slots: Int) {
            self.failures = Self.failures(of: report.run)
            self.tooLong = Self.overruns(in: report)
            self.blocked = Self.questions(of: report.run) + Self.roots(in: report)
            self.bottlenecks = Self.bottlenecks(on: path, report)
            self.emptyMeetings = MeetingRecord.all(in: report.run, outputs: [:]).compactMap {
                $0.emptiness(in: report.run)
            }
            self.retried = report.tasks.filter { $0.attempts.count > 1 }
            self.underUse = Self.underUse(of: report, on: path, busyShare: busyShare, slots: slots)
        }

        private static func failures(of run: Run) -> [Failures] {
            var groups: [Failures] = []
            var places: [String: Int] = [:]
            for (offset, record) in run.tasks.enumerated() {
                guard case .ended(.failed(let failure)) = record.state else { continue }
                if let place = places[failure.code] {
                    groups[place].tasks.append(TaskIndex(offset))
                } else {
                    places[failure.code] = groups.count
                    groups.append(Failures(code: failure.code, tasks: [TaskIndex(offset)], message: failure.message))
                }
            }
            // Of equally common ones the first in the plan, for sorting keeps no order by itself.
            return groups.enumerated().sorted { left, right in
                let (more, less) = (left.element.tasks.count, right.element.tasks.count)
                return more == less ? left.offset < right.offset : more > less
            }.map(\.element)
        }

        private static func overruns(in report: RunReport) -> [Overrun] {
            let found = report.tasks.compactMap { account -> Overrun? in
                let estimate = Duration.seconds(fraction: report.run.spec(account.task).estimatedHours * 3600)
                let took = account.attempts.map { $0.span(at: report.now) }.max() ?? .zero
                let isTimedOut = account.attempts.contains { $0.failure?.code == "step.timed_out" }
                // What a person takes is waiting, not work; the inbox tells of it.
                guard !account.isPersons, took > estimate || isTimedOut else { return nil }
                return Overrun(task: account.task, took: took, estimate: estimate, isTimedOut: isTimedOut)
            }
            return found.sorted { left, right in
                let (more, less) = (left.took - left.estimate, right.took - right.estimate)
                return more == less ? left.task < right.task : more > less
            }
        }

        private static func questions(of run: Run) -> [Block] {
            run.openQuestions.map { question in
                Block(by: question.task, question: question.id, tasks: run.waiting(behind: question.task))
            }
        }

        private static func roots(in report: RunReport) -> [Block] {
            report.failures.compactMap { group in
                guard let root = group.root, !group.consequences.isEmpty else { return nil }
                return Block(by: root, question: nil, tasks: group.consequences)
            }
        }

        private static func bottlenecks(on path: CriticalPath, _ report: RunReport) -> [Bottleneck] {
            var parts = report.plan.agents.indices.map { Bottleneck(agent: AgentIndex($0), tasks: [], time: .zero) }
            let asked = Dictionary(grouping: report.decisions.filter { $0.question != nil }) { $0.question?.task }
            for task in path.tasks where report.tasks.indices.contains(task.offset) {
                for attempt in report.tasks[task.offset].attempts {
                    let lead = attempt.assignment.lead.offset
                    guard parts.indices.contains(lead) else { continue }
                    if parts[lead].tasks.last != task { parts[lead].tasks.append(task) }
                    // Up to the last event, as the path itself is measured.
                    parts[lead].time = parts[lead].time.addingSaturated(attempt.span(at: report.run.now))
                }
                let account = report.tasks[task.offset]
                guard let lead = account.attempts.last?.assignment.lead.offset, parts.indices.contains(lead),
                    let ready = report.moments.ready(account), let first = account.attempts.first?.startedAt,
                    let last = account.attempts.last?.startedAt
                else { continue }
                // While a person was asked, the task could not begin.
                let people = (asked[task] ?? []).reduce(Duration.zero) { sum, decision in
                    let end = min(first, decision.closedAt ?? first)
                    return sum.addingSaturated(max(.zero, end - max(ready, decision.at)))
                }
                parts[lead].waited = parts[lead].waited.addingSaturated(max(.zero, first - ready - people))
                parts[lead].spoiled = parts[lead].spoiled.addingSaturated(max(.zero, last - first))
            }
            let whole = parts.reduce(0.0) { $0 + $1.time.inSeconds }
            guard whole > 0 else { return [] }
            for place in parts.indices {
                parts[place].share = parts[place].time.inSeconds / whole
                parts[place].remedy = Self.remedy(for: parts[place], report)
            }
            return parts.filter { $0.time > .zero }.sorted {
                $0.time == $1.time ? $0.agent < $1.agent : $0.time > $1.time
            }
        }
    }
}

extension Run {
    /// The tasks that wait for this one to end, directly or through others, in plan order.
    func waiting(behind task: TaskIndex) -> [TaskIndex] {
        var seen: Set<TaskIndex> = [task]
        var found: [TaskIndex] = []
        var next = [task]
        while let one = next.popLast() {
            for dependent in self.graph.dependents[one] {
                let other = TaskIndex(Int(dependent))
                guard case .waiting? = self.record(other)?.state, seen.insert(other).inserted else { continue }
                found.append(other)
                next.append(other)
            }
        }
        return found.sorted()
    }
}
