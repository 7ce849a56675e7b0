/// Guesses what was meant by a wrong name.
enum Suggestion {
    /// `; did you mean "access"?`, or nothing when none of the names is close.
    static func text(_ wrong: String, _ names: [String]) -> String {
        let close = names.map {
            (name: $0, distance: distance(Array(wrong.lowercased().utf8), Array($0.lowercased().utf8)))
        }
        .min { $0.distance < $1.distance }
        guard let close, close.distance <= max(1, min(3, wrong.utf8.count / 3)) else { return "" }
        return "; did you mean \"\(close.name)\"?"
    }

    /// Levenshtein: letters to insert, delete or replace.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        guard one.count <= 128, other.count <= 128 else { return .max }
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[other.count]
    }
}
