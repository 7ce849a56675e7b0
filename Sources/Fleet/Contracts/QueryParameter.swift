public import JSON
public import Schema

/// A member of the request's JSON object that the ingress takes from the query string.
public struct QueryParameter: Sendable, Hashable {
    public let name: String
    /// What its text is turned into: string, integer, number or boolean.
    public let kind: JSONSchema.Kind

    public init(name: String, kind: JSONSchema.Kind) {
        self.name = name
        self.kind = kind
    }

    /// The value that a text stands for. A text that is none of this kind stays a text, which the worker refuses in the words
    /// of its schema: the same ones that a caller on the broker gets.
    public func value(_ text: String) -> JSONValue {
        switch kind {
        case .integer, .number: JSONNumber(text: text).map { .number($0) } ?? .string(text)
        case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
        case .string, .array, .object: .string(text)
        }
    }
}
