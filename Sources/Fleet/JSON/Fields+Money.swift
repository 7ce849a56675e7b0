extension Fields {
    /// An exact decimal amount, as a number (59.98) or a string ("59.98"), in minor units.
    /// - Parameters:
    ///   - scale: decimal places, which is `Currency.exponent`.
    ///   - range: in minor units.
    public mutating func amount(
        _ name: String, scale: Int = 2, in range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64 {
        value(name, AmountRule(scale: scale, range: range))
    }

    public mutating func optionalAmount(
        _ name: String, scale: Int = 2, in range: ClosedRange<Int64> = 0...Int64.max
    ) -> Int64? {
        optionalValue(name, AmountRule(scale: scale, range: range))
    }

    /// A currency code in either case; `fallback`, if given, stands in when the field is left out.
    public mutating func currency(_ name: String, default fallback: Currency? = nil) -> Currency {
        if let fallback { optionalValue(name, CurrencyRule()) ?? fallback } else { value(name, CurrencyRule()) }
    }
}

public struct AmountRule: FieldRule {
    public let scale: Int
    public let range: ClosedRange<Int64>

    public init(scale: Int, range: ClosedRange<Int64>) {
        self.scale = scale
        self.range = range
    }

    public var placeholder: Int64 { range.lowerBound }

    public var expectation: String {
        let lowest = Money.decimalText(minorUnits: range.lowerBound, scale: scale)
        let highest = Money.decimalText(minorUnits: range.upperBound, scale: scale)
        return switch (range.lowerBound, range.upperBound) {
        case (.min, .max): "an amount"
        case (_, .max): "an amount of at least \(lowest)"
        default: "an amount from \(lowest) to \(highest)"
        }
    }

    public func read(_ value: JSONValue) -> FieldReading<Int64> {
        let text: String
        switch value {
        case .number(let number): text = number.text
        case .string(let string): text = string
        default: return .refused
        }
        switch DecimalText.scaled(text, by: scale) {
        case .exact(let minorUnits) where range.contains(minorUnits): return .accepted(minorUnits)
        case .tooPrecise:
            let places = scale == 1 ? "1 decimal place" : "\(scale) decimal places"
            return .refusedBecause("expected at most \(places), got \(value.echo)")
        case .exact, .tooLarge, .notANumber: return .refused
        }
    }
}

public struct CurrencyRule: FieldRule {
    public init() {}

    public var placeholder: Currency { .usd }
    public var expectation: String { "a currency code such as \"USD\"" }

    public func read(_ value: JSONValue) -> FieldReading<Currency> {
        guard case .string(let text) = value, let currency = Currency(text) else { return .refused }
        return .accepted(currency)
    }
}
