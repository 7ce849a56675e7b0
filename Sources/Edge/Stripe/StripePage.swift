/// One page of a list, newest first.
public struct StripePage<Element: Sendable>: Sendable {
    public var elements: [Element]
    /// True when older elements follow; ask for them with the last element's id as `startingAfter`.
    public var hasMore: Bool
}

extension StripePage: Decodable where Element: Decodable {
    private enum CodingKeys: String, CodingKey {
        case elements = "data"
        case hasMore = "has_more"
    }
}
