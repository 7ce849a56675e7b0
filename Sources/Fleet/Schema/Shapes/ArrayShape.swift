/// What `type: array` says. A class, because a table hands it out for each value that is checked.
final class ArrayShape: Sendable {
    /// Nil takes any element.
    let items: SchemaIndex?
    let fewest: Int
    let most: Int?

    init(items: SchemaIndex?, fewest: Int, most: Int?) {
        self.items = items
        self.fewest = fewest
        self.most = most
    }
}
