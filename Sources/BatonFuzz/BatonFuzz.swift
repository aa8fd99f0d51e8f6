import BatonAgents
import BatonCore

/// `BatonFuzz [EXECUTIONS] [SEED]`: lets readers of what comes from models read what nobody should send.
///
/// A trap ends it, as it would end the engine; so does a rule that does not hold, with the seed of the input.
@main
enum BatonFuzz {
    private static let forms: [ModelProvider.Form] = [.messages, .chat, .responses]

    static func main() {
        let numbers = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
        let executions = numbers.first ?? 10_000
        let first = UInt64(numbers.dropFirst().first ?? 1)
        let clock = ContinuousClock()
        let start = clock.now
        var read = 0
        for number in 0..<executions {
            let seed = first &+ UInt64(number)
            var mangler = Mangler(seed: seed)
            switch seed % 3 {
            case 0: read += Self.stream(&mangler, seed)
            case 1: read += Self.arguments(&mangler, seed)
            default: read += Self.json(&mangler, seed)
            }
        }
        let seconds = (clock.now - start) / .seconds(1)
        print("\(executions) executions, \(read) of them read as sound, 0 rules broken, \(Int(seconds)) s")
    }

    private static func require(_ holds: Bool, _ rule: String, _ seed: UInt64) {
        guard !holds else { return }
        fatalError("\(rule): BatonFuzz 1 \(seed)")
    }

    private enum Outcome: Equatable {
        case answer(ModelAnswer)
        case fault(WireFault)
    }

    private static func outcome(_ pieces: [ArraySlice<UInt8>], _ form: ModelProvider.Form) -> Outcome {
        var reader = AnswerReader(form)
        do throws(WireFault) {
            for piece in pieces { _ = try reader.take(piece) }
            return .answer(try reader.answer())
        } catch {
            return .fault(error)
        }
    }

    // An answer does not depend on where its bytes were cut.
    private static func stream(_ mangler: inout Mangler, _ seed: UInt64) -> Int {
        let form = mangler.pick(Self.forms)
        let bytes = mangler.mangled(Samples.events(form))
        let whole = Self.outcome([bytes[...]], form)
        Self.require(Self.outcome(mangler.cut(bytes), form) == whole, "a cut changes the answer", seed)
        guard case .answer(let answer) = whole else { return 0 }
        Self.check(answer, seed)
        return 1
    }

    private static func check(_ answer: ModelAnswer, _ seed: UInt64) {
        Self.require(Set(answer.calls.map(\.id)).count == answer.calls.count, "two calls have one name", seed)
        for call in answer.calls where call.fault == nil {
            Self.require(call.input.isObject, "arguments that can be read are an object", seed)
            Self.require(call.input.fault == nil, "arguments that can be read can be stored", seed)
        }
    }

    private static func arguments(_ mangler: inout Mangler, _ seed: UInt64) -> Int {
        let tool = mangler.pick(BuiltInTool.all)
        let sample = (try? JSONSchema(tool.input)).flatMap { JSONSample.value(of: $0, seed: seed, words: "a/b.txt") }
        let sound = sample.map { [Array($0.description.utf8)] } ?? []
        let text = String(decoding: mangler.mangled(mangler.pick(Samples.json + sound)), as: UTF8.self)
        let call: JSON = ["id": "t", "function": ["name": .string(tool.name), "arguments": .string(text)]]
        let choice: JSON = ["message": ["content": nil, "tool_calls": [call]], "finish_reason": "tool_calls"]
        do throws(WireFault) {
            let answer = try AnswerReader.answer(["choices": [choice]], .chat)
            Self.require(answer.calls.count == 1, "a call is never lost", seed)
            Self.check(answer, seed)
            guard answer.calls[0].fault == nil else { return 0 }
            let words = tool.faults(of: answer.calls[0].input).joined()
            Self.require(words.utf8.count < 100_000, "what is wrong is said in few words", seed)
            return 1
        } catch {
            fatalError("an answer with odd arguments is an answer: BatonFuzz 1 \(seed)")
        }
    }

    // What is read is written so that it can be read again.
    private static func json(_ mangler: inout Mangler, _ seed: UInt64) -> Int {
        guard let value = try? JSON(parsing: mangler.mangled(mangler.pick(Samples.json))) else { return 0 }
        Self.require((try? JSON(parsing: value.bytes)) == value, "what is written reads as it was", seed)
        return 1
    }
}
