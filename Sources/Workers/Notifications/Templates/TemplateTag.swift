/// One tag of a template, `{{name}}`, with the line that it is on.
///
/// The template library tells nothing of what a template uses, and takes a name that nobody knows for nothing; a misspelt one
/// would be found by the first customer. So tags are looked at once more before a template is taken.
struct TemplateTag {
    enum Kind: Equatable {
        case variable, unescaped, section, inverted, end, partial, parent, block, other
    }

    let kind: Kind
    let name: String
    let line: Int

    /// - Throws: ``TemplateError`` for a tag that does not end.
    static func all(in text: String, file: String) throws(TemplateError) -> [TemplateTag] {
        var tags: [TemplateTag] = []
        var line = 1
        var rest = text[...]
        while let character = rest.first {
            if character.isNewline { line += 1 }
            guard rest.hasPrefix("{{") else {
                rest.removeFirst()
                continue
            }
            let end = rest.hasPrefix("{{{") ? "}}}" : "}}"
            let body = rest.dropFirst(2)
            guard let close = body.firstRange(of: end) else {
                throw TemplateError(file, line: line, "a tag has no end")
            }
            tags.append(TemplateTag(body[..<close.lowerBound], line: line))
            line += body[..<close.lowerBound].count(where: \.isNewline)
            rest = body[close.upperBound...]
        }
        return tags
    }

    private init(_ body: Substring, line: Int) {
        kind =
            switch body.first {
            case "{", "&": .unescaped
            case "#": .section
            case "^": .inverted
            case "/": .end
            case ">": .partial
            case "<": .parent
            case "$": .block
            case "!", "=", "%": .other
            default: .variable
            }
        let name = kind == .variable ? body : body.dropFirst()
        self.name = String(name.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        self.line = line
    }
}
