extension TaskExplanation {
    /// As `baton why RUN TASK --json` prints it.
    package func json(_ inquiry: Inquiry) -> JSON {
        let names = ExplanationNames(run: inquiry.run)
        return [
            "run": .string(inquiry.run.id.text), "task": names.json(self.task), "state": .string(self.state.word),
            "since": .string(self.since.description),
            "root": self.chain.last.map { names.json($0) } ?? .null,
            "chain": .array(self.chain.map { names.json($0) }),
            "waits": .array(self.waits.map { $0.json(names) }),
            "held_elsewhere": .array(
                self.waits.flatMap { wait -> [JSON] in
                    guard case .busyAgents(let agents) = wait else { return [] }
                    return inquiry.elsewhere?.pieces(of: agents).map { $0.json(names) } ?? []
                }
            ),
            "attempts": .array(self.attempts.map { $0.json }),
            "answers": .array(self.replies.map { EventView(plan: inquiry.run.plan).json(of: $0) }),
            "handed_on": inquiry.handing.map { Self.json($0.delegation, by: $0.by, $0.at, inquiry.run) } ?? .null,
            "spawned_from": inquiry.run.spec(self.task).spawnedFrom.map { .string($0.text) } ?? .null,
            "evidence": .array(inquiry.run.spec(self.task).evidence.map { .string($0.text) }),
            "proof": .members(inquiry.run.proof(of: self.task).json),
            "words": .array(inquiry.words.map(\.json)),
            "given": .array(
                inquiry.run.graph.dependencies[self.task].compactMap { offset in
                    let index = TaskIndex(Int(offset))
                    let name: [(String, JSON)] = [("task", .string(inquiry.run.spec(index).id.text))]
                    return inquiry.run.source(of: index).map { .members(name + $0.json) }
                }
            ),
            "of_web": .bool(inquiry.run.record(self.task)?.isOfWeb ?? false),
            "choices": .array(self.choices.map { $0.json(names) }),
            "models": .array(self.models.map(\.json)), "weighed": .array(self.weighed.map(\.json)),
            "advice": .array(self.advice.map { $0.json(names) }),
        ]
    }
}

extension TaskExplanation {
    private static func json(_ delegation: Delegation, by: AgentID, _ at: Timestamp, _ run: Run) -> JSON {
        let names = ExplanationNames(run: run)
        let view = EventView(plan: run.plan)
        return [
            "by_task": names.json(delegation.task), "by_agent": .string(by.text), "at": .string(at.description),
            "made": .bool(delegation.made != nil),
            "weighed": .array(delegation.weighed.map { view.json(of: $0) }),
        ]
    }
}

extension RunExplanation {
    /// As `baton why RUN --json` prints it.
    package func json(_ inquiry: Inquiry) -> JSON {
        let names = ExplanationNames(run: inquiry.run)
        let view = EventView(plan: inquiry.run.plan)
        return [
            "run": .string(inquiry.run.id.text), "state": .string(inquiry.sheet.stateWord),
            "since": .string(inquiry.phaseSince.description),
            "waits_only_for_people": .bool(
                inquiry.elsewhere.map { inquiry.run.waitsOnlyForPeople(beside: $0) } ?? inquiry.run.waitsOnlyForPeople
            ),
            "failures": .array(
                self.troubles.map { trouble in
                    [
                        "task": names.json(trouble.task), "agent": trouble.agent.map { .string($0.text) } ?? .null,
                        "failure": trouble.failure?.json ?? .null,
                        "not_done_because_of_it": .integer(Int64(trouble.victims)),
                    ]
                }
            ),
            "running": .array(self.running.map { names.json($0) }),
            "resting": .array(
                self.resting.map { ["task": names.json($0.task), "until": .string($0.until.description)] }
            ),
            "scheduled": .array(
                self.scheduled.map { ["task": names.json($0.task), "until": .string($0.date.description)] }
            ),
            "questions": .array(self.questions.map { view.json(of: $0) }),
            "ready": .integer(Int64(self.ready)),
            "queues": .array(
                self.queues.map { queue in
                    [
                        "agents": .array(queue.agents.map { names.json($0) }),
                        "tasks": .array(queue.tasks.map { names.json($0) }),
                    ]
                }
            ),
            "held_elsewhere": .array(
                inquiry.elsewhere?.pieces(of: self.queues.flatMap(\.agents)).map { $0.json(names) } ?? []
            ),
            "room": self.room.map { .integer(Int64($0)) } ?? .null, "waiting": .integer(Int64(self.waiting)),
            "agents": .array(
                self.shares.map { share in
                    [
                        "agent": names.json(share.agent), "done": .integer(Int64(share.completed)),
                        "failed": .integer(Int64(share.failed)), "busy_seconds": .seconds(share.busy),
                    ]
                }
            ),
            "longest": .array(
                self.longest.map { stretch in
                    [
                        "task": names.json(stretch.task), "seconds": .seconds(stretch.duration),
                        "attempts": .integer(Int64(stretch.attempts)),
                    ]
                }
            ),
            "critical_path": .array(self.path.tasks.map { names.json($0) }),
        ]
    }
}

extension HeldElsewhere.Piece {
    fileprivate func json(_ names: ExplanationNames) -> JSON {
        [
            "agent": names.json(self.agent), "run": .string(self.run.text), "task": .string(self.task.text),
            "since": .string(self.since.description),
            "question": self.question.map { .string($0.description) } ?? .null,
        ]
    }
}

/// Names for indexes, in JSON.
struct ExplanationNames {
    let run: Run

