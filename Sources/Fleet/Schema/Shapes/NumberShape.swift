import JSON

/// What `type: integer` and `type: number` say. All arithmetic is on exact decimals.
final class NumberShape: Sendable {
    let isWhole: Bool
    let minimum: ExactDecimal?
    let exclusiveMinimum: ExactDecimal?
    let maximum: ExactDecimal?
    let step: NumberStep?

    init(
        isWhole: Bool, minimum: ExactDecimal?, exclusiveMinimum: ExactDecimal?, maximum: ExactDecimal?,
        step: NumberStep?
    ) {
        self.isWhole = isWhole
        self.minimum = minimum
        self.exclusiveMinimum = exclusiveMinimum
        self.maximum = maximum
        self.step = step
    }

    /// A number with a fixed count of decimal places reads as an amount does in `Fields`.
    private var places: Int? {
        guard !isWhole, case .powerOfTen(let exponent) = step, exponent < 0 else { return nil }
        return -exponent
    }

    var expectation: String {
        var result = isWhole ? "an integer" : places == nil ? "a number" : "an amount"
        let above = exclusiveMinimum.flatMap { bound in minimum.map { $0 > bound } ?? false ? nil : bound }
        switch (above.map(text), minimum.map(text), maximum.map(text)) {
        case (nil, nil, nil): break
        case (let above?, _, nil): result += " greater than \(above)"
        case (let above?, _, let maximum?): result += " greater than \(above) and at most \(maximum)"
        case (nil, let minimum?, nil): result += " of at least \(minimum)"
        case (nil, nil, let maximum?): result += " of at most \(maximum)"
        case (nil, let minimum?, let maximum?): result += " from \(minimum) to \(maximum)"
        }
        if let step, places == nil, !(isWhole && step.isVacuousForIntegers) {
            result += " that is a multiple of \(step.text)"
        }
        return result
    }

    private func text(_ bound: ExactDecimal) -> String { bound.text(places: places ?? 0) }

    /// Nil when the number fits.
    func refusal(of number: JSONNumber) -> String? {
        var text = number.text
        let verdict = text.withUTF8 { bytes in
            let scan = DecimalScan(UnsafeRawBufferPointer(bytes))
            let fits =
                (!isWhole || scan.isWhole)
                && (minimum.map { !scan.isLess(than: $0) } ?? true)
                && (exclusiveMinimum.map { scan.isGreater(than: $0) } ?? true)
                && (maximum.map { !scan.isGreater(than: $0) } ?? true)
            return (fits: fits, isStep: step?.takes(scan) ?? true)
        }
        if !verdict.isStep, let places {
            let places = places == 1 ? "1 decimal place" : "\(places) decimal places"
            return "expected at most \(places), got \(JSONValue.number(number).echo)"
        }
        guard verdict.fits, verdict.isStep else {
            return "expected \(expectation), got \(JSONValue.number(number).echo)"
        }
        return nil
    }
}
