/// The keywords that a schema may have.
enum Keyword: String, CaseIterable {
    case reference = "$ref"
    case type, title, description, examples, `default`, deprecated
    case `enum`, const
    case format, minLength, maxLength, pattern
    case minimum, maximum, exclusiveMinimum, multipleOf
    case properties, required, additionalProperties
    case items, minItems, maxItems
    case oneOf

    /// The types that it goes with; nil for all, and without a type.
    var kinds: [JSONSchema.Kind]? {
        switch self {
        case .reference, .type, .title, .description, .examples, .default, .deprecated, .const, .oneOf: nil
        case .enum, .format, .minLength, .maxLength, .pattern: [.string]
        case .minimum, .maximum, .exclusiveMinimum, .multipleOf: [.integer, .number]
        case .properties, .required, .additionalProperties: [.object]
        case .items, .minItems, .maxItems: [.array]
        }
    }

    /// What only tells people something.
    var isAnnotation: Bool {
        switch self {
        case .title, .description, .examples, .default, .deprecated: true
        default: false
        }
    }
}
