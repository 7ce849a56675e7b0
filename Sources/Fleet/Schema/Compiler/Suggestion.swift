/// Helps with names that are slightly wrong.
enum Suggestion {
    /// The name that was probably meant; nil when none is close.
    static func nearest(to wrong: String, among names: some Sequence<String>) -> String? {
        let close = names.map { (name: $0, distance: distance(wrong.lowercased(), $0.lowercased())) }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        guard let close, close.distance <= max(1, min(3, wrong.utf8.count / 3)) else { return nil }
        return close.name
    }

    /// Insertions, deletions and replacements of bytes that make one of the other; names beyond 64 bytes are cut.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.utf8.prefix(64)), Array(other.utf8.prefix(64)))
        var row = Array(0...other.count)
        for (line, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in other.indices {
                let replaced = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
