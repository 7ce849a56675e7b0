public import JSON

/// A parameter of the query string, which becomes a member of the request's JSON object.
public struct QueryParameter: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case string
        case integer
        case boolean
    }

    public let name: String
    public let kind: Kind
    public let isRequired: Bool
    /// Of integers.
    public let range: ClosedRange<Int64>?
    /// Stands in when the parameter is left out.
    public let defaultValue: JSONValue?
    public let description: String

    public init(
        name: String, kind: Kind, isRequired: Bool = false, range: ClosedRange<Int64>? = nil,
        defaultValue: JSONValue? = nil, description: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.range = range
        self.defaultValue = defaultValue
        self.description = description
    }

    /// The value that a text stands for; nil when it is none of this kind and range.
    public func read(_ text: String) -> JSONValue? {
        switch kind {
        case .string: return .string(text)
        case .boolean: return text == "true" ? true : text == "false" ? false : nil
        case .integer:
            guard let number = JSONNumber(text: text), let integer = number.int64 else { return nil }
            return range?.contains(integer) ?? true ? .number(JSONNumber(integer)) : nil
        }
    }

    /// Completes "expected …".
    public var expectation: String {
        switch (kind, range) {
        case (.string, _): "a text"
        case (.boolean, _): "true or false"
        case (.integer, nil): "an integer"
        case (.integer, let range?): IntegerRule(range: range).expectation
        }
    }
}
