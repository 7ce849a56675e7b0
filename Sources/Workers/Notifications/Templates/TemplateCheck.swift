import Worker

/// Whether a template uses only what it will be given: partials that exist, and the names of its sample.
struct TemplateCheck {
    /// The texts of all partials by name.
    let partials: [String: String]

    /// - Parameters:
    ///   - file: the template's, for the error.
    ///   - scope: all that the template may use, an example of each.
    /// - Throws: ``TemplateError`` naming the first tag that does not fit.
    func check(_ text: String, file: String, scope: JSONValue) throws(TemplateError) {
        try check(text, file: file, scopes: [scope], depth: 0)
    }

    private func check(_ text: String, file: String, scopes: [JSONValue], depth: Int) throws(TemplateError) {
        guard depth < 8 else { throw TemplateError(file, "partials include one another without end") }
        var scopes = scopes
        var open: [String] = []
        for tag in try TemplateTag.all(in: text, file: file) {
            switch tag.kind {
            case .variable: _ = try value(of: tag, file, scopes)
            case .unescaped: throw TemplateError(file, line: tag.line, "{{{\(tag.name)}}} would not be escaped")
            case .section:
                let value = try value(of: tag, file, scopes)
                if case .array(let elements) = value {
                    guard let first = elements.first else {
                        throw TemplateError(file, line: tag.line, "the sample's \(tag.name) is empty")
                    }
                    scopes.append(first)
                } else {
                    scopes.append(value)
                }
                open.append(tag.name)
            case .inverted:
                _ = try value(of: tag, file, scopes)
                scopes.append(.null)
                open.append(tag.name)
            case .block, .parent:
                if tag.kind == .parent { try follow(tag, file, scopes, depth) }
                scopes.append(.null)
                open.append(tag.name)
            case .end:
                guard open.popLast() == tag.name else {
                    throw TemplateError(file, line: tag.line, "{{/\(tag.name)}} ends what was not begun")
                }
                scopes.removeLast()
            case .partial: try follow(tag, file, scopes, depth)
            case .other: break
            }
        }
    }

    private func follow(
        _ tag: TemplateTag, _ file: String, _ scopes: [JSONValue], _ depth: Int
    ) throws(TemplateError) {
        guard let partial = partials[tag.name] else {
            throw TemplateError(file, line: tag.line, "there is no \(tag.name).mustache")
        }
        try check(partial, file: "\(tag.name).mustache (from \(file))", scopes: scopes, depth: depth + 1)
    }

    private func value(of tag: TemplateTag, _ file: String, _ scopes: [JSONValue]) throws(TemplateError) -> JSONValue {
        if tag.name == ".", let last = scopes.last { return last }
        for scope in scopes.reversed() {
            if let value = scope[tag.name] { return value }
        }
        throw TemplateError(file, line: tag.line, "\(tag.name) is not in the template's sample")
    }
}
