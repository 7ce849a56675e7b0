/// Ids in the order of their creation, with the place of each, so that a page of a list starts without a search.
struct CreationOrder {
    private(set) var ids: ArraySlice<String> = []
    private var places: [String: Int] = [:]

    mutating func append(_ id: String) {
        places[id] = ids.endIndex
        ids.append(id)
    }

    mutating func removeFirst() -> String? {
        guard let id = ids.popFirst() else { return nil }
        places[id] = nil
        return id
    }

    /// Ids from the newest to the oldest.
    /// - Parameter after: where to start, exclusive; nil means with the newest.
    /// - Returns: nil when `after` is not known.
    func newestFirst(after: String?) -> ReversedCollection<ArraySlice<String>>? {
        guard let after else { return ids.reversed() }
        guard let place = places[after] else { return nil }
        return ids[ids.startIndex..<place].reversed()
    }

    /// Ids that came after `id`, from the oldest to the newest; nil when `id` is not known.
    func newer(than id: String) -> ArraySlice<String>? {
        places[id].map { ids[($0 + 1)...] }
    }
}
