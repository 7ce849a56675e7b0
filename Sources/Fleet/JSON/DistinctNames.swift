/// Finds a repeated member name. Few names are compared one by one; more go to a set, so that a hostile object with
/// thousands of members costs no quadratic time.
struct DistinctNames {
    private static let fewest = 16
    private var set: Set<String>?

    /// False when one of the members has that name already.
    @inline(__always)
    mutating func insert(_ name: String, after members: [JSONObject.Member]) -> Bool {
        if members.count < Self.fewest {
            for index in members.indices where members[index].name == name { return false }
            return true
        }
        return insertIntoSet(name, after: members)
    }

    @inline(never)
    private mutating func insertIntoSet(_ name: String, after members: [JSONObject.Member]) -> Bool {
        if set == nil { set = Set(members.map(\.name)) }
        return set?.insert(name).inserted ?? false
    }
}
