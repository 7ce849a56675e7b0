import Stripe
import Testing

@Suite("A currency")
struct CurrencyTests {
    @Test(
        "has Stripe's number of decimals",
        arguments: [("usd", 2), ("EUR", 2), ("jpy", 0), ("mga", 0), ("ugx", 2), ("isk", 2), ("kwd", 3), ("tnd", 3)])
    func exponents(code: String, exponent: Int) throws {
        #expect(try #require(StripeCurrency(code)).exponent == exponent)
    }

    @Test("that Stripe does not know is refused", arguments: ["", "us", "xyz", "usd ", "btc"])
    func unknown(_ code: String) {
        #expect(StripeCurrency(code) == nil)
    }

    @Test(
        "refuses an amount that Stripe refuses",
        arguments: [
            ("usd", Int64(49), StripeCurrency.AmountProblem.tooSmall(minimum: 50)),
            ("usd", -5, .tooSmall(minimum: 50)),
            ("usd", 100_000_000, .tooLarge(maximum: 99_999_999)),
            ("isk", 150, .notMultiple(of: 100)),
            ("ugx", 50, .tooSmall(minimum: 100)),
            ("kwd", 5_001, .notMultiple(of: 10)),
            ("jpy", 49, .tooSmall(minimum: 50)),
        ])
    func problems(code: String, amount: Int64, problem: StripeCurrency.AmountProblem) throws {
        let currency = try #require(StripeCurrency(code))
        #expect(throws: problem) { try currency.validate(amount: amount) }
    }

    @Test(
        "accepts an amount that Stripe accepts",
        arguments: [("usd", Int64(50)), ("usd", 99_999_999), ("isk", 200), ("kwd", 5_010), ("idr", 100_000_000_000)])
    func accepted(code: String, amount: Int64) throws {
        try #require(StripeCurrency(code)).validate(amount: amount)
    }
}
