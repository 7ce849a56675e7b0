import JSON

extension JSONValue {
    /// What a reference such as `#/components/schemas/Orders_Order` leads to.
    func target(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        var value: JSONValue? = self
        for token in reference.dropFirst(2).split(separator: "/") {
            value = value?[String(token).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
        return value
    }

    /// The value itself, and all in it.
    var everything: [JSONValue] {
        switch self {
        case .object(let object): [self] + object.members.flatMap(\.value.everything)
        case .array(let elements): [self] + elements.flatMap(\.everything)
        default: [self]
        }
    }

    /// All references in it.
    var references: [String] { everything.compactMap { $0["$ref"]?.string } }

    var names: [String] { object?.members.map(\.name) ?? [] }
}
