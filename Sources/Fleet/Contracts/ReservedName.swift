/// Names that the fleet keeps for itself.
enum ReservedName {
    private static let all = ["flotilla", "ingress", "operator"]

    /// For messages.
    static let list = "flotilla, ingress or operator"

    static func isReserved(_ name: String) -> Bool { all.contains(name) }
}
