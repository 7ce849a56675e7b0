extension JSONValue {
    /// A short form for error messages: long texts are cut, what cannot be printed is escaped.
    package var echo: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.text.count <= 40 ? number.text : "\(number.text.prefix(40))…"
        case .string(let text): text.echo
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension String {
    /// In quotes, at most 40 characters, without anything that could break a line, a terminal or a log.
    package var echo: String {
        var result = "\""
        for scalar in unicodeScalars.prefix(40) {
            result += scalar.isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return unicodeScalars.dropFirst(40).isEmpty ? result + "\"" : result + "…\""
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: self != "\"" && self != "\\"
        }
    }
}
