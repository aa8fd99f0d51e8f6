extension TransitionTests {
    /// The same while a person is asked, by what the question is about.
    static let blockedTable: [String: String] = [
        "blocked work": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: rest x step.timed_out
        recovered: recovered
        answer done: answered q1 done, end x completed
        answer again: refused question.answer
        answer how: refused question.answer
        answer approve: refused question.answer
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "blocked staffing": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: refused question.answer
        answer again: refused question.answer
        answer how: refused question.answer
        answer approve: refused question.answer
        answer assign: answered q1 assign w
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: edited x
        steer: steered 1
        """,
        "blocked unknown": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: answered q1 done, end x completed
        answer again: answered q1 again
        answer how: answered q1 again
        answer approve: refused question.answer
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "blocked approval": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: refused question.answer
        answer again: refused question.answer
        answer how: refused question.answer
        answer approve: answered q1 approve
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: edited x
        steer: steered 1
        """,
        "blocked blocker": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: refused question.answer
        answer again: refused question.answer
        answer how: answered q1 again
        answer approve: refused question.answer
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
    ]
}
