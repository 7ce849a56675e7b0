/// Typed access to the parameters of a request, with Stripe's wording for what is wrong with them.
struct Parameters: Sendable {
    let values: [String: FormValue]

    /// - Throws: for the first parameter that is not in `names`.
    func allow(_ names: Set<String>) throws(APIFailure) {
        guard let unknown = values.keys.sorted().first(where: { !names.contains($0) }) else { return }
        throw APIFailure(
            code: "parameter_unknown", message: "Received unknown parameter: \(unknown)", param: unknown)
    }

    /// - Throws: when the value is an object, or empty.
    func text(_ name: String) throws(APIFailure) -> String? {
        guard let text = try unsettableText(name) else { return nil }
        guard !text.isEmpty else {
            throw .invalid(
                name,
                "You passed an empty string for '\(name)'. We assume empty values are an attempt to unset a parameter; "
                    + "however '\(name)' cannot be unset. You should remove '\(name)' from your request or supply a "
                    + "non-empty value.", code: "parameter_invalid_empty")
        }
        return text
    }

    /// A text that may be empty, which takes the old value away.
    func unsettableText(_ name: String) throws(APIFailure) -> String? {
        switch values[name] {
        case nil: return nil
        case .map: throw .invalid(name, "Invalid string: \(name) must be a string")
        case .text(let text):
            guard text.utf8.count <= 5_000 else {
                throw .invalid(
                    name, "Invalid string: \(name) must be at most 5000 characters", code: "parameter_invalid_string")
            }
            return text
        }
    }

    func integer(_ name: String) throws(APIFailure) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let number = Self.integer(text) else {
            throw .invalid(name, "Invalid integer: \(text)", code: "parameter_invalid_integer")
        }
        return number
    }

    func boolean(_ name: String) throws(APIFailure) -> Bool? {
        guard let text = try text(name) else { return nil }
        guard let value = Bool(text) else { throw .invalid(name, "Invalid boolean: \(text)") }
        return value
    }

    func choice(_ name: String, of choices: [String]) throws(APIFailure) -> String? {
        guard let text = try text(name) else { return nil }
        guard choices.contains(text) else {
            throw .invalid(name, "Invalid \(name): must be one of \(choices.joined(separator: ", "))")
        }
        return text
    }

    /// `name[]=a&name[]=b`, in order.
    func list(_ name: String) throws(APIFailure) -> [String] {
        guard let value = values[name] else { return [] }
        guard case .map(let elements) = value else { throw .invalid(name, "Invalid array") }
        var list: [String] = []
        for (key, element) in elements.sorted(by: { (Int($0.key) ?? .max, $0.key) < (Int($1.key) ?? .max, $1.key) }) {
            guard Int(key) != nil, case .text(let text) = element else { throw .invalid(name, "Invalid array") }
            list.append(text)
        }
        return list
    }

    func nested(_ name: String) throws(APIFailure) -> Parameters? {
        guard let value = values[name] else { return nil }
        guard case .map(let map) = value else { throw .invalid(name, "Invalid object") }
        return Parameters(values: map)
    }

    /// `metadata[key]=value` on top of `old`. An empty value takes a key away; an empty `metadata` takes all.
    func metadata(_ old: [String: String] = [:]) throws(APIFailure) -> [String: String] {
        switch values["metadata"] {
        case nil: return old
        case .text(let text):
            guard text.isEmpty else { throw .invalid("metadata", "Invalid object") }
            return [:]
        case .map(let pairs):
            var merged = old
            for (key, value) in pairs {
                guard case .text(let text) = value else {
                    throw .invalid("metadata", "Metadata values must be strings")
                }
                guard key.count <= 40 else {
                    throw .invalid("metadata", "Metadata keys can be at most 40 characters long")
                }
                guard text.count <= 500 else {
                    throw .invalid(
                        "metadata",
                        "Metadata values can have up to 500 characters, but you passed in a value that is "
                            + "\(text.count) characters.")
                }
                merged[key] = text.isEmpty ? nil : text
            }
            guard merged.count <= 50 else { throw .invalid("metadata", "You can have up to 50 metadata keys.") }
            return merged
        }
    }

    static func integer(_ text: String) -> Int64? {
        guard text.utf8.first != UInt8(ascii: "+") else { return nil }
        return Int64(text)
    }
}
