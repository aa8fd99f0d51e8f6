import BatonCore
import Testing

@Suite struct EventCodecTests {
    private static func read(_ line: [UInt8]) throws(EventCodec.Fault) -> Recorded {
        try EventCodec.read(line, position: Position(7)) { (_) throws(EventCodec.Fault) in Specimens.plan }
    }

    private static func fault(_ line: String) -> EventCodec.Fault? {
        do throws(EventCodec.Fault) {
            _ = try Self.read(Array(line.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `every event comes back as it was written, in one line`() throws {
        for event in Specimens.events {
            for by in [Origin.engine, .person("ann \"a\"\n")] {
                let fact = Specimens.fact(event, by: by)
                let line = Specimens.line(fact)
                #expect(!line.contains(0x0A))
                #expect(try Self.read(line) == fact)
                #expect(Specimens.line(try Self.read(line)) == line)
            }
        }
    }

    @Test func `the specimens hold every kind`() {
        #expect(Set(Specimens.events.map { EventCodec.kind(of: $0) }).count == 27)
    }

    @Test func `what this build does not know is refused by name`() {
        #expect(Self.fault("{\"kind\":\"teleported\",\"v\":1,\"at\":0}") == .unknownKind("teleported"))
        #expect(Self.fault("{\"kind\":\"paused\",\"v\":2,\"at\":0}") == .unknownVersion(kind: "paused", version: 2))
        #expect(EventCodec.Fault.unknownKind("x\u{1B}").message.contains("x\\u{1b}"))
        #expect(Self.fault("{\"kind\":\"paused\",\"v\":1,\"at\":0}") == nil)
    }

    @Test(arguments: [
        ("{}", "kind"), ("[]", "kind"), ("{\"kind\":7}", "kind"), ("{\"kind\":\"paused\"}", "v"),
        ("{\"kind\":\"paused\",\"v\":\"1\"}", "v"), ("{\"kind\":\"paused\",\"v\":1}", "at"),
        ("{\"kind\":\"ended\",\"v\":1,\"at\":0,\"end\":\"well\"}", "end"),
        ("{\"kind\":\"task_ready\",\"v\":1,\"at\":0,\"task\":-1}", "task"),
        ("{\"kind\":\"task_ready\",\"v\":1,\"at\":0,\"task\":2147483648}", "task"),
        ("{\"kind\":\"task_ready\",\"v\":1,\"at\":0,\"task\":1.0}", "task"),
        (
            "{\"kind\":\"task_ended\",\"v\":1,\"at\":0,\"task\":1,\"end\":\"completed\",\"stored\":\"0\",\"bytes\":1}",
            "stored"
        ),
        ("{\"kind\":\"task_ended\",\"v\":1,\"at\":0,\"task\":1,\"end\":\"completed\",\"value\":1E400}", "value"),
        ("{\"kind\":\"created\",\"v\":1,\"at\":0,\"plan\":\"zz\"}", "plan"),
    ])
    func `a field that is missing or of the wrong form is named`(line: String, name: String) {
        guard case .field(_, name)? = Self.fault(line) else {
            Issue.record("\(line) gives \(String(describing: Self.fault(line)))")
            return
        }
    }

    @Test func `a plan that cannot be had is a fault`() {
        let line = Specimens.line(Specimens.fact(Specimens.events[0]))
        do {
            _ = try EventCodec.read(line, position: Position(1)) { (_) throws(EventCodec.Fault) in
                throw .plan("it is gone")
            }
            Issue.record("it was read")
        } catch {
            #expect(error == .plan("it is gone"))
            #expect(error.message.contains("it is gone"))
        }
    }

    @Test func `every prefix of a line is a fault`() {
        for event in Specimens.events {
            let line = Specimens.line(Specimens.fact(event))
            for length in stride(from: 0, to: line.count, by: line.count > 120 ? 7 : 1) {
                #expect(Self.fault(String(decoding: line[..<length], as: UTF8.self)) != nil)
            }
        }
    }

    @Test func `mutated lines never trap, and what is read is written in the same way again`() {
        var draws = SplitMix64(seed: 31)
        let alphabet = Array("0123456789-.,:\"{}[]\\aeu \u{0}".utf8) + [0xFF, 0xC3]
        for event in Specimens.events {
            let line = Specimens.line(Specimens.fact(event))
            for _ in 0..<25 {
                var mutated = line
                for _ in 0...draws.below(3) {
                    let place = draws.below(mutated.count)
                    switch draws.below(3) {
                    case 0: mutated[place] = alphabet[draws.below(alphabet.count)]
                    case 1: mutated.insert(alphabet[draws.below(alphabet.count)], at: place)
                    default: mutated.remove(at: place)
                    }
                }
                guard let fact = try? Self.read(mutated) else { continue }
                #expect((try? Self.read(Specimens.line(fact))) == fact)
            }
        }
    }

    @Test func `an output as deep as any that can be read comes back from the journal`() throws {
        let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        let output = try JSON(parsing: text.utf8)
        let fact = Specimens.fact(.taskEnded(TaskIndex(0), .completed(.inline(output))))
        #expect(try Self.read(Specimens.line(fact)) == fact)
    }
}