    func json(_ task: TaskIndex) -> JSON {
        self.run.plan.tasks.indices.contains(task.offset) ? .string(self.run.plan.tasks[task.offset].id.text) : .null
    }

    func json(_ agent: AgentIndex) -> JSON {
        self.run.plan.agents.indices.contains(agent.offset)
            ? .string(self.run.plan.agents[agent.offset].id.text) : .null
    }
}

extension JSON {
    fileprivate static func seconds(_ duration: Duration) -> JSON {
        .number(Double(duration.microseconds) / 1_000_000)
    }

    fileprivate static func score(_ tenThousandths: Int64) -> JSON { .number(Double(tenThousandths) / 10_000) }
}

extension TaskExplanation.Wait {
    fileprivate func json(_ names: ExplanationNames) -> JSON {
        switch self {
        case .dependency(let task, let chain):
            ["for": "dependency", "task": names.json(task), "chain": .array(chain.map { names.json($0) })]
        case .date(let date): ["for": "date", "until": .string(date.description)]
        case .nextTry(let date): ["for": "next_try", "until": .string(date.description)]
        case .answer(let id): ["for": "answer", "question": .string(id.description)]
        case .busyAgents(let agents): ["for": "agents", "agents": .array(agents.map { names.json($0) })]
        case .room(let limit): ["for": "room", "limit": .integer(Int64(limit))]
        case .paused: ["for": "resume"]
        case .work(let agent): ["for": "work", "agents": .array([names.json(agent)])]
        case .stop(let reason): ["for": "stop", "reason": .string(reason.word)]
        case .engine: ["for": "engine"]
        }
    }
}

extension TaskExplanation.AttemptAccount {
    fileprivate var json: JSON {
        let json = RunSheet.json(self.sheet)
        let told = self.deliveries > 1 ? json.adding("deliveries", .integer(Int64(self.deliveries))) : json
        switch self.sequel {
        case nil: return told
        case .nextTry(let rest):
            return told.adding("sequel", "next_try").adding("next_try_at", .string(rest.until.description))
                .adding("wait_seconds", .seconds(rest.wait)).adding("wait_rule", .string(rest.rule.word))
        case .permanent: return told.adding("sequel", "permanent")
        case .limit(let most): return told.adding("sequel", "limit").adding("limit", .integer(Int64(most)))
        case .stopping: return told.adding("sequel", "stopping")
        case .person(.person(let name)): return told.adding("sequel", "person").adding("by", .string(name))
        case .person(.agent(let agent, _)):
            return told.adding("sequel", "person").adding("by", .string(agent.text))
        case .person(.engine): return told.adding("sequel", "unanswered")
        case .uncounted: return told.adding("sequel", "uncounted")
        case .unknown: return told.adding("sequel", "unknown")
        }
    }
}

extension Inquiry.RestRule {
    fileprivate var word: String {
        switch self {
        case .doubled: "doubled"
        case .retryAfter: "retry_after"
        case .fallback: "fallback"
        case .other: "other"
        }
    }
}

extension AgentChoice {
    fileprivate func json(_ names: ExplanationNames) -> JSON {
        [
            "attempt": self.attempt.map { .integer(Int64($0)) } ?? .null,
            "chosen": (self.lead ?? self.winner).map { names.json($0) } ?? .null,
            "as_recorded": .bool(self.isAsRecorded),
            "candidates": .array(self.verdicts.map { Self.json($0, names) }),
        ]
    }

    private static func json(_ verdict: Verdict, _ names: ExplanationNames) -> JSON {
        var json: JSON = ["agent": names.json(verdict.agent)]
        let add = { (name: String, value: JSON) in json = json.adding(name, value) }
        switch verdict.standing {
        case .candidate: add("standing", "candidate")
        case .busy(let tasks):
            add("standing", "busy")
            add("busy_with", .array(tasks.map { names.json($0.task) }))
        case .attends: add("standing", "attends")
        case .nearest(let gaps):
            add("standing", "nearest")
            add("gaps", .array(gaps.map(\.json)))
        case .unavailable: add("standing", "unavailable")
        case .givenTo(let agent):
            add("standing", "given_to")
            add("given_to", names.json(agent))
        case .notInvited: add("standing", "not_invited")
        case .otherType(let wanted):
            add("standing", "other_type")
            add("wanted", .string(wanted))
        case .lacks(let gaps):
            add("standing", "lacks")
            add("gaps", .array(gaps.map(\.json)))
        }
        guard let terms = verdict.terms else { return json }
        return json.adding("score", .score(terms.sum)).adding(
            "terms",
            [
                "skills": .score(terms.skills), "preference": .score(terms.preference),
                "workload": .score(terms.workload), "success": .score(terms.success), "speed": .score(terms.speed),
            ]
        )
    }
}

extension TaskExplanation.Advice {
    fileprivate func json(_ names: ExplanationNames) -> JSON {
        switch self {
        case .answer(let id): ["do": "answer", "question": .string(id.description)]
        case .answerElsewhere(let run, let id):
            ["do": "answer", "run": .string(run.text), "question": .string(id.description)]
        case .lookAt(let task): ["do": "look_at", "task": names.json(task)]
        case .mend(let remedy): ["do": "mend", "remedy": .string(remedy)]
        case .change(let words): ["do": "change", "change": .string(words)]
        case .waitUntil(let date): ["do": "wait", "until": .string(date.description)]
        case .resume: ["do": "resume"]
        case .runAgain: ["do": "run_again"]
        case .nothing: ["do": "nothing"]
        }
    }
}
