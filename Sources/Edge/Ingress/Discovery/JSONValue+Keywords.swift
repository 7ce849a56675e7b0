import JSON

extension JSONValue {
    /// Keywords that are left out of every schema of a service. `pattern`: a regular expression that backtracks without
    /// end would stop whoever tries it on the schema's own examples; the service holds requests against it, not the
    /// ingress. The others only tell people something.
    static let keywordsWithoutEffect: Set<String> = ["pattern", "$schema", "$comment"]
    /// Those, and all others without an effect on what fits: what is wrong with them is no reason to do without the
    /// schema.
    static let annotations = keywordsWithoutEffect.union(["title", "deprecated", "examples", "default"])

    static let maxDigits = 40
    /// Above and below zero.
    static let maxExponent = 300

    /// This schema without these keywords, and without annotations that have unreadable numbers, in all schemas within it, too. Examples and names of properties may be
    /// spelled like keywords, so only values of keywords are looked into.
    func schema(without keywords: Set<String>) -> JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.compactMap { member in
                    guard !keywords.contains(member.name),
                        !Self.annotations.contains(member.name) || member.value.hasReadableNumbers
                    else { return nil }
                    let value: JSONValue
                    switch (member.name, member.value) {
                    case ("properties", .object(let properties)):
                        value = .object(
                            JSONObject(
                                properties.members.map {
                                    .init(name: $0.name, value: $0.value.schema(without: keywords))
                                }))
                    case ("oneOf", .array(let schemas)):
                        value = .array(schemas.map { $0.schema(without: keywords) })
                    case ("items", let schema), ("additionalProperties", let schema):
                        value = schema.schema(without: keywords)
                    default: value = member.value
                    }
                    return JSONObject.Member(name: member.name, value: value)
                }))
    }

    /// Whether whoever reads the documents can be expected to read each number in it: it has few digits, and an
    /// exponent that a double has, too.
    private var hasReadableNumbers: Bool {
        switch self {
        case .object(let object): object.members.allSatisfy(\.value.hasReadableNumbers)
        case .array(let elements): elements.allSatisfy(\.hasReadableNumbers)
        case .number(let number): Self.isReadable(number.text)
        default: true
        }
    }

    private static func isReadable(_ number: String) -> Bool {
        let parts = number.split(maxSplits: 1) { $0 == "e" || $0 == "E" }
        guard let digits = parts.first, digits.utf8.count(where: { 0x30...0x39 ~= $0 }) <= maxDigits else {
            return false
        }
        guard parts.count > 1 else { return true }
        return Int(parts[1]).map { abs($0) <= maxExponent } ?? false
    }
}
