/// How many tokens a question to a model can have at most, known before it is asked.
///
/// A token stands for at least one byte of text, so bytes are a bound; where the provider has counted the question before, that is
/// the better one for all up to there, but for no less than half of it.
package enum PromptBound {
    /// For words between the texts, and what providers put around them.
    package static let frame: Int64 = 2048
    package static let turnFrame: Int64 = 128
    /// Around what somebody else has said, with the words that say whose it is, and those that quote it.
    static let fence: Int64 = 192

    /// Of a turn that is told in outline, so many bytes of each text are left.
    package static let outline = 400
    private static let outlineFrame: Int64 = 96

    /// Results are kept where they are short, as denials and errors are, and where a person has given them.
    package static func keepsResult(of tool: String, bytes: Int) -> Bool {
        if case .question? = BuiltInTool.named(tool)?.nature { return true }
        return bytes <= Self.shortResult
    }

    private static let shortResult = 1200

    // What stands for a result that is left out, or for one that is short as a text and not as JSON.
    fileprivate static var leftOut: Int64 { Int64(Self.shortResult) + Self.outlineFrame }

    static func outlined(_ bytes: Int64) -> Int64 { min(bytes, Int64(Self.outline)) + Self.outlineFrame }

    // More than any text has: what a journal from elsewhere says must not bring sums to their end.
    private static let most: Int64 = 1 << 40

    static func bytes(of content: Content) -> Int64 {
        switch content {
        case .inline(let value): Int64(value.description.utf8.count)
        case .stored(_, let bytes): min(Int64(bytes), Self.most)
        }
    }

    /// Tokens that a provider has counted, with some more for joints, where words are cut otherwise when they are read again.
    static func recounted(_ counted: Int64) -> Int64 {
        let counted = min(counted, Self.most)
        return counted + counted / 16
    }

    /// Tools of others, each put into a form of its own.
    static func bytes(of catalogue: Catalogue) -> Int64 {
        Self.bytes(of: catalogue.content) + Int64(catalogue.tools.count) * 2 * Self.turnFrame
    }

    /// Who the agent is.
    static func bytes(of agent: AgentProfile) -> Int64 {
        let lines = agent.allTraits + agent.allInterests + agent.skills
        var bytes = lines.reduce(0) { $0 + $1.utf8.count + 2 }
        for text in [
            agent.name, agent.occupation, agent.yearsExperience, agent.instructions, Conduct(of: agent).words,
            agent.phaseWords,
        ] {
            bytes += text?.utf8.count ?? 0
        }
        for file in agent.instructionFiles { bytes += (file.text?.utf8.count ?? 0) + 1 }
        // With what stands before each of them.
        for fact in agent.persona?.facts ?? [] {
            bytes += PersonaForm.label(fact.key).utf8.count + fact.words.reduce(4) { $0 + $1.utf8.count + 3 }
        }
        return Int64(bytes)
    }
}

extension Conversation {
    /// At most so many tokens from the first word behind the task on.
    ///
    /// - Parameters:
    ///   - call: which model is asked, and how much is told in outline.
    ///   - base: those of all before that.
    ///   - words: bytes of what people have said up to a directive.
    package func tokens(for call: ModelCall, base: Int64, words: (_ until: Int32) -> Int64) -> Int64 {
        var (tokens, bytes) = (Int64(0), base)
        if let catalogue, !planted(.catalogueForgotten) { bytes += PromptBound.bytes(of: catalogue) }
        // What has been said up to here, and how many bytes of it stand in `tokens` already.
        var counted = Int64(0)
        var heard: Int32 = 0
        for (index, turn) in self.turns.enumerated() where !planted(.boundForgetsTurns) {
            let isOutlined = index < call.cleared
            bytes += words(turn.call.told) - words(heard) + turn.saidBytes(isOutlined)
            heard = max(heard, turn.call.told)
            // No provider is believed that a token has more than two bytes: it might count otherwise next time.
            if let count = turn.counted, turn.call.choice == call.choice {
                (tokens, counted) = (max(PromptBound.recounted(count), bytes / 2), bytes)
            }
            bytes += turn.resultBytes(isOutlined, leftOut: PromptBound.leftOut) + PromptBound.turnFrame
        }
        bytes += words(call.told) - words(heard) + PromptBound.turnFrame
        return tokens + bytes - counted
    }
}

extension Conversation {
    /// About how many tokens have been said, as far as is known: a token is about four bytes.
    var saidTokens: Int64 {
        var (tokens, bytes) = (Int64(0), Int64(0))
        for (index, turn) in self.turns.enumerated() {
            let isOutlined = self.isOutlined(index)
            bytes += turn.saidBytes(isOutlined)
            if let counted = turn.counted { (tokens, bytes) = (PromptBound.recounted(counted), 0) }
            bytes += turn.resultBytes(isOutlined, leftOut: 64)
        }
        return tokens + bytes / 4
    }
}

extension Conversation.Turn {
    fileprivate func saidBytes(_ isOutlined: Bool) -> Int64 {
        let size = { (bytes: Int64) in isOutlined ? PromptBound.outlined(bytes) : bytes }
        return self.reply.calls.reduce(size(PromptBound.bytes(of: self.reply.text))) { sum, call in
            sum + Int64(call.id.utf8.count + call.tool.utf8.count) + size(PromptBound.bytes(of: call.input))
        }
    }

    /// - Parameter leftOut: what a result counts that is left out.
    fileprivate func resultBytes(_ isOutlined: Bool, leftOut: Int64) -> Int64 {
        let ids = self.reply.calls.reduce(0) { $0 + $1.id.utf8.count }
        var results = Int64(ids)
        for (call, result) in zip(self.reply.calls, self.results) {
            let bytes = PromptBound.bytes(of: result.content)
            // As JSON a text is never shorter than it is told.
            let isLeftOut = isOutlined && !PromptBound.keepsResult(of: call.tool, bytes: Int(clamping: bytes))
            let isMarked = result.source != nil || BuiltInTool.named(call.tool)?.isOfWeb == true
            let mark = (result.source?.bytes ?? 0) + (isMarked ? PromptBound.fence : 0)
            results += mark + (isLeftOut ? leftOut : bytes + 32)
        }
        if case .masked(let words)? = self.note { return results + Int64(words.utf8.count) + 64 }
        guard case .mend(let faults)? = self.note else { return results }
        return results + faults.reduce(0) { $0 + Int64($1.utf8.count) + 4 }
    }
}
