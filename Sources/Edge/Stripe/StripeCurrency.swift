/// A currency with Stripe's rules for amounts.
///
/// Amounts are whole numbers of Stripe's minor unit, which is not ISO 4217's for every currency: MGA has none at
/// Stripe, UGX and ISK have two decimals that must be zero.
/// Source: docs.stripe.com/currencies.
public struct StripeCurrency: Sendable, Hashable {
    /// Lowercase ISO 4217 code.
    public let code: String

    /// - Returns: nil when Stripe does not take payments in this currency. Upper and lower case are alike.
    public init?(_ code: String) {
        let code = code.lowercased()
        guard Self.supported.contains(code) else { return nil }
        self.code = code
    }

    /// Digits behind the point: an amount is `value × 10^exponent`.
    public var exponent: Int {
        if Self.zeroDecimal.contains(code) { return 0 }
        return Self.threeDecimal.contains(code) ? 3 : 2
    }

    /// Every amount is a multiple of this: 100 for UGX and ISK, 10 for the currencies with three decimals, else 1.
    public var granularity: Int64 {
        if code == "ugx" || code == "isk" { return 100 }
        return Self.threeDecimal.contains(code) ? 10 : 1
    }

    /// The smallest amount that Stripe charges, in its minor unit.
    public var minimum: Int64 { Self.minimums[code] ?? granularity }

    /// The largest amount that Stripe charges: eight digits, twelve for IDR.
    public var maximum: Int64 { code == "idr" ? 999_999_999_999 : 99_999_999 }

    public enum AmountProblem: Error, Sendable, Hashable {
        case tooSmall(minimum: Int64)
        case tooLarge(maximum: Int64)
        case notMultiple(of: Int64)
    }

    /// - Throws: what is wrong with `amount` (in Stripe's minor unit) as a sum to charge.
    public func validate(amount: Int64) throws(AmountProblem) {
        if amount < minimum { throw .tooSmall(minimum: minimum) }
        if amount > maximum { throw .tooLarge(maximum: maximum) }
        if amount % granularity != 0 { throw .notMultiple(of: granularity) }
    }

    private static let zeroDecimal: Set<String> = [
        "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf",
    ]
    private static let threeDecimal: Set<String> = ["bhd", "jod", "kwd", "omr", "tnd"]

    /// Source: docs.stripe.com/currencies, minimum and maximum charge amounts.
    private static let minimums: [String: Int64] = [
        "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
        "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
        "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
    ]

    private static let supported = Set(
        """
        aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad \
        cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd \
        hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl \
        mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg \
        qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah \
        ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
        """.split(separator: " ").map(String.init))
}
