import BatonCore
import OrderedCollections

/// An answer as it comes together, in one piece or many.
struct AnswerDraft: Sendable {
    var model = ""
    var text = ""
    /// The provider's word for why it stopped.
    var stop: String?
    var isRefused = false
    var tokens = Tokens()
    private var calls: OrderedDictionary<Int, Call> = [:]

    /// More calls are told apart, but their arguments are not kept.
    private static let mostCalls = 1000
    private static let longestWord = 200

    private struct Call {
        var id = ""
        var tool = ""
        var arguments = ""
        var input: JSON?
    }

    /// Counts as a provider gives them, nil where it does not.
    struct Tokens: Sendable {
        private var counts: [Int64?] = [nil, nil, nil, nil]
        private var isOdd = false

        /// More than any answer has.
        private static let most: Int64 = 1_000_000_000

        mutating func take(_ kind: Kind, _ value: JSON?) {
            guard let value, value != .null else { return }
            guard let count = value.integer, 0...Self.most ~= count else {
                self.isOdd = true
                return
            }
            self.counts[kind.rawValue] = count
        }

        /// What was counted among others is taken out of them.
        mutating func takeOut(_ part: Kind, of whole: Kind) {
            guard let count = self.counts[part.rawValue], let sum = self.counts[whole.rawValue] else { return }
            if count > sum { self.isOdd = true }
            self.counts[whole.rawValue] = max(0, sum - count)
        }

        /// What a sum holds beyond what was counted is output.
        mutating func takeRest(of sum: JSON?) {
            guard let sum = sum?.integer, 0...Self.most ~= sum, let input = self.counts[0], let output = self.counts[3]
            else { return }
            let rest = sum - input - output
            if rest > 0 { self.counts[3] = output + rest }
        }

        enum Kind: Int {
            case input
            case cacheRead
            case cacheWrite
            case output
        }

        var kinds: Usage.TokenKinds? {
            guard !self.isOdd, self.counts[0] != nil, self.counts[3] != nil else { return nil }
            return Usage.TokenKinds(self.counts.map { $0 ?? 0 })
        }
    }

    mutating func call(_ place: Int, id: String? = nil, tool: String? = nil, arguments: String = "", input: JSON? = nil)
    {
        guard self.calls[place] != nil || self.calls.count < Self.mostCalls else {
            // They are too many whatever they are.
            self.calls[place] = Call(id: id ?? "", tool: tool ?? "")
            return
        }
        var call = self.calls[place] ?? Call()
        if let id, call.id.isEmpty { call.id = id }
        if let tool, call.tool.isEmpty { call.tool = tool }
        call.arguments += arguments
        if let input { call.input = input }
        self.calls[place] = call
    }

    /// The whole answer.
    func answer(stop: Reply.Stop) -> ModelAnswer {
        var known: Set<String> = []
        let calls = self.calls.values.enumerated().map { place, call in
            var id = call.id
            // Each result has to find its call. Nothing is cut: a half of a key would not be known as one.
            if id.isEmpty || !Self.isPlain(id) || !known.insert(id).inserted {
                id = "call_\(place + 1)"
                while !known.insert(id).inserted { id += "_" }
            }
            return Self.read(call, id)
        }
        let stop = self.isRefused ? .refused : stop == .end && !calls.isEmpty ? .tools : stop
        return ModelAnswer(model: self.model, text: self.text, calls: calls, stop: stop, tokens: self.tokens.kinds)
    }

    private static func read(_ call: Call, _ id: String) -> ModelAnswer.Call {
        let tool = Self.isPlain(call.tool) ? call.tool : "(a name that no tool has)"
        let (input, fault) = Self.input(of: call)
        return ModelAnswer.Call(id: id, tool: tool, input: input, fault: fault)
    }

    private static func isPlain(_ word: String) -> Bool {
        word.utf8.count <= Self.longestWord && PlainText.line(word, limit: Self.longestWord) == word
    }

    private static func input(of call: Call) -> (JSON, String?) {
        let value: JSON
        if let input = call.input, call.arguments.isEmpty {
            value = input
        } else if call.arguments.allSatisfy(\.isWhitespace) {
            value = [:]
        } else {
            do throws(JSON.Fault) {
                value = try JSON(parsing: Array(call.arguments.utf8))
            } catch {
                return (.string(call.arguments), "they are no JSON: \(error)")
            }
        }
        guard case .object = value else { return (value, "they are no object") }
        if let fault = value.fault { return (.string(call.arguments), fault) }
        return (value, nil)
    }
}
