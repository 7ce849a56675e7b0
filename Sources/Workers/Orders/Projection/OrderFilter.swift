import FoundationEssentials
import Worker

/// Which orders a page shows. Each combination is a statement of its own, so that each has a plan of its own.
struct OrderFilter: Sendable {
    var userId: UUID?
    var status: OrderStatus?
    var createdFrom: Timestamp?
    /// Not included.
    var createdBefore: Timestamp?
    /// An order's id, or words that its products' names and its address have, all of them.
    var text: String?
    /// The last order of the page before.
    var after: UUID?
    var limit: Int64

    /// An id is made before its order is written: by less than the first, or much earlier under an idempotency key that is
    /// used again.
    private static let clockSkew = Duration.seconds(3_600)
    private static let longestRetry = Duration.seconds(7 * 24 * 3_600)

    /// One more row than the page has tells whether there is another page.
    var query: Query {
        var source = "orders o"
        var conditions: [String] = []
        var parameters: [Parameter] = [.int(limit + 1)]
        func add(_ condition: String, _ parameter: Parameter) {
            parameters.append(parameter)
            conditions.append("\(condition) $\(parameters.count)")
        }
        if let after { add("o.id <", .uuid(after)) }
        if let userId { add("o.user_id =", .uuid(userId)) }
        if let status { add("o.status =", .text(status.rawValue)) }
        if let createdFrom {
            add("o.created_at >=", .timestamp(createdFrom.microseconds))
            add("o.id >=", .uuid(UUID(firstOf: createdFrom - Self.longestRetry)))
        }
        if let createdBefore {
            add("o.created_at <", .timestamp(createdBefore.microseconds))
            add("o.id <", .uuid(UUID(firstOf: createdBefore + Self.clockSkew)))
        }
        if let text {
            if let id = UUID(text: text) {
                add("o.id =", .uuid(id))
            } else {
                source += " JOIN order_search s ON s.order_id = o.id"
                parameters.append(.text(text))
                conditions.append("s.words @@ plainto_tsquery('simple', $\(parameters.count))")
            }
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return Query(
            Statement("SELECT o.id, o.document FROM \(source)\(filter) ORDER BY o.id DESC LIMIT $1"),
            parameters: parameters)
    }

    /// The page: documents as they are stored, and the cursor of the next one where there is one.
    @Reactor
    func page(_ context: Context) async throws -> Reply {
        let rows = try await context.database.query(query, deadline: context.deadline.instant)
        let shown = rows.prefix(Int(limit))
        return Reply(
            try JSONWriter.object(capacity: 1_024 * (shown.count + 1)) { json in
                try json.array("orders") { json in
                    for row in shown { json.raw(try row.bytes(1)) }
                }
                if rows.count > shown.count, let last = shown.last { json.field("next", try last.uuid(0)) }
            })
    }
}

extension UUID {
    /// The lowest time-ordered id of a moment.
    fileprivate init(firstOf moment: Timestamp) {
        let milliseconds = UInt64(clamping: max(0, moment.milliseconds)) << 16 | 0x7000
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { $0.storeBytes(of: milliseconds.bigEndian, as: UInt64.self) }
        self.init(uuid: bytes)
    }
}
