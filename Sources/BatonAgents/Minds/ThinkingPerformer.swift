package import BatonCore
package import BatonEngine

/// Performs the steps of conversations: makes the prompt, and asks the mind of the agent's model.
package final class ThinkingPerformer: Thinker {
    /// Finds the mind of a model; nil if there is none.
    package typealias Minds = @Sendable (ModelName) -> (any Mind)?

    private let minds: Minds
    private let tools: ToolBox
    private let secrets: Secrets
    let shared: SharedQuestions

    /// - Parameters:
    ///   - secrets: taken out of all that tools bring.
    ///   - clock: by which a question waits for others that may be asked with it.
    package init(
        tools: ToolBox,
        keeping secrets: Secrets = .none,
        clock: any EngineClock = SystemClock(),
        _ minds: @escaping Minds
    ) {
        self.minds = minds
        self.shared = SharedQuestions(clock: clock)
        self.secrets = secrets
        self.tools = tools
    }

    package func answer(_ work: Work, after transcript: Transcript) async -> Thought {
        let models = work.models
        let model = models.indices.contains(transcript.choice) ? models[transcript.choice] : ""
        guard let name = ModelName(model), let mind = self.minds(name) else {
            return .failed(Self.unknown(model, work), .none)
        }
        let isShared = mind.takesSharedQuestions && SharedQuestions.maySay(work, transcript)
        let thought =
            isShared
            ? await self.shared.answer(work, after: transcript, by: mind, name)
            : await mind.answer(Prompt(work, after: transcript), to: work, after: transcript)
        guard case .replied(let said, let usage) = thought else { return thought }
        var reply = WrittenActions.read(said, work, after: transcript)
        guard let form = work.form, reply.calls.isEmpty, reply.stop == .end else { return .replied(reply, usage) }
        (reply.output, reply.faults) = OutputForm.read(reply.text, by: form)
        if let output = reply.output, reply.faults.isEmpty {
            // What a rehearsal makes up is held against nothing that was done.
            let isMadeUp = name.provider == ModelName.rehearsal
            reply.faults = work.faults(ofManaged: output)
            if !isMadeUp {
                reply.faults +=
                    HeldClaims.faults(of: output, work, after: transcript) + work.faults(ofMinutes: output)
                    + work.faults(ofJudgement: output)
            }
        }
        return .replied(reply, usage)
    }

    package func call(_ call: Transcript.Call, of work: Work, offers: [ToolOffer]) async -> WorkResult {
        await self.secrets.keeping(work) { await self.tools.call(call, of: $0, offers: offers) }
    }

    package func offers(for work: Work) async -> OfferResult { await self.tools.offers(for: work) }

    private static func unknown(_ model: String, _ work: Work) -> Failure {
        Failure(
            .permanent,
            "mind.model",
            "nobody here answers for the model \(PlainText.line(model, limit: 80)) of agent \(work.agent.id)",
            remedy: "name a model as provider/model"
        )
    }
}
