import Synchronization

/// Where a step stands: between the loop, which may call it off and waits for its end, and the Swift task that performs it.
struct StepCourse {
    fileprivate var stage = Stage.queued
    fileprivate var waiters: [CheckedContinuation<Void, Never>] = []

    fileprivate enum Stage {
        case queued
        case calledOff
        case begun(Performance)
        case over
    }

    /// The task of the step. It is taken back under the lock before the task ends, so whoever finds it here may cancel it:
    /// the handle that a task is known by is there only after its first part has run, which may be all of it.
    fileprivate struct Performance: @unchecked Sendable { let task: UnsafeCurrentTask }

    fileprivate var isOver: Bool {
        if case .over = self.stage { return true }
        return false
    }
}

extension StepRunner.Order {
    /// Whether the current task is to perform the step; false if it was called off before.
    func begin() -> Bool {
        withUnsafeCurrentTask { task in
            self.course.withLock { course in
                guard case .queued = course.stage, let task else { return false }
                course.stage = .begun(StepCourse.Performance(task: task))
                return true
            }
        }
    }

    /// Tells the step to stop, or never to begin.
    func cancel() {
        self.course.withLock { course in
            switch course.stage {
            case .queued: course.stage = .calledOff
            case .begun(let performance): performance.task.cancel()
            case .calledOff, .over: break
            }
        }
    }

    /// Says that the step is over and its result handed on.
    func end() {
        let waiters = self.course.withLock { course in
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
