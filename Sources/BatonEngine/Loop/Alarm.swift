import BatonCore

/// One timer for the whole loop: puts a `wake` into the inbox when the earliest moment has come.
struct Alarm {
    private var armed: Timestamp?
    private var sleeper: Task<Void, Never>?
    private let clock: any EngineClock
    private let inbox: Inbox

    init(clock: any EngineClock, inbox: Inbox) {
        self.clock = clock
        self.inbox = inbox
    }

    /// Makes sure that the alarm rings no later than this.
    ///
    /// One that rings too early is harmless and comes cheaper than setting it anew for every step that returns in
    /// time.
    mutating func ring(by moment: Timestamp?) {
        guard let moment, moment < self.armed ?? Timestamp(microseconds: .max) else { return }
        self.sleeper?.cancel()
        self.armed = moment
        let (clock, inbox) = (self.clock, self.inbox)
        // Unstructured: only the loop can tell when a timer has become useless, and it must not wait for it.
        self.sleeper = Task {
            guard (try? await clock.sleep(until: moment)) != nil else { return }
            _ = inbox.put(Inbox.Envelope(input: .wake, reply: nil))
        }
    }

    var isArmed: Bool { self.armed != nil }

    mutating func rang() { self.armed = nil }

    func stop() async {
        self.sleeper?.cancel()
        await self.sleeper?.value
    }
}
