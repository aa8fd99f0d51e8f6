import Synchronization

/// Where a step stands: between the loop, which may call it off and waits for its end, and the Swift task that performs it.
struct StepCourse {
    fileprivate var stage = Stage.idle
    fileprivate var isCancelled = false
    /// Whether the worker that began it has not gone on to the next.
    fileprivate var isInShift = true
    fileprivate var waiters: [CheckedContinuation<Void, Never>] = []

    fileprivate enum Stage {
        /// No task performs it: it waits in the queue, or goes from the worker's task to its own.
        case idle
        case performed(Performance)
        case over
    }

    /// The task that performs the step.
    ///
    /// It is taken back under the lock before that task ends or turns to another step, so whoever finds it here may cancel
    /// it: the handle that a task is known by is there only after its first part has run, which may be all of it.
    fileprivate struct Performance: @unchecked Sendable { let task: UnsafeCurrentTask }

    fileprivate var isOver: Bool {
        if case .over = self.stage { return true }
        return false
    }
}

extension StepRunner.Order {
    /// The current task, a worker's, performs the step; false if it was called off before.
    func begin() -> Bool {
        withUnsafeCurrentTask { task in
            self.course.withLock { course in
                guard !course.isCancelled else { return false }
                course.stage = task.map { .performed(StepCourse.Performance(task: $0)) } ?? .idle
                return true
            }
        }
    }

    /// The worker's task performs it no more: it goes on in a task of its own.
    func leaveWorker() { self.course.withLock { $0.stage = .idle } }

    /// The current task, its own, performs the step; it is cancelled if it was called off meanwhile.
    func goOn() {
        withUnsafeCurrentTask { task in
            self.course.withLock { course in
                guard let task else { return }
                course.stage = .performed(StepCourse.Performance(task: task))
                if course.isCancelled { task.cancel() }
            }
        }
    }

    /// Tells the step to stop, or never to begin.
    func cancel() {
        self.course.withLock { course in
            course.isCancelled = true
            if case .performed(let performance) = course.stage { performance.task.cancel() }
        }
    }

    /// The worker that began the step goes on to the next.
    func leaveShift() { self.course.withLock { $0.isInShift = false } }

    /// Says that nothing of the step is being performed any more.
    ///
    /// - Parameter hand: is given whether the step is still in the hands of the worker that began it, who will tell the
    ///   loop. The worker cannot leave it meanwhile: what is handed over here is there before the worker tells.
    func end(handing hand: (_ isInShift: Bool) -> Void) {
        let waiters = self.course.withLock { course in
            hand(course.isInShift)
            defer { course = StepCourse(stage: .over) }
            return course.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var isOver: Bool { self.course.withLock { $0.isOver } }

    /// Waits until the step is over.
    func ended() async {
        await withCheckedContinuation { waiter in
            let isOver = self.course.withLock { course in
                if !course.isOver { course.waiters.append(waiter) }
                return course.isOver
            }
            if isOver { waiter.resume() }
        }
    }
}
