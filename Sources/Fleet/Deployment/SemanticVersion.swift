/// The three numbers of a version (semver.org 2.0) and whether it is a pre-release.
struct SemanticVersion: Comparable {
    private let numbers: [Int]
    private let preRelease: [Substring]

    /// Of a text that the contract's reader has accepted.
    init(_ text: String) {
        let core = text.split(separator: "+", maxSplits: 1).first ?? ""
        let parts = core.split(separator: "-", maxSplits: 1)
        let numbers = (parts.first ?? "").split(separator: ".").map { Int($0) ?? .max }
        self.numbers = (0..<3).map { numbers.indices.contains($0) ? numbers[$0] : 0 }
        preRelease = parts.count > 1 ? parts[1].split(separator: ".") : []
    }

    /// Whether the step from an earlier version announces that something breaks.
    func mayBreak(_ earlier: SemanticVersion) -> Bool {
        numbers[0] > earlier.numbers[0] || numbers[0] == 0 && numbers[1] > earlier.numbers[1]
    }

    /// The least version that announces it.
    var next: String { numbers[0] == 0 ? "0.\(numbers[1] + 1).0" : "\(numbers[0] + 1).0.0" }

    static func < (one: SemanticVersion, other: SemanticVersion) -> Bool {
        if one.numbers != other.numbers { return one.numbers.lexicographicallyPrecedes(other.numbers) }
        // A pre-release comes before its release.
        if one.preRelease.isEmpty || other.preRelease.isEmpty {
            return !one.preRelease.isEmpty && other.preRelease.isEmpty
        }
        for (left, right) in zip(one.preRelease, other.preRelease) where left != right {
            switch (Int(left), Int(right)) {
            case (let left?, let right?): return left < right
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return left < right
            }
        }
        return one.preRelease.count < other.preRelease.count
    }
}
