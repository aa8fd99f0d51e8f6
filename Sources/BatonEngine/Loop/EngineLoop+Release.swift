import BatonCore

/// What is on disk takes effect.
extension EngineLoop {
    /// Hands what has been decided to the journal; what needs no write takes effect at once.
    mutating func write(_ now: Timestamp) {
        var isWritten = false
        let (journal, inbox) = (self.engine.journal, self.inbox)
        // With nothing in hand there is nothing to go on with meanwhile, and no other thread has to be woken; but of one
        // processor the only thread stays free for commands and signals.
        let isAlone = self.queue.isIdle && self.queue.mostWorkers > 1
        let writing = Writing.take(&self.draft, now) { batch in
            isWritten = !batch.chunks.isEmpty || !batch.receipts.isEmpty
            guard isWritten, !isAlone || !Self.isStoredHere(batch, journal, inbox) else { return }
            // Unstructured: the loop goes on meanwhile, and does not end before it has heard what came of it.
            Task {
                do {
                    try await journal.append(batch)
                    inbox.put(stored: .success(()))
                } catch {
                    inbox.put(stored: .failure(error))
                }
            }
        }
        if isWritten { self.writing = writing } else { self.release(writing) }
    }

    // Whether the journal could do so, or failed; what came of it is in the inbox then.
    private static func isStoredHere(_ batch: JournalBatch, _ journal: any Journal, _ inbox: Inbox) -> Bool {
        do {
            guard try journal.appendHere(batch) else { return false }
            inbox.put(stored: .success(()))
        } catch {
            inbox.put(stored: .failure(error))
        }
        return true
    }

    mutating func endWriting(_ stored: Result<Void, any Error>) throws {
        guard var writing = self.writing else { return }
        self.writing = nil
        if case .failure(let error) = stored {
            // The state in memory is ahead of the disk: drop it, and never try the sync again.
            for live in self.runs.values { self.orphans += live.steps.values }
            self.runs = [:]
            for reply in writing.replies + self.draft.replies { reply.send(.failure(error)) }
            self.draft = Draft()
            throw error
        }
        for index in writing.effects.indices {
            // Gone before steps begin, which need memory of their own.
            guard let part = writing.effects[index].part.take() else { continue }
            self.engine.board.advance(writing.effects[index].live.id, to: part.last, with: part)
        }
        self.release(writing)
    }

    private mutating func release(_ writing: Writing) {
        // First: stopping a thousand steps takes longer than saying that it was decided.
        for reply in writing.replies { reply.send(reply.outcome) }
        for effects in writing.effects {
            self.queue.add(effects.started.compactMap { self.wanted($0.order, $0.key, of: effects.live) })
            for key in effects.stopped { effects.live.steps[key]?.cancel() }
        }
        for effects in writing.effects where effects.isEnded {
            let live = effects.live
            self.orphans = (self.orphans + live.steps.values).filter { !$0.isOver }
            self.runs[live.id] = nil
            self.agents.leave(live.id, live.run.plan)
            self.sharing.remove(live.id)
            self.begun.end(live.id)
            self.engine.board.end(live.run)
        }
        self.offerWhatIsLeft(by: writing)
        // An alarm that has rung knows nothing any more of the runs that were not touched.
        let candidates = self.alarm.isArmed ? writing.effects.map(\.live) : Array(self.runs.values)
        self.alarm.ring(by: candidates.compactMap(\.run.nextWake).min())
    }

    // Whoever shared an agent with a run that is gone may have more of it now: looked at before the next write.
    private mutating func offerWhatIsLeft(by writing: Writing) {
        guard !self.sharing.isEmpty, writing.effects.contains(where: \.isEnded) else { return }
        for run in self.runs.keys.sorted() {
            if let live = self.runs[run], live.run.counts.ready > 0 { self.draft.touch(live) }
        }
    }

    // A step may have been authorised and taken back before it was begun.
    private func wanted(_ order: StepRunner.Order?, _ key: StepKey, of live: LiveRun) -> StepRunner.Order? {
        guard let order, live.run.owed[key] != nil, case .running = live.run.tasks[key.task.offset].state else {
            self.confirmNeverStarted(key, of: live)
            return nil
        }
        live.steps[key] = order
        return order
    }

    // Stopping wants a confirmation, also of what was never begun.
    private func confirmNeverStarted(_ key: StepKey, of live: LiveRun) {
        guard live.run.stopping[key] != nil else { return }
        self.inbox.put(Inbox.Returned(run: live.id, key: key, returned: .neverBegun))
    }

    // MARK: The end

    // Stops what runs and waits for the last of it. Nothing of that is journaled: the next engine decides what became of it.
    mutating func windUp(_ failure: (any Error)?) async {
        let left = self.inbox.close()
        let steps = self.orphans + self.runs.values.flatMap(\.steps.values)
        for step in steps { step.cancel() }
        for step in steps { await step.ended() }
        await self.alarm.stop()
        for envelope in left { envelope.reply?(.failure(failure ?? Engine.stopped)) }
        self.engine.board.close()
    }
}
