/// An ISO 4217 currency that payments can be made in.
public struct Currency: Sendable, Hashable {
    /// Three capital letters.
    public let code: String
    /// Decimal places of an amount: the minor unit is 10^-exponent.
    public let exponent: Int
    /// Amounts must be multiples of this many minor units, by the payment provider's rules.
    public let step: Int64

    public static let usd = Currency(code: "USD", exponent: 2, step: 1)
    public static let eur = Currency(code: "EUR", exponent: 2, step: 1)

    private init(code: String, exponent: Int, step: Int64) {
        self.code = code
        self.exponent = exponent
        self.step = step
    }

    /// Takes either case; nil when there is no such currency.
    public init?(_ code: String) {
        guard code.utf8.count == 3 else { return nil }
        let capitals = code.uppercased()
        if capitals == "USD" {
            self = .usd
        } else if CurrencyTable.twoDecimals.contains(capitals) {
            self.init(code: capitals, exponent: 2, step: 1)
        } else if CurrencyTable.noDecimals.contains(capitals) {
            self.init(code: capitals, exponent: 0, step: 1)
        } else if CurrencyTable.threeDecimals.contains(capitals) {
            self.init(code: capitals, exponent: 3, step: 10)
        } else if CurrencyTable.wholeUnits.contains(capitals) {
            self.init(code: capitals, exponent: 2, step: 100)
        } else {
            return nil
        }
    }
}

extension Currency: CustomStringConvertible {
    public var description: String { code }
}
