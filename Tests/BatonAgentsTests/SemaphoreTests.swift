import Testing

@testable import BatonAgents

/// How many are let in at once.
@Suite struct SemaphoreTests {
    @Test(arguments: [(1024, 92), (64, 2), (16, 1), (0, 1), (65_536, 6140)])
    func `as many commands as there are files to open, and always one`(limit: Int, most: Int) {
        #expect(LaunchLimit.most(of: limit) == most)
    }

    @Test func `who waits gets the place of the next who leaves, in the order of coming`() async {
        let semaphore = Semaphore { 1 }
        #expect(await semaphore.enter())
        var waiting: [Task<Bool, Never>] = []
        for number in 1...3 {
            waiting.append(Task { await semaphore.enter() })
            while semaphore.queued < number { await Task.yield() }
        }
        waiting[1].cancel()
        #expect(await !waiting[1].value, "called off while it waited")
        semaphore.leave()
        #expect(await waiting[0].value)
        #expect(semaphore.queued == 1)
        semaphore.leave()
        #expect(await waiting[2].value)
        semaphore.leave()
        #expect(await semaphore.enter(), "the place is free again")
    }

    @Test func `who was called off before it came gets no place`() async {
        let semaphore = Semaphore { 1 }
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await semaphore.enter()
        }
        task.cancel()
        #expect(await !task.value)
        #expect(await semaphore.enter())
    }
}
