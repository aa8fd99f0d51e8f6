package import BatonCore

/// Who asks, and by which key: the same key asked again is told the same, and nothing is done twice.
package struct Caller: Hashable, Sendable {
    /// Chosen by who asks, 1 to 128 printable ASCII characters; nil does it every time.
    package var key: String?
    /// The person or program.
    package var by: String
    /// The task in which an agent asks; nil for people and programs.
    package var task: TaskID?

    package init(key: String? = nil, by: String, in task: TaskID? = nil) {
        self.key = key
        self.by = by
        self.task = task
    }

    var origin: Origin { self.task.map { .agent(AgentID(self.by), $0) } ?? .person(self.by) }

    /// Why a text is no key; nil if it is one.
    package static func fault(ofKey key: String) -> BatonError? {
        guard key.isEmpty || key.utf8.count > 128 || key.utf8.contains(where: { $0 < 0x21 || $0 > 0x7E }) else {
            return nil
        }
        return BatonError(
            BatonError.Code("request.key"),
            "that is no key of a request",
            remedy: "write 1 to 128 letters, digits and signs, without spaces"
        )
    }
}

extension Caller {
    /// Where the reply to a request of this caller goes; nil without a key.
    ///
    /// - Throws: ``BatonError`` with `request.key`: that is no key.
    func receipt(for run: RunID?, _ body: @autoclosure () -> JSON) throws -> Receipt.Claim? {
        guard let key = self.key else { return nil }
        if let fault = Self.fault(ofKey: key) { throw fault }
        return (Receipt.ID(run: run, key: key), HashChain.digest(of: body().bytes))
    }
}

extension Journal {
    /// What was said to this request before, also by an engine that is gone; nil if its key is new.
    func told(_ claim: Receipt.Claim) async throws -> CommandReply? {
        try await self.receipt(claim.id)?.outcome(for: claim.digest).get()
    }
}

/// What a command brought: said once it is durable.
package struct CommandReply: Hashable, Sendable {
    /// Whose.
    package let run: RunID
    /// The first event that the command brought; with it the command is accepted.
    package let accepted: Position
    /// The last event of the run behind the command; with it the command is applied.
    ///
    /// Both come to the disk together.
    package let position: Position
    /// `running`, `paused`, `stopping`, or how the run ended.
    package let state: String
    /// Tasks that the command brought, in plan order.
    package let added: [TaskID]

    package init(run: RunID, accepted: Position? = nil, position: Position, state: String, added: [TaskID] = []) {
        self.added = added
        self.run = run
        self.accepted = accepted ?? position
        self.position = position
        self.state = state
    }

    package var json: JSON {
        let json: JSON = [
            "run": .string(self.run.text), "accepted": .integer(self.accepted.value),
            "position": .integer(self.position.value), "state": .string(self.state),
        ]
        return self.added.isEmpty ? json : json.adding("added", .array(self.added.map { .string($0.text) }))
    }

    package init?(json: JSON) {
        guard let run = json["run"]?.string, let position = json["position"]?.integer,
            let state = json["state"]?.string
        else { return nil }
        let accepted = json["accepted"]?.integer.map { Position($0) }
        let added = (json["added"]?.elements ?? []).compactMap { $0.string.map { TaskID($0) } }
        self.init(run: RunID(run), accepted: accepted, position: Position(position), state: state, added: added)
    }
}

/// What was said to a request with a key, stored in the transaction of the command it answers.
package struct Receipt: Hashable, Sendable {
    /// A key is used once for each run, and once for all starts.
    package struct ID: Hashable, Sendable {
        /// The run; nil for starts.
        package let run: RunID?
        package let key: String

        package init(run: RunID?, key: String) {
            self.run = run
            self.key = key
        }
    }

    /// Where the receipt of a request with a key goes, and the digest of its body.
    package typealias Claim = (id: ID, digest: Digest)

    package let id: ID
    /// Of the body of the request.
    package let digest: Digest
    /// The reply, or the refusal.
    package let reply: JSON

    package init(id: ID, digest: Digest, reply: JSON) {
        self.id = id
        self.digest = digest
        self.reply = reply
    }

    init(id: ID, digest: Digest, outcome: Result<CommandReply, any Error>) {
        let reply: JSON =
            switch outcome {
            case .success(let reply): reply.json
            case .failure(let error):
                switch error {
                case let refusal as Refusal: ["error": BatonError(refusal).json]
                case let error as BatonError: ["error": error.json]
                default: ["error": BatonError(.refused, String(describing: error), remedy: "try again").json]
                }
            }
        self.init(id: id, digest: digest, reply: reply)
    }

    /// The same answer again, for the same body; a conflict for another one.
    func outcome(for digest: Digest) -> Result<CommandReply, any Error> {
        guard digest == self.digest else {
            return .failure(
                BatonError(
                    .keyConflict,
                    "the key \(self.id.key) was used for another request",
                    remedy: "take a new key for a new request"
                )
            )
        }
        if let reply = CommandReply(json: self.reply) { return .success(reply) }
        return .failure(
            self.reply["error"].flatMap { BatonError(json: $0) }
                ?? BatonError(.journalCorrupt, "a stored reply cannot be read", remedy: "take a new key")
        )
    }
}

extension BatonError {
    /// As the API and `--json` say it.
    package var json: JSON {
        ["code": .string(self.code.text), "message": .string(self.message), "remedy": .string(self.remedy)]
    }

    package init?(json: JSON) {
        guard let code = json["code"]?.string, let message = json["message"]?.string,
            let remedy = json["remedy"]?.string
        else { return nil }
        self.init(Code(code), message, remedy: remedy)
    }
}
