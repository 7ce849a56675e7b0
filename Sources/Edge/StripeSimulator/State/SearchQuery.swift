/// Stripe's search language, as far as intents need it: clauses joined by `AND`, of the form `metadata['key']:'value'`,
/// `status:'succeeded'`, `currency:'usd'`, `amount>1000` or `created>=1700000000`.
/// Source: docs.stripe.com/search.
struct SearchQuery: Sendable {
    private enum Clause: Sendable {
        case metadata(key: String, value: String)
        case text(field: String, value: String)
        case number(field: String, comparison: String, value: Int64)
    }
    private var clauses: [Clause] = []

    /// The first metadata clause, for an index.
    var metadata: (key: String, value: String)? {
        for case .metadata(let key, let value) in clauses { return (key, value) }
        return nil
    }

    init(_ text: String) throws(APIFailure) {
        var scanner = Scanner(rest: text[...])
        repeat {
            guard let clause = Self.clause(&scanner) else {
                throw .invalid(
                    "query",
                    "We were unable to parse your search query. Try using the format `metadata[\"key\"]:\"value\"` to "
                        + "query for metadata or key:\"value\" to query for other fields.")
            }
            clauses.append(clause)
        } while scanner.takeConjunction() && clauses.count < 10
        guard scanner.isAtEnd else { throw .invalid("query", "The search query has more than clauses joined by AND.") }
    }

    func matches(_ intent: IntentRecord) -> Bool {
        clauses.allSatisfy { clause in
            switch clause {
            case .metadata(let key, let value): intent.metadata[key] == value
            case .text("status", let value): intent.status.rawValue == value
            case .text("currency", let value): intent.currency == value
            case .text("customer", let value): intent.customer == value
            case .text: false
            case .number(let field, let comparison, let value):
                Self.holds(field == "amount" ? intent.amount : intent.created, comparison, value)
            }
        }
    }

    private static func holds(_ left: Int64, _ comparison: String, _ right: Int64) -> Bool {
        switch comparison {
        case ">": left > right
        case ">=": left >= right
        case "<": left < right
        case "<=": left <= right
        default: left == right
        }
    }

    private static func clause(_ scanner: inout Scanner) -> Clause? {
        guard let field = scanner.takeWord() else { return nil }
        if field == "metadata" {
            guard scanner.take("["), let key = scanner.takeQuoted(), scanner.take("]"), scanner.take(":"),
                let value = scanner.takeQuoted()
            else { return nil }
            return .metadata(key: key, value: value)
        }
        guard ["status", "currency", "customer", "amount", "created"].contains(field) else { return nil }
        guard let comparison = [">=", "<=", ">", "<", ":"].first(where: { scanner.take($0) }) else { return nil }
        if let value = scanner.takeQuoted() {
            return comparison == ":" ? .text(field: field, value: value) : nil
        }
        guard field == "amount" || field == "created", let number = scanner.takeWord().flatMap({ Int64($0) }) else {
            return nil
        }
        return .number(field: field, comparison: comparison, value: number)
    }

    private struct Scanner {
        var rest: Substring

        var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

        mutating func take(_ token: String) -> Bool {
            guard rest.hasPrefix(token) else { return false }
            rest = rest.dropFirst(token.count)
            return true
        }

        mutating func takeWord() -> String? {
            let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(word.count)
            return word.isEmpty ? nil : String(word)
        }

        /// A text in single or double quotes; a backslash takes the next character as it is.
        mutating func takeQuoted() -> String? {
            guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
            var text = ""
            var isEscaped = false
            for (offset, character) in rest.enumerated().dropFirst() {
                if !isEscaped, character == quote {
                    rest = rest.dropFirst(offset + 1)
                    return text
                }
                isEscaped = !isEscaped && character == "\\"
                if !isEscaped { text.append(character) }
            }
            return nil
        }

        mutating func takeConjunction() -> Bool {
            let trimmed = rest.drop { $0 == " " }
            guard trimmed.count < rest.count, trimmed.hasPrefix("AND ") else { return false }
            rest = trimmed.dropFirst(4).drop { $0 == " " }
            return true
        }
    }
}
