import FoundationEssentials
import Worker

/// Tells the staff once a period what could not be delivered in the one before. Its event is the period: whichever instance is
/// first writes the rows, the others find them there.
struct FailureDigest: Sendable {
    let intake: Intake
    let period: Duration

    private static let isWritten: Statement = "SELECT 1 FROM notifications WHERE event_id = $1 LIMIT 1"
    /// Digests that failed are not told of: they would never end.
    private static let failures: Statement = """
        SELECT template, channel, left(coalesce(error, ''), 200), count(*) FROM notifications
        WHERE failed_at >= $1 AND failed_at < $2 AND template <> 'digest'
        GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 50
        """

    func task(_ nudge: @escaping @Reactor @Sendable (Context) -> Void) -> PeriodicTask {
        PeriodicTask("digest", every: min(period / 4, .seconds(60))) { context in
            if try await write(context, now: .now()) { nudge(context) }
            return false
        }
    }

    /// - Returns: whether there was something to tell that nobody had told yet.
    @Reactor
    func write(_ context: Context, now: Timestamp) async throws -> Bool {
        guard !intake.staff.isEmpty else { return false }
        let length = max(1, Int64(period / .microseconds(1)))
        let end = now.microseconds / length * length
        let start = end - length
        let eventId = UUID(hashing: "digest", String(start), String(length))
        let results = try await context.database.batch(
            [
                Query(Self.isWritten, .uuid(eventId)),
                Query(Self.failures, .timestamp(start), .timestamp(end)),
            ], deadline: context.deadline.instant)
        guard results[0].isEmpty, !results[1].isEmpty else { return false }
        let notice = try notice(results[1], from: start, to: end)
        guard let insertion = intake.insertion(of: notice, eventId: eventId, at: Timestamp(microseconds: end)) else {
            return false
        }
        return try await context.database.query(insertion, deadline: context.deadline.instant).affected > 0
    }

    private func notice(_ rows: Rows, from start: Int64, to end: Int64) throws -> Notice {
        var total: Int64 = 0
        let groups = try rows.map { row -> JSONValue in
            total += try row.int(3)
            let reason = try row.text(2)
            return [
                "template": .string(try row.text(0)), "channel": .string(try row.text(1)),
                "reason": .string(reason.isEmpty ? "no reason was given" : reason),
                "count": .string("\(try row.int(3))"),
            ]
        }
        var data = JSONObject()
        data["count"] = .string("\(total)")
        data["from"] = .string(Timestamp(microseconds: start).forPeople)
        data["to"] = .string(Timestamp(microseconds: end).forPeople)
        data["groups"] = .array(groups)
        return Notice(.digest, to: .staff, data)
    }
}
