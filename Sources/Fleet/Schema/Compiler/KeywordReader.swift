import JSON

/// The known keywords of one schema. Values of the wrong type are noted and read as if they were not there.
struct KeywordReader {
    let pointer: String
    let kind: JSONSchema.Kind?
    private let object: JSONObject

    init(_ document: JSONValue, at pointer: String, _ compiler: inout SchemaCompiler) {
        self.pointer = pointer
        guard case .object(let object) = document else {
            self.object = JSONObject()
            kind = nil
            compiler.refuse(pointer, "expected a schema, which is an object, got \(document.echo)")
            return
        }
        self.object = object
        kind = Self.kind(object, at: pointer, &compiler)
        for member in object.members {
            guard let keyword = Keyword(rawValue: member.name) else {
                compiler.refuse("\(pointer)/\(member.name.pointerToken)", Self.unknown(member.name))
                continue
            }
            if let message = misplacement(of: keyword) { compiler.refuse("\(pointer)/\(keyword.rawValue)", message) }
        }
    }

    private static func kind(
        _ object: JSONObject, at pointer: String, _ compiler: inout SchemaCompiler
    ) -> JSONSchema.Kind? {
        guard let value = object[Keyword.type.rawValue] else { return nil }
        if case .string(let text) = value, let kind = JSONSchema.Kind(rawValue: text) { return kind }
        let names = JSONSchema.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        compiler.refuse("\(pointer)/type", "expected one of \(names), got \(value.echo)")
        return nil
    }

    private static func unknown(_ name: String) -> String {
        let names = Keyword.allCases.map(\.rawValue)
        if let nearest = Suggestion.nearest(to: name, among: names) {
            return "unknown keyword; did you mean \"\(nearest)\"?"
        }
        return "unknown keyword; expected one of \(names.joined(separator: ", "))"
    }

    /// Why a keyword cannot stand here.
    private func misplacement(of keyword: Keyword) -> String? {
        if has(.reference) {
            return keyword == .reference || keyword == .description
                ? nil : "does not go with $ref; only a description may stand beside it"
        }
        if has(.oneOf) { return keyword == .oneOf || keyword.isAnnotation ? nil : "does not go with oneOf" }
        guard let kinds = keyword.kinds else { return nil }
        if let kind {
            return kinds.contains(kind) ? nil : "does not go with type \(kind.rawValue)"
        }
        // What the type should have been is not known when it is wrong.
        if has(.type) || keyword == .enum { return nil }
        return "goes with type \(kinds.map(\.rawValue).joined(separator: " or ")) only, and there is no type"
    }

    func has(_ keyword: Keyword) -> Bool { object[keyword.rawValue] != nil }

    func pointer(_ keyword: Keyword) -> String { "\(pointer)/\(keyword.rawValue)" }

    /// The value as it stands.
    subscript(keyword: Keyword) -> JSONValue? { object[keyword.rawValue] }

    func text(_ keyword: Keyword, _ compiler: inout SchemaCompiler) -> String? {
        read(keyword, "a string", &compiler, \.string)
    }

    func bool(_ keyword: Keyword, _ compiler: inout SchemaCompiler) -> Bool? {
        read(keyword, BoolRule().expectation, &compiler, \.bool)
    }

    func array(_ keyword: Keyword, of what: String, _ compiler: inout SchemaCompiler) -> [JSONValue]? {
        read(keyword, "an array of \(what)", &compiler, \.array)
    }

    /// A length or a count.
    func count(_ keyword: Keyword, _ compiler: inout SchemaCompiler) -> Int? {
        let rule = IntegerRule(range: 0...Int64(Int32.max))
        return read(keyword, rule.expectation, &compiler) { value in
            value.int64.flatMap { rule.range.contains($0) ? Int($0) : nil }
        }
    }

    /// A bound.
    func decimal(_ keyword: Keyword, _ compiler: inout SchemaCompiler) -> ExactDecimal? {
        read(keyword, "a number with an exponent of at most 1000", &compiler) { value in
            guard let number = value.number else { return nil }
            let decimal = ExactDecimal(number)
            return abs(decimal.highest) <= 1000 && abs(decimal.lowest) <= 1000 ? decimal : nil
        }
    }

    func read<T>(
        _ keyword: Keyword, _ expectation: String, _ compiler: inout SchemaCompiler, _ body: (JSONValue) -> T?
    ) -> T? {
        guard let value = self[keyword] else { return nil }
        if let result = body(value) { return result }
        compiler.refuse(pointer(keyword), "expected \(expectation), got \(value.echo)")
        return nil
    }
}
