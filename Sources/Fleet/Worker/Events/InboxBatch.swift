import FoundationEssentials

/// Sorts the deliveries of one batch by what their aggregates' cursors say. Pure: no database, no broker.
struct InboxBatch {
    /// In order within each aggregate; each is the version after the one before.
    private(set) var applicable: [Int] = []
    /// Versions whose effects are committed already.
    private(set) var duplicates: [Int] = []
    /// Versions whose predecessors have not come yet.
    private(set) var early: [Int] = []
    /// Where the cursors are once `applicable` has been applied; only those that move.
    private(set) var moved: [UUID: Int64] = [:]

    /// - Parameters:
    ///   - events: aggregate and version of each delivery.
    ///   - cursors: the last applied version; 0 for an aggregate that is not there.
    init(_ events: [(aggregateId: UUID, version: Int64)], cursors: [UUID: Int64]) {
        let byVersion = events.indices.sorted { events[$0].version < events[$1].version }
        for index in byVersion {
            let (aggregate, version) = events[index]
            let cursor = moved[aggregate] ?? cursors[aggregate] ?? 0
            if version <= cursor {
                duplicates.append(index)
            } else if version == cursor + 1 {
                applicable.append(index)
                moved[aggregate] = version
            } else {
                early.append(index)
            }
        }
    }
}
