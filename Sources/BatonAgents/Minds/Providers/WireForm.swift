package import BatonCore

/// A provider's form of questions and answers: pure, no network.
protocol WireForm: Sendable {
    /// The body of a question.
    static func body(of question: ModelQuestion, for provider: ModelProvider) -> JSON

    /// Reads an answer that came in one piece.
    static func draft(of whole: JSON) throws(WireFault) -> AnswerDraft

    /// Why it stopped, from the provider's word.
    ///
    /// Nil where the word is not known: what ended so may not be whole.
    static func stop(_ word: String) -> Reply.Stop?

    init()

    var draft: AnswerDraft { get }

    /// Whether the answer is whole.
    var isOver: Bool { get }

    /// Takes the next event of an answer in pieces.
    ///
    /// - Returns: the text that came with it.
    mutating func take(_ event: JSON) throws(WireFault) -> String
}

extension WireForm {
    static func answer(_ draft: AnswerDraft) throws(WireFault) -> ModelAnswer {
        guard let word = draft.stop else { throw .noStop }
        guard let stop = Self.stop(word) else { throw .oddStop(word) }
        let answer = draft.answer(stop: stop)
        if answer.stop == .tools, answer.calls.isEmpty { throw .malformed("it wants tools and names none") }
        guard answer.stop != .end || !answer.text.allSatisfy(\.isWhitespace) else { throw .empty }
        return answer
    }

    /// What a provider tells instead of an answer.
    static func told(_ error: JSON) -> WireFault {
        .told(
            kind: error["type"]?.string ?? error["code"]?.plainText ?? "",
            message: error["message"]?.string ?? error.plainText
        )
    }
}

/// Reads an answer whose bytes may be cut anywhere.
package struct AnswerReader: Sendable {
    private static let done = Array("[DONE]".utf8)

    private var form: any WireForm
    private var decoder: EventStreamDecoder
    private var isDone = false

    /// Bytes of one event.
    package static let longestEvent = 16 << 20

    package init(_ form: ModelProvider.Form) {
        self.form = form.wire.init()
        self.decoder = EventStreamDecoder(longest: Self.longestEvent)
    }

    /// Whether nothing more is to come.
    package var isOver: Bool { self.isDone || self.form.isOver }

    /// Takes the next bytes and gives the text that came with them.
    package mutating func take(_ bytes: some Collection<UInt8>) throws(WireFault) -> String {
        let messages: [EventStreamDecoder.Message]
        do throws(EventStreamDecoder.TooLong) {
            messages = try self.decoder.take(bytes)
        } catch {
            throw .tooLong
        }
        var text = ""
        for message in messages where !self.isOver {
            if message.data == Self.done {
                self.isDone = true
                continue
            }
            let event: JSON
            do throws(JSON.Fault) {
                event = try JSON(parsing: message.data)
            } catch {
                throw .malformed("an event is no JSON: \(error)")
            }
            text += try self.form.take(event)
        }
        return text
    }

    /// The answer, once all bytes are there.
    package func answer() throws(WireFault) -> ModelAnswer {
        // Some servers end with the reason to stop and nothing behind it.
        guard self.isOver || self.form.draft.stop != nil else { throw .truncated }
        return try type(of: self.form).answer(self.form.draft)
    }

    /// An answer in one piece.
    package static func answer(_ whole: JSON, _ form: ModelProvider.Form) throws(WireFault) -> ModelAnswer {
        let form = form.wire
        if let error = whole["error"], error != .null { throw form.told(error) }
        return try form.answer(form.draft(of: whole))
    }
}

extension ModelProvider.Form {
    var wire: any WireForm.Type {
        switch self {
        case .messages: MessagesForm.self
        case .chat: ChatForm.self
        case .responses: ResponsesForm.self
        }
    }
}

extension ModelProvider {
    /// The body of a question in its form.
    func body(of question: ModelQuestion) -> JSON { self.form.wire.body(of: question, for: self) }
}
