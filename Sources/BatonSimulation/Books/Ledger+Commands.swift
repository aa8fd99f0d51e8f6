import BatonCore

// What people may ask for, and what follows from that.
extension Ledger {
    /// Whether a command has to be carried out, or has to be refused; nil where the books cannot tell.
    func allows(_ command: Command) -> Bool? {
        switch command {
        case .returned, .slots, .shares, .tick, .recovered, .fork: return nil
        // Of a plan that a person brings the rules alone know whether it can be carried out.
        case .answer(let id, let answer) where answer.choice == .done && self.isPlan(id): return nil
        case .answer(let id, let answer): return self.open[id].map { self.fits(answer, $0) } ?? false
        case .pause: return self.phase == .running
        case .resume: return self.phase == .paused
        case .cancel: return self.goesOn
        case .skip(let task, _): return self.goesOn && self.place(of: task).map { Self.maySkip($0) } ?? false
        case .retry(let task): return self.goesOn && self.mayRetry(task)
        case .reprioritize(let task, let priority):
            return self.goesOn && 1...5 ~= priority && self.place(of: task).map { Self.isOpen($0) } ?? false
        // Whether the plan is sound afterwards is not in the books.
        case .add: return self.goesOn ? nil : false
        case .edit(let task, _):
            guard self.goesOn, self.place(of: task) != nil, self.tasks[task.offset].hasNotBegun else { return false }
            return nil
        case .steer(.everyone, _): return self.goesOn
        case .steer(.agent(let agent), _): return self.goesOn && self.loads.indices.contains(agent.offset)
        case .steer(.task(let task), _): return self.goesOn && self.place(of: task).map { !$0.isEnded } ?? false
        }
    }

    private func isPlan(_ id: QuestionID) -> Bool {
        self.open[id].map { self.tasks[$0.task.offset].form.isManaged } ?? false
    }

    private var goesOn: Bool { self.phase == .running || self.phase == .paused }

    private func place(of task: TaskIndex) -> TaskBook.Place? {
        self.tasks.indices.contains(task.offset) ? self.tasks[task.offset].place : nil
    }

    // What is in nobody's hand and has not ended can be put into another order.
    private static func isOpen(_ place: TaskBook.Place) -> Bool {
        switch place {
        case .waiting, .ready, .resting, .blocked: true
        case .running, .stopping, .completed, .failed, .skipped, .cancelled: false
        }
    }

    private static func maySkip(_ place: TaskBook.Place) -> Bool { place == .running || self.isOpen(place) }

    private func mayRetry(_ task: TaskIndex) -> Bool {
        switch self.place(of: task) {
        case .resting: true
        case .failed, .skipped, .cancelled:
            !self.isHindered(task.offset) && self.above(task.offset).isEmpty
                && !self.tasks[task.offset].isUnneeded && !self.tasks[task.offset].isSpared
                && !self.isCountedOut(task.offset)
        case .waiting, .ready, .running, .stopping, .blocked, .completed, nil: false
        }
    }

    private func fits(_ answer: Answer, _ question: Question) -> Bool {
        switch answer.choice {
        case .fail, .skip: true
        case .done:
            question.kind == .work || question.kind == .unknownOutcome
                || (question.kind == .consultation && answer.content != .inline(.null))
        case .again: question.kind == .unknownOutcome || (question.kind == .blocker && answer.content != .inline(.null))
        case .approve: question.kind == .approval || question.kind == .action
        case .deny: question.kind == .action
        case .raise: question.kind == .budget
        case .assign(let agent): question.kind == .staffing && self.loads.indices.contains(agent.offset)
        }
    }

    /// Whether the first event that a command of a person brought is what it asked for.
    static func fulfils(_ command: Command, _ event: Event) -> Bool {
        switch command {
        case .returned, .slots, .shares, .tick, .recovered, .fork: return true
        case .answer(let id, let answer): return event == .answered(id, answer)
        case .pause: return event == .paused
        case .resume: return event == .resumed
        case .cancel: return event == .stopping(.person)
        case .skip(let task, let note):
            if case .stopRequested(let key, .skipped(note)) = event { return key.task == task }
            return event == .taskEnded(task, .skipped(.person(note: note)))
        case .retry(let task):
            if case .tasksReset(let tasks) = event { return tasks.contains(task) }
            return event == .taskReady(task)
        case .reprioritize(let task, let priority):
            return event == .taskReprioritized(task, priority: Int32(priority))
        case .add(let specs):
            // A meeting brings its parts, and whoever opens it.
            guard case .tasksAdded(let added, _) = event else { return false }
            let own = added.filter { task in specs.contains { $0.id == task.id } }
            return specs.contains(where: \.isMeeting) ? own.map(\.id) == specs.map(\.id) : event == .tasksAdded(specs)
        case .edit(let task, let spec): return event == .taskEdited(task, spec)
        case .steer(let audience, let text):
            guard case .steered(let directive) = event else { return false }
            return directive.audience == audience && directive.text == text
        }
    }

    /// Whether a pause at once stops all that is with performers.
    func stopsAll(_ facts: ArraySlice<Recorded>) -> Bool {
        let stops = facts.count { fact in
            if case .stopRequested(_, .paused) = fact.event { return true }
            return false
        }
        return stops == self.tasks.count { $0.place == .running && $0.isOut }
    }
}
