import JSON
import Testing

@Suite("exact numbers")
struct NumberTests {
    @Test(
        "a number becomes minor units without rounding",
        arguments: [
            ("59.98", 2, 5998), ("59.9", 2, 5990), ("59", 2, 5900), ("0.07", 2, 7), ("-0.07", 2, -7),
            ("29.990", 2, 2999),
            ("29.9900000000000000000000000000", 2, 2999), ("0", 2, 0), ("-0", 2, 0), ("0.000", 2, 0), ("1e2", 2, 10000),
            ("1.5e1", 0, 15), ("1500e-2", 0, 15), ("0e999", 2, 0), ("12.345", 3, 12345), ("100", 0, 100),
            ("100.0", 0, 100),
            ("92233720368547758.07", 2, Int64.max), ("-92233720368547758.08", 2, Int64.min), ("4e-2", 2, 4),
            ("1000000000000000000000e-20", 2, 1000), ("0.1e1", 0, 1), ("0.00001e5", 0, 1), ("0.30", 2, 30),
        ] as [(String, Int, Int64)])
    func exact(_ text: String, _ scale: Int, _ expected: Int64) throws {
        let number = try #require(JSONNumber(text: text))
        #expect(number.decimal(scale: scale) == expected)
    }

    @Test(
        "what has no exact value has none",
        arguments: [
            ("29.999", 2), ("0.001", 2), ("1e-3", 2), ("1.5", 0), ("92233720368547758.08", 2),
            ("9223372036854775808", 0),
            ("-9223372036854775809", 0), ("1e19", 0), ("1e99999999999999999999", 0), ("1e-99999999999999999999", 0),
            ("1234567890123456789012345678901234567890", 0), ("0.00000000000000000000000000001", 2),
        ])
    func inexact(_ text: String, _ scale: Int) throws {
        let number = try #require(JSONNumber(text: text))
        #expect(number.decimal(scale: scale) == nil)
    }

    @Test(
        "text that is no JSON number is refused",
        arguments: ["", " 1", "1 ", "+1", "01", ".5", "5.", "1e", "0x1", "١", "1\u{0}"])
    func notNumbers(_ text: String) {
        #expect(JSONNumber(text: text) == nil)
    }

    @Test("integers may be written with a fraction of zero or an exponent", arguments: ["3", "3.0", "30e-1", "0.3e1"])
    func integers(_ text: String) {
        #expect(JSONNumber(text: text)?.int64 == 3)
    }
}
