/// An exact amount of one currency.
public struct Money: Sendable, Hashable {
    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads a decimal number such as `59.98`; nil when it has more places than the currency or does not fit.
    public init?(decimalText: String, currency: Currency) {
        guard case .exact(let minorUnits) = DecimalText.scaled(decimalText, by: currency.exponent) else { return nil }
        self.init(minorUnits: minorUnits, currency: currency)
    }

    /// The amount alone, with all decimal places of the currency: `59.98`, `50.00`, `5000` for yen.
    public var decimalText: String { Self.decimalText(minorUnits: minorUnits, scale: currency.exponent) }

    /// Nil when it does not fit.
    public func multiplied(by count: Int64) -> Money? {
        let (product, overflow) = minorUnits.multipliedReportingOverflow(by: count)
        return overflow ? nil : Money(minorUnits: product, currency: currency)
    }

    /// Nil when the currencies differ or the sum does not fit.
    public func adding(_ other: Money) -> Money? {
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        return overflow || currency != other.currency ? nil : Money(minorUnits: sum, currency: currency)
    }

    static func decimalText(minorUnits: Int64, scale: Int) -> String {
        var writer = JSONWriter(capacity: 24)
        writer.appendDecimal(minorUnits, scale: scale)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Money: CustomStringConvertible {
    public var description: String { "\(decimalText) \(currency.code)" }
}
