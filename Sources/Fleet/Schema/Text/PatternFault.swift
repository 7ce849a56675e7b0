import JSON

/// Why a text is no `pattern`.
struct PatternFault: Error {
    let message: String

    /// A pattern of JSON Schema may match anywhere; ours are compared with the whole text. Both mean the same only when
    /// the anchors are outermost. What Swift reads otherwise than ECMAScript does is refused too.
    static func check(_ text: String) throws(PatternFault) {
        var survey = PatternSurvey(text)
        let difference = survey.run()
        if survey.hasOuterAlternatives {
            throw PatternFault(message: "expected alternatives in a group, as in ^(a|b)$, got \(text.echo)")
        }
        guard survey.isAnchored else {
            throw PatternFault(message: "expected a pattern that begins with ^ and ends with $, got \(text.echo)")
        }
        if let difference { throw PatternFault(message: "expected \(difference), got \(text.echo)") }
    }
}

/// One pass over a pattern that knows escapes, classes and groups.
private struct PatternSurvey {
    private(set) var isAnchored = false
    private(set) var hasOuterAlternatives = false
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    /// The offset of the first element of the class that is open.
    private var classStart: Int?

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// Returns what was expected in place of something that the two languages read differently.
    mutating func run() -> String? {
        var difference: String?
        while position < scalars.count {
            let found = classStart == nil ? outside() : inside()
            difference = difference ?? found
            position += 1
        }
        isAnchored = isAnchored && scalars.first == "^"
        return difference
    }

    private func next(_ offset: Int = 1) -> Unicode.Scalar? {
        position + offset < scalars.count ? scalars[position + offset] : nil
    }

    private mutating func outside() -> String? {
        isAnchored = false
        switch scalars[position] {
        case "\\":
            position += 1
            // The brace of a property, as in \p{L}, ends no quantifier.
            if scalars.indices.contains(position), "pP".unicodeScalars.contains(scalars[position]), next() == "{" {
                position = scalars[position...].firstIndex(of: "}") ?? position
            }
        case "[":
            if next() == "^" { position += 1 }
            classStart = position + 1
        case "(":
            depth += 1
            guard next() == "?" else { return nil }
            let isKnown = next(2).map { ":=!<".unicodeScalars.contains($0) } ?? false
            return isKnown ? nil : "no options in a group"
        case ")": depth -= 1
        case "|" where depth == 0: hasOuterAlternatives = true
        case "$": isAnchored = depth == 0
        case "*", "+", "?", "}": if next() == "+" { return "no + after a quantifier" }
        default: break
        }
        return nil
    }

    private mutating func inside() -> String? {
        switch scalars[position] {
        case "\\": position += 1
        case "]" where position == classStart: return "a class with an element, in which ] is written \\]"
        case "]": classStart = nil
        case "[": return "[ in a class to be written \\["
        case "&", "~", "-":
            if next() == scalars[position] { return "no && and -- and ~~ in a class" }
        default: break
        }
        return nil
    }
}
