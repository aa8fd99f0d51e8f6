import BatonCore
import OrderedCollections
import Testing

@Suite struct JSONWriterTests {
    @Test func `what is written is read back as the same value and the same bytes`() throws {
        var draws = SplitMix64(seed: 7)
        for _ in 0..<400 {
            let value = Self.value(&draws, depth: 0)
            let bytes = value.bytes
            let back = try JSON(parsing: bytes)
            #expect(back == value)
            #expect(back.bytes == bytes)
        }
    }

    @Test func `control characters, quotes and backslashes are escaped, the rest is written as it is`() {
        #expect(JSON.string("\u{0}\u{1F}\n\r\t\"\\/é\u{7F}").description == #""\u0000\u001f\n\r\t\"\\/é"# + "\u{7F}\"")
    }

    @Test(
        arguments: [
            (JSON.number(0.1), "0.1"), (.number(1), "1.0"), (.number(-0.0), "-0.0"), (.number(1e300), "1e+300"),
            (.number(.infinity), "null"), (.integer(.min), "-9223372036854775808"), (.integer(0), "0"),
            ([1, [], ["a": nil, "b": [true, false]]], "[1,[],{\"a\":null,\"b\":[true,false]}]"),
        ] as [(JSON, String)]
    )
    func `each kind of value has one form`(value: JSON, text: String) {
        #expect(value.description == text)
    }

    private static func value(_ draws: inout SplitMix64, depth: Int) -> JSON {
        switch draws.below(depth > 4 ? 6 : 8) {
        case 0: return .null
        case 1: return .bool(draws.chance(50))
        case 2: return .integer(Int64(bitPattern: draws.next()) >> Int64(draws.below(64)))
        case 3, 4:
            let number = Double(bitPattern: draws.next())
            return .number(number.isFinite ? number : Double(draws.below(1000)) / 8)
        case 5: return .string(Self.text(&draws))
        case 6: return .array((0..<draws.below(5)).map { _ in Self.value(&draws, depth: depth + 1) })
        default:
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<draws.below(5) { members[Self.text(&draws)] = Self.value(&draws, depth: depth + 1) }
            return .object(members)
        }
    }

    private static func text(_ draws: inout SplitMix64) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<draws.below(12) {
            let bound = [0x20, 0x80, 0x800, 0x11_0000][draws.below(4)]
            if let scalar = Unicode.Scalar(UInt32(draws.below(bound))) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}
