package import BatonCore

/// The code behind an agent that thinks: asks its model, and calls its tools, one step at a time.
///
/// It knows nothing of the conversation's rules: when to ask, what to call and when to end is the core's.
///
/// When its Swift task is cancelled it stops, and returns `stopped` only once nothing of the step goes on.
package protocol Thinker: Performer {
    /// Asks the model for the next turn.
    func answer(_ work: Work, after transcript: Transcript) async -> Thought

    /// Calls a tool.
    ///
    /// - Parameter offers: the tools of others, as they were when the attempt began.
    func call(_ call: Transcript.Call, of work: Work, offers: [ToolOffer]) async -> WorkResult

    /// Looks up the tools of others that the agent has been granted.
    func offers(for work: Work) async -> OfferResult
}

/// A tool as models are told of it.
package struct ToolOffer: Hashable, Sendable {
    /// What models call it.
    package let name: String
    /// Where it comes from: `docs/search`.
    package let source: String
    package let text: String
    /// A JSON Schema of its arguments.
    package let input: JSON
    /// Whether it changes nothing.
    package let isRepeatable: Bool

    package init(name: String, source: String, text: String, input: JSON, isRepeatable: Bool) {
        self.name = name
        self.source = source
        self.text = text
        self.input = input
        self.isRepeatable = isRepeatable
    }
}

/// What came of looking up tools.
package enum OfferResult: Sendable {
    case offered([ToolOffer])
    case failed(Failure)
    case stopped
}

extension Thinker {
    /// Nobody offers anything.
    package func offers(for work: Work) async -> OfferResult { .offered([]) }

    /// A whole attempt is no step of a conversation.
    package func perform(_ work: Work) async -> WorkResult {
        .failed(
            Failure(
                .permanent,
                "mind.odd",
                "agent \(work.agent.id) thinks, and was given a whole attempt to perform",
                remedy: "give the agent no other type than model"
            )
        )
    }
}

/// What came of asking a model.
package enum Thought: Sendable {
    case replied(Transcript.Reply, Usage)
    case failed(Failure, Usage)
    case stopped(Usage)
}

/// A conversation up to a step, with all that was said in it.
package struct Transcript: Sendable {
    package var turns: [Turn] = []
    /// What people have said to the agent since the last turn.
    package var told: [String] = []
    /// The tools of others.
    package var offers: [ToolOffer] = []
    /// Which of the agent's models is asked.
    package var choice = 0
    /// So often in a row it has failed before.
    package var again = 0
    /// What the question may cost at most, where a budget wants to know.
    package var reserved: Spend?
    /// Whether words of the web stand behind it.
    package var isOfWeb = false

    package init() {}

    /// One question to the model, and what followed.
    package struct Turn: Sendable {
        /// What people had said before it.
        package var told: [String]
        package var reply: Reply
        /// What came of its calls, in their order.
        package var results: [Result]
        package var note: Conversation.Note?
        /// Whether only its outline is told, to make room.
        package var isOutlined = false
    }

    /// What a model said.
    package struct Reply: Sendable {
        package var model: String
        package var text: String
        /// The value of the text where the task wants a form.
        package var output: JSON?
        /// Why the text has not the form.
        package var faults: [String]
        package var calls: [Call]
        package var stop: BatonCore.Reply.Stop
        /// How many tasks the question was for.
        package var sharers = 1
        /// Who answered, where that is another model than was asked for.
        package var answerer: String?

        package init(
            model: String,
            text: String,
            output: JSON? = nil,
            faults: [String] = [],
            calls: [Call] = [],
            stop: BatonCore.Reply.Stop
        ) {
            self.model = model
            self.text = text
            self.output = output
            self.faults = faults
            self.calls = calls
            self.stop = stop
        }
    }

    /// A tool with its arguments.
    package struct Call: Sendable {
        package var id: String
        package var tool: String
        package var input: JSON
        /// Why the arguments cannot be read; nil if they can.
        package var fault: String?

        package init(id: String, tool: String, input: JSON, fault: String? = nil) {
            self.id = id
            self.tool = tool
            self.input = input
            self.fault = fault
        }
    }

    /// What came of a call.
    package struct Result: Sendable {
        package var value: JSON
        package var isError: Bool
        /// Whose words they are, where the tool is not who says them.
        package var source: Provenance?
    }
}

extension Transcript {
    /// What a conversation names, with its contents filled in.
    ///
    /// - Parameters:
    ///   - directives: what people have said to the agents of the attempt, with the numbers of the directives.
    init(
        _ conversation: Conversation,
        _ call: ModelCall?,
        directives: [Directive],
        _ value: @escaping (Content) -> JSON
    ) {
        self.offers = ToolOffer.all(of: conversation.catalogue, value)
        self.isOfWeb = conversation.isOfWeb
        var heard: Int32 = 0
        let said = { (until: Int32) -> [String] in
            defer { heard = max(heard, until) }
            return directives.filter { $0.number > heard && $0.number <= until }.map {
                $0.labelled(value($0.text).plainText)
            }
        }
        for (index, turn) in conversation.turns.enumerated() {
            self.turns.append(
                Turn(
                    told: said(turn.call.told),
                    reply: Reply(turn.reply, value),
                    results: turn.results.map {
                        Result(value: value($0.content), isError: $0.isError, source: $0.source)
                    },
                    note: turn.note,
                    isOutlined: index < call?.cleared ?? 0
                )
            )
        }
        if let call {
            self.told = said(call.told)
            self.choice = Int(call.choice)
            self.again = Int(call.again)
            self.reserved = call.reserved
        }
    }
}

extension Transcript.Reply {
    init(_ reply: BatonCore.Reply, _ value: (Content) -> JSON) {
        self.init(
            model: reply.model,
            text: value(reply.text).plainText,
            output: reply.output == reply.text ? JSON?.none : value(reply.output),
            faults: reply.faults,
            calls: reply.calls.map {
                Transcript.Call(id: $0.id, tool: $0.tool, input: value($0.input), fault: $0.fault)
            },
            stop: reply.stop
        )
    }
}

extension Conversation {
    /// Everything that was said in it, by reference.
    var contents: [Content] {
        [self.catalogue?.content].compactMap { $0 }
            + self.turns.flatMap { turn in
                [turn.reply.text, turn.reply.output] + turn.reply.calls.map(\.input) + turn.results.map(\.content)
            }
    }
}

extension ToolOffer {
    /// What stands in the journal of them.
    static func all(of catalogue: Catalogue?, _ value: (Content) -> JSON) -> [ToolOffer] {
        guard let catalogue else { return [] }
        let told = value(catalogue.content).elements ?? []
        return zip(catalogue.tools, told).map { tool, told in
            ToolOffer(
                name: tool.name,
                source: tool.source,
                text: told["description"]?.string ?? "",
                input: told["input"] ?? ["type": "object"],
                isRepeatable: tool.isRepeatable
            )
        }
    }

    /// What the journal keeps of them, in the order of ``Catalogue/tools``.
    static func content(of offers: [ToolOffer]) -> JSON {
        .array(offers.map { ["description": .string($0.text), "input": $0.input] })
    }
}
