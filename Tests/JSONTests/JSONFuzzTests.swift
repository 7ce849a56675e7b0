import Testing

@testable import JSON

@Suite("hostile bytes")
struct JSONFuzzTests {
    private static let alphabet =
        Array("{}[]\",:\\0123456789.-+eEutrfalsn \n\u{1}\u{7F}é😀".utf8) + [0x80, 0xC3, 0xED, 0xF4, 0xFF]

    @Test(
        "random bytes are read or refused, and what was read can be written and read again",
        arguments: UInt64(0)..<8)
    func randomBytes(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<4000 {
            let count = Int.random(in: 0...40, using: &random)
            check((0..<count).map { _ in Self.alphabet.randomElement(using: &random) ?? 0 })
        }
    }

    @Test("a mutated order is read or refused", arguments: UInt64(0)..<8)
    func mutations(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var bytes = Array(SampleOrder.text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(Self.alphabet.randomElement(using: &random) ?? 0, at: index)
                }
            }
            check(bytes)
        }
    }

    @Test("every prefix of an order is refused")
    func prefixes() {
        let bytes = Array(SampleOrder.text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(bytes.prefix(count))) }
        }
    }

    @Test("the UTF-8 check agrees with the standard library", arguments: UInt64(0)..<4)
    func encoding(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let interesting: [UInt8] = [
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                interesting.randomElement(using: &random) ?? 0
            }
            let isValid = bytes.withUnsafeBytes { UTF8Check.firstFault(in: $0) } == nil
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    private func check(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.parse(bytes) else { return }
        _ = try? SampleOrder.read(value)
        let again = try? JSONReader.parse(value.bytes)
        #expect(again == value, "\(bytes)")
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
