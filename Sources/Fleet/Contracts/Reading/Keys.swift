import Yams

/// A mapping with fixed keys, read key by key. What nobody asked for is unknown.
struct Keys {
    private let entry: Entry
    private let pairs: [(key: String, keyMark: Mark?, value: Entry)]
    private var asked: [String] = []

    /// Nil, noted, when there is no mapping.
    init?(_ entry: Entry, _ expected: String) {
        guard let pairs = entry.pairs(expected) else { return nil }
        self.entry = entry
        self.pairs = pairs
    }

    mutating func optional(_ key: String) -> Entry? {
        asked.append(key)
        return pairs.first { $0.key == key }?.value
    }

    mutating func required(_ key: String, _ expected: String) -> Entry? {
        let value = optional(key)
        if value == nil { entry.fail("the key \"\(key)\" is missing; expected \(expected)") }
        return value
    }

    /// Notes every key that was not asked for.
    func finish() {
        for pair in pairs where !asked.contains(pair.key) {
            let suggestion = Suggestion.text(pair.key, asked)
            let help = suggestion.isEmpty ? "; known are \(asked.joined(separator: ", "))" : suggestion
            entry.file.fail(pair.value.path, pair.keyMark, "unknown key\(help)")
        }
    }
}
