import JSON

extension JSONValue {
    /// This schema without its regular expressions: one that backtracks without end would stop whoever tries it on the
    /// schema's own examples. Requests are held against them by the service, not here.
    var withoutPatterns: JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.compactMap { member in
                    let value: JSONValue
                    switch (member.name, member.value) {
                    case ("pattern", _): return nil
                    case ("properties", .object(let properties)):
                        value = .object(
                            JSONObject(
                                properties.members.map { .init(name: $0.name, value: $0.value.withoutPatterns) }))
                    case ("oneOf", .array(let schemas)): value = .array(schemas.map(\.withoutPatterns))
                    case ("items", let schema), ("additionalProperties", let schema): value = schema.withoutPatterns
                    default: value = member.value
                    }
                    return JSONObject.Member(name: member.name, value: value)
                }))
    }
}
