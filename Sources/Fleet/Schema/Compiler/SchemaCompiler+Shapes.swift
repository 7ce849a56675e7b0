import JSON

extension SchemaCompiler {
    mutating func shape(_ keywords: KeywordReader, _ index: SchemaIndex) -> SchemaShape {
        checkAnnotations(keywords)
        if keywords.has(.reference) { return reference(keywords) }
        if keywords.has(.oneOf) { return union(keywords, index) }
        return switch keywords.kind {
        case nil: .any
        case .boolean: .boolean
        case .string: .string(string(keywords))
        case .integer: .number(number(keywords, isWhole: true))
        case .number: .number(number(keywords, isWhole: false))
        case .array: .array(array(keywords))
        case .object: .object(object(keywords))
        }
    }

    private mutating func checkAnnotations(_ keywords: KeywordReader) {
        _ = keywords.text(.title, &self)
        _ = keywords.text(.description, &self)
        _ = keywords.bool(.deprecated, &self)
        _ = keywords.array(.examples, of: "values", &self)
    }

    private mutating func string(_ keywords: KeywordReader) -> StringShape {
        let names = StringFormat.allCases.map(\.rawValue).joined(separator: ", ")
        let format = keywords.read(.format, "one of \(names)", &self) { value in
            value.string.flatMap { StringFormat(rawValue: $0) }
        }
        let (shortest, longest) = counts(keywords, .minLength, .maxLength)
        return StringShape(format: format, shortest: shortest, longest: longest, pattern: pattern(keywords))
    }

    private mutating func pattern(_ keywords: KeywordReader) -> Pattern? {
        guard let text = keywords.text(.pattern, &self) else { return nil }
        do throws(PatternFault) {
            return try Pattern(text)
        } catch {
            refuse(keywords.pointer(.pattern), error.message)
            return nil
        }
    }

    /// The lower and the upper one, which has to be no smaller.
    private mutating func counts(_ keywords: KeywordReader, _ low: Keyword, _ high: Keyword) -> (Int, Int?) {
        let (fewest, most) = (keywords.count(low, &self) ?? 0, keywords.count(high, &self))
        if let most, most < fewest {
            refuse(keywords.pointer(high), "expected at least \(low.rawValue), which is \(fewest), got \(most)")
        }
        return (fewest, most)
    }

    private mutating func number(_ keywords: KeywordReader, isWhole: Bool) -> NumberShape {
        let minimum = keywords.decimal(.minimum, &self)
        let above = keywords.decimal(.exclusiveMinimum, &self)
        let maximum = keywords.decimal(.maximum, &self)
        if let maximum, let minimum, maximum < minimum {
            let (low, high) = (minimum.text(places: 0), maximum.text(places: 0))
            refuse(keywords.pointer(.maximum), "expected at least minimum, which is \(low), got \(high)")
        }
        if let maximum, let above, maximum <= above {
            let (low, high) = (above.text(places: 0), maximum.text(places: 0))
            refuse(keywords.pointer(.maximum), "expected more than exclusiveMinimum, which is \(low), got \(high)")
        }
        let expectation = "a power of ten such as 0.01 or a positive integer below 10^17"
        let step = keywords.read(.multipleOf, expectation, &self) { $0.number.flatMap { NumberStep($0) } }
        return NumberShape(
            isWhole: isWhole, minimum: minimum, exclusiveMinimum: above, maximum: maximum, step: step)
    }

    private mutating func array(_ keywords: KeywordReader) -> ArrayShape {
        let (fewest, most) = counts(keywords, .minItems, .maxItems)
        let items = subschema(keywords, .items)
        return ArrayShape(items: items, fewest: fewest, most: most)
    }

    private mutating func subschema(_ keywords: KeywordReader, _ keyword: Keyword) -> SchemaIndex? {
        guard let document = keywords[keyword] else { return nil }
        return add(document, at: keywords.pointer(keyword))
    }

    private mutating func object(_ keywords: KeywordReader) -> ObjectShape {
        let declared = keywords.read(.properties, "an object with a schema for each name", &self) { $0.object }
        let names = declared?.members.map(\.name) ?? []
        let required = required(keywords, among: names)
        var properties: [ObjectShape.Property] = []
        for member in declared?.members ?? [] {
            let pointer = "\(keywords.pointer(.properties))/\(member.name.pointerToken)"
            let schema = add(member.value, at: pointer)
            properties.append(
                .init(name: ExactText(member.name), schema: schema, isRequired: required.contains(member.name)))
        }
        return ObjectShape(properties: properties, additional: additional(keywords))
    }

    private mutating func required(_ keywords: KeywordReader, among names: [String]) -> Set<String> {
        var result: Set<String> = []
        for (place, value) in (keywords.array(.required, of: "property names", &self) ?? []).enumerated() {
            let pointer = "\(keywords.pointer(.required))/\(place)"
            guard case .string(let name) = value else {
                refuse(pointer, "expected a property name, got \(value.echo)")
                continue
            }
            if !names.contains(name) {
                refuse(pointer, "there is no property \(name.echo)\(suggestion(for: name, among: names))")
            } else if !result.insert(name).inserted {
                refuse(pointer, "\(name.echo) is listed twice")
            }
        }
        return result
    }

    private mutating func additional(_ keywords: KeywordReader) -> ObjectShape.Additional {
        switch keywords[.additionalProperties] {
        case nil, .bool(false): return .refused
        case .bool(true): return .allowed
        case .object: return subschema(keywords, .additionalProperties).map { .schema($0) } ?? .refused
        case let value?:
            refuse(keywords.pointer(.additionalProperties), "expected true, false or a schema, got \(value.echo)")
            return .refused
        }
    }

    mutating func choice(_ keywords: KeywordReader) -> SchemaChoice? {
        let texts = texts(keywords)
        if let constant = keywords[.const] {
            if let texts, !SchemaChoice.texts(texts).contains(constant) {
                let expectation = SchemaChoice.texts(texts).expectation
                refuse(keywords.pointer(.const), "expected \(expectation), got \(constant.echo)")
            }
            return .constant(constant)
        }
        return texts.map { .texts($0) }
    }

    private mutating func texts(_ keywords: KeywordReader) -> [ExactText]? {
        guard let values = keywords.array(.enum, of: "strings", &self) else { return nil }
        if values.isEmpty { refuse(keywords.pointer(.enum), "expected at least one string") }
        var texts: [ExactText] = []
        for (place, value) in values.enumerated() {
            let pointer = "\(keywords.pointer(.enum))/\(place)"
            if case .string(let text) = value {
                if texts.contains(where: { $0.matches(text) }) { refuse(pointer, "\(text.echo) is listed twice") }
                texts.append(ExactText(text))
            } else {
                refuse(pointer, "expected a string, got \(value.echo)")
            }
        }
        return texts
    }
}
