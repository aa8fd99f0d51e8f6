import BatonCore
import Testing

/// A task as a value: what few tasks have is kept apart, and nobody can tell.
@Suite struct TaskSpecTests {
    @Test func `a task that was changed and changed back is equal to one that never was`() {
        let plain = TaskSpec(id: "a")
        var task = plain
        task.timeout = .seconds(5)
        task.attendees.append("ada")
        #expect(task != plain)
        #expect(task.timeout == .seconds(5))
        #expect(task.attendees == ["ada"])
        task.timeout = nil
        task.attendees.removeAll()
        #expect(task == plain)
        #expect(task.hashValue == plain.hashValue)
    }

    @Test func `a copy keeps what it has when the other one is changed`() {
        var task = TaskSpec(id: "a")
        task.maxAttempts = 3
        let copy = task
        task.maxAttempts = 7
        task.pattern = .parallel
        #expect(copy.maxAttempts == 3)
        #expect(copy.pattern == nil)
        #expect(task.maxAttempts == 7)
    }
}
