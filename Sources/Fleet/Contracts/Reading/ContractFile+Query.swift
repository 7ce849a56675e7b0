import JSON

extension ContractFile {
    func readQuery(_ entry: Entry) -> [QueryParameter] {
        let pairs = entry.pairs("a mapping from query parameters to what they hold") ?? []
        return pairs.compactMap { name, mark, value in
            guard Grammar.isMemberName(name) else {
                fail(value.path, mark, "expected the name of a parameter such as limit")
                return nil
            }
            return readParameter(name, value)
        }
    }

    private func readParameter(_ name: String, _ entry: Entry) -> QueryParameter? {
        guard var keys = Keys(entry, "a mapping that begins with \"type:\"") else { return nil }
        let kind = keys.required("type", "one of string, integer, boolean")?.choice(QueryParameter.Kind.self)
        let description = keys.optional("description").flatMap { $0.prose() } ?? ""
        let isRequired = keys.optional("required").flatMap { $0.bool() } ?? false
        let minimum = keys.optional("minimum")
        let maximum = keys.optional("maximum")
        let fallback = keys.optional("default")
        keys.finish()
        guard let kind else { return nil }
        let range = readRange(kind, minimum, maximum)
        let plain = QueryParameter(
            name: name, kind: kind, isRequired: isRequired, range: range, description: description)
        guard let fallback else { return plain }
        if isRequired { fallback.fail("a required parameter has no default") }
        return QueryParameter(
            name: name, kind: kind, isRequired: isRequired, range: range,
            defaultValue: fallback.read(plain.expectation) { plain.read($0) }, description: description)
    }

    private func readRange(_ kind: QueryParameter.Kind, _ minimum: Entry?, _ maximum: Entry?) -> ClosedRange<Int64>? {
        guard kind == .integer else {
            (minimum ?? maximum)?.fail("only integers have a minimum and a maximum")
            return nil
        }
        if minimum == nil && maximum == nil { return nil }
        let lowest = minimum.map { $0.integer(.min ... .max).map(Int64.init) } ?? .min
        let highest = maximum.map { $0.integer(.min ... .max).map(Int64.init) } ?? .max
        guard let lowest, let highest else { return nil }
        guard lowest <= highest else {
            maximum?.fail("the maximum is less than the minimum")
            return nil
        }
        return lowest...highest
    }
}
