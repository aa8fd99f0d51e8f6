extension TransitionTests {
    /// What each command does in each state but the blocked ones: events, or the code of the refusal.
    static let table: [String: String] = [
        "waiting": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt b#1 by w, owed b#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end b cancelled person, end x cancelled person, run cancelled
        skip: end x skipped by person
        retry: refused run.state
        reprioritize: priority x 5
        add: added new
        edit: edited x
        steer: steered 1
        """,
        "scheduled": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: ready x
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
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
        "ready": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt x#1 by w, owed x#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
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
        "running": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x test.fault
        permanent: returned x#1.1/1 failed, end x failed test.fault, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, rest x step.stopped
        stale: stale x#1.1/2
        slots: nothing
        tick: stop x#1.1/1 timed_out
        recovered: recovered, lost x#1.1/1, asked q1 unknown_outcome x
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused, stop x#1.1/1 paused
        resume: refused run.state
        cancel: stopping person, stop x#1.1/1 cancelled, end y cancelled person
        skip: stop x#1.1/1 skipped
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "stopping timed_out": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x step.timed_out
        permanent: returned x#1.1/1 failed, rest x step.timed_out
        stopped: returned x#1.1/1 stopped, rest x step.timed_out
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, rest x step.timed_out
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "stopping skipped": """
        done: returned x#1.1/1 done, end x skipped by person, end y skipped for x, run partial
        failed: returned x#1.1/1 failed, end x skipped by person, end y skipped for x, run partial
        permanent: returned x#1.1/1 failed, end x skipped by person, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, end x skipped by person, end y skipped for x, run partial
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, end x skipped by person, end y skipped for x, run partial
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "stopping paused": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, ready x
        permanent: returned x#1.1/1 failed, ready x
        stopped: returned x#1.1/1 stopped, ready x
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, ready x
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "resting": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: ready x
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        retry: ready x
        reprioritize: priority x 5
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "ended": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt y#1 by w, owed y#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person, run cancelled
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: refused run.state
        """,
        "run paused": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x test.fault
        permanent: returned x#1.1/1 failed, end x failed test.fault, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, rest x step.stopped
        stale: stale x#1.1/2
        slots: nothing
        tick: stop x#1.1/1 timed_out
        recovered: recovered, lost x#1.1/1, asked q1 unknown_outcome x
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: resumed
        cancel: stopping person, stop x#1.1/1 cancelled, end y cancelled person
        skip: stop x#1.1/1 skipped
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "run paused at once": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, ready x
        permanent: returned x#1.1/1 failed, ready x
        stopped: returned x#1.1/1 stopped, ready x
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, ready x
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: resumed
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: added new
        edit: refused run.conflict
        steer: steered 1
        """,
        "run stopping": """
        done: returned x#1.1/1 done, end x cancelled person, run cancelled
        failed: returned x#1.1/1 failed, end x cancelled person, run cancelled
        permanent: returned x#1.1/1 failed, end x cancelled person, run cancelled
        stopped: returned x#1.1/1 stopped, end x cancelled person, run cancelled
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, end x cancelled person, run cancelled
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: refused run.state
        cancel: refused run.state
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: refused run.state
        edit: refused run.state
        steer: refused run.state
        """,
        "run ended": """
        done: nothing
        failed: nothing
        permanent: nothing
        stopped: nothing
        stale: nothing
        slots: nothing
        tick: nothing
        recovered: nothing
        answer done: refused question.closed
        answer again: refused question.closed
        answer how: refused question.closed
        answer approve: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: refused run.state
        cancel: refused run.state
        skip: refused run.state
        retry: refused run.state
        reprioritize: refused run.state
        add: refused run.state
        edit: refused run.state
        steer: refused run.state
        """,
    ]
}
