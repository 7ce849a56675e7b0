import JSON
import Testing

@Suite("money")
struct MoneyTests {
    @Test(
        "currencies know their minor unit",
        arguments: [
            ("USD", 2, 1), ("eur", 2, 1), ("JPY", 0, 1), ("krw", 0, 1), ("KWD", 3, 10), ("TND", 3, 10), ("ISK", 2, 100),
            ("UGX", 2, 100),
            ("MGA", 0, 1),
        ] as [(String, Int, Int64)])
    func currencies(_ code: String, _ exponent: Int, _ step: Int64) throws {
        let currency = try #require(Currency(code))
        #expect(currency.exponent == exponent)
        #expect(currency.step == step)
        #expect(currency.code == code.uppercased())
    }

    @Test("what is no currency is refused", arguments: ["", "US", "USDX", "XYZ", "U$D", "ſek", "us\u{0}", "123", "ı̇"])
    func notCurrencies(_ code: String) {
        #expect(Currency(code) == nil)
    }

    @Test("the code is the same however it was written")
    func equality() {
        #expect(Currency("usd") == .usd)
        #expect(Currency("EUR") == .eur)
    }

    @Test("amounts are read and written exactly")
    func texts() throws {
        let yen = try #require(Currency("JPY"))
        #expect(Money(decimalText: "59.98", currency: .usd)?.minorUnits == 5998)
        #expect(Money(decimalText: "59.985", currency: .usd) == nil)
        #expect(Money(decimalText: "59.98", currency: yen) == nil)
        #expect(Money(minorUnits: 5998, currency: .usd).description == "59.98 USD")
        #expect(Money(minorUnits: 5998, currency: yen).description == "5998 JPY")
    }

    @Test("sums and products that do not fit are none")
    func overflow() {
        let most = Money(minorUnits: .max, currency: .usd)
        #expect(most.multiplied(by: 2) == nil)
        #expect(most.adding(Money(minorUnits: 1, currency: .usd)) == nil)
        #expect(most.adding(Money(minorUnits: -1, currency: .eur)) == nil)
        #expect(Money(minorUnits: 2999, currency: .usd).multiplied(by: 2)?.minorUnits == 5998)
        #expect(Money(minorUnits: 1, currency: .usd).adding(Money(minorUnits: 2, currency: .usd))?.minorUnits == 3)
    }
}
