import JSON

extension JSONValue {
    /// An object of the members that have a value, in their order. Null is none, either: Swift takes the `nil` of a
    /// conditional expression for it.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(
            JSONObject(
                members.compactMap { name, value in
                    guard let value, !value.isNull else { return nil }
                    return .init(name: name, value: value)
                }))
    }

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    static func number(_ number: Int) -> JSONValue { .number(JSONNumber(Int64(number))) }

    static func reference(_ pointer: String) -> JSONValue { ["$ref": .string(pointer)] }

    /// With a member set, or taken away by nil or null; unchanged when this is no object.
    func with(_ name: String, _ value: JSONValue?) -> JSONValue {
        guard case .object(var object) = self else { return self }
        object[name] = value.flatMap { $0.isNull ? .none : .some($0) }
        return .object(object)
    }
}
