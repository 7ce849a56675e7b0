/// A JSON number as it was written, so that 59.98 stays 59.98. Equality compares the text: 1.0 is not 1.
public struct JSONNumber: Sendable, Hashable {
    /// The source text; always matches the number grammar of RFC 8259.
    public let text: String

    /// For text that the grammar has already accepted.
    init(unchecked text: String) {
        self.text = text
    }

    /// Nil when the text is no JSON number.
    public init?(text: String) {
        guard DecimalText.isNumber(text) else { return nil }
        self.text = text
    }

    public init(_ value: Int64) {
        text = String(value)
    }

    /// The exact integer; `3`, `3.0` and `30e-1` are all 3. Nil with a fraction or outside Int64.
    public var int64: Int64? { decimal(scale: 0) }

    /// The exact value times 10^scale: `59.98` with scale 2 is 5998. Nil when it has more decimal places or does not fit.
    public func decimal(scale: Int) -> Int64? {
        if case .exact(let value) = DecimalText.scaled(text, by: scale) { value } else { nil }
    }

    /// The nearest Double; only for what is no money.
    public var double: Double? { Double(text) }
}

extension JSONNumber: CustomStringConvertible {
    public var description: String { text }
}
