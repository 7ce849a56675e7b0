import JSON
import Testing

@testable import Schema

@Suite("random schemas and values")
struct FuzzTests {
    private static let names = ["a", "b", "kind", "K", "\u{212A}", "é", "e\u{301}", "x/y~"]
    private static let texts = [
        "", "a", "abc", "^a$", "^(a|b)+$", "string", "object", "#/schemas/A", "#/schemas/B", "uuid", "uri", "a:b",
        "http://[::1]/%41",
    ]
    private static let numbers = [
        "0", "-0.0", "1", "-1", "3.0", "0.01", "1e-2", "59.98", "1e400", "-1e-400", "9223372036854775808",
        "1e99999999999999999999999", "25",
    ]

    private func value(_ depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(text: random.pick(Self.numbers)) ?? JSONNumber(0))
        case 3, 4: return .string(random.pick(Self.texts))
        case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth - 1, &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...10, using: &random) {
                object[random.pick(Self.names)] = value(depth - 1, &random)
            }
            return .object(object)
        }
    }

    /// Mostly sensible keywords with mostly sensible values.
    private func schema(_ depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        var object = JSONObject()
        func some(_ chance: Int) -> Bool { Int.random(in: 0..<chance, using: &random) == 0 }
        let kind = random.pick(JSONSchema.Kind.allCases)
        if some(12) { return ["$ref": .string("#/schemas/" + random.pick(["A", "B"]))] }
        if !some(8) { object["type"] = .string(kind.rawValue) }
        for keyword in Keyword.allCases where keyword.kinds?.contains(kind) ?? false {
            guard some(4) else { continue }
            object[keyword.rawValue] =
                some(10) ? value(1, &random) : .number(JSONNumber(text: random.pick(Self.numbers)) ?? JSONNumber(0))
        }
        if kind == .object, depth > 0 {
            var properties = JSONObject()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                properties[random.pick(Self.names)] = schema(depth - 1, &random)
            }
            object["properties"] = .object(properties)
            object["required"] = nil
            object["additionalProperties"] = random.pick([.bool(true), .bool(false), schema(0, &random)])
        } else if kind == .array {
            object["items"] = depth > 0 ? schema(depth - 1, &random) : [:]
        }
        if some(20) { object["oneOf"] = .array([schema(depth - 1, &random), schema(depth - 1, &random)]) }
        if some(20) { object["const"] = value(1, &random) }
        if some(20) { object["default"] = value(1, &random) }
        return .object(object)
    }

    @Test("no schema and no value bring the validator down, and verdicts repeat")
    func random() {
        var random = SeededGenerator(seed: 7)
        var compiled = 0
        var fitting = 0
        for _ in 0..<3000 {
            let definitions = ["A": schema(2, &random), "B": schema(1, &random)]
            guard let schema = try? JSONSchema(schema(3, &random), definitions: definitions) else { continue }
            compiled += 1
            _ = (schema.expectation, schema.kind, schema.properties.count, schema.summary, schema.examples)
            for _ in 0..<20 {
                let value = value(4, &random)
                let error = schema.validate(value)
                if error == nil { fitting += 1 }
                #expect(error == schema.validate(value))
                #expect(error.map { 1...ValidationError.most ~= $0.errors.count } ?? true)
            }
        }
        #expect(compiled > 300)
        #expect(fitting > 300)
    }

    @Test("decimals compare as integers of the same scale do")
    func decimals() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5000 {
            let one = Int64.random(in: -3000...3000, using: &random)
            let other = Int64.random(in: -3000...3000, using: &random)
            let (left, right) = (try number(one, &random), try number(other, &random))
            #expect((ExactDecimal(left) < ExactDecimal(right)) == (one < other), "\(left) \(right)")
            #expect((ExactDecimal(left) == ExactDecimal(right)) == (one == other), "\(left) \(right)")
            var text = left.text
            let order = text.withUTF8 { DecimalScan(UnsafeRawBufferPointer($0)).order(ExactDecimal(right)) }
            #expect(order.signum() == (one - other).signum(), "\(left) \(right)")
            let step = try #require(NumberStep(JSONNumber(7)))
            #expect(
                text.withUTF8 { step.takes(DecimalScan(UnsafeRawBufferPointer($0))) } == (one % 700 == 0), "\(left)")
            #expect(JSONNumber(text: ExactDecimal(left).text(places: 2))?.decimal(scale: 2) == one)
        }
    }

    /// Hundredths, written in one of several ways.
    private func number(_ hundredths: Int64, _ random: inout SeededGenerator) throws -> JSONNumber {
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let plain = "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
        let text = random.pick([plain, "\(hundredths)e-2", "\(plain)000", "\(plain)E+0", "\(hundredths)000e-5"])
        return try #require(JSONNumber(text: text))
    }
}

/// Splitmix64: the same numbers at every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var result = state
        result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
        result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
        return result ^ (result >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }
}
