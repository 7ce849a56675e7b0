import FoundationEssentials
import Worker

/// Writes down how attempts ended: all of a batch in one statement.
///
/// A message that is given up becomes a dead letter in the same statement, so that it is found where all that was given up is.
struct DeliveryRecord: Sendable {
    let message: DueMessage
    let outcome: DeliveryOutcome
    /// Where it went.
    var address: String?

    /// With ``pause_ms(after:)`` about a day.
    static let attempts: Int64 = 56

    /// A row that is not pending, or that somebody else has claimed since, is left as it is.
    private static let mark: Statement = """
        WITH outcome AS (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::uuid[])
                AS o(id, attempt, status, address, reason, pause_ms, letter)
        ), marked AS (
            UPDATE notifications n SET
                status = o.status,
                sent_at = CASE WHEN o.status = 'sent' THEN now() END,
                failed_at = CASE WHEN o.status = 'failed' THEN now() END,
                recipient = coalesce(nullif(o.address, ''), n.recipient),
                error = nullif(o.reason, ''),
                next_attempt_at = now() + o.pause_ms * interval '1 millisecond'
            FROM outcome o WHERE n.id = o.id AND n.status = 'pending' AND n.attempts = o.attempt
            RETURNING n.*, o.letter
        )
        INSERT INTO dead_letters
            (id, stream, subject, consumer, event_id, aggregate_id, body, headers, error, deliveries)
        SELECT letter, 'notifications', template, 'notifications:' || channel, event_id, order_id,
               convert_to(coalesce(data::text, ''), 'UTF8'),
               jsonb_build_object('notificationId', id, 'userId', user_id), coalesce(error, ''),
               earlier_attempts + attempts
        FROM marked WHERE status = 'failed'
        """

    /// Nil when there is nothing to write down.
    static func marking(_ records: [DeliveryRecord]) -> Query? {
        let records = records.filter { $0.outcome != .untried }
        guard !records.isEmpty else { return nil }
        return Query(
            mark, .uuids(records.map(\.message.id)), .ints(records.map(\.message.attempt)),
            .texts(records.map(\.status)), .texts(records.map { $0.address ?? "" }),
            .texts(records.map { String($0.reason.prefix(1_000)) }),
            .ints(records.map { Self.pause_ms(after: $0.message.attempt) }), .uuids(records.map { _ in UUIDv7.next() }))
    }

    private var status: String {
        switch outcome {
        case .sent: "sent"
        case .skipped: "skipped"
        case .failed: message.attempt < Self.attempts ? "pending" : "failed"
        case .refused: "failed"
        case .untried: "pending"
        }
    }

    private var reason: String {
        switch outcome {
        case .sent, .untried: ""
        case .skipped(let reason), .failed(let reason), .refused(let reason): MailText.cleaned(reason)
        }
    }

    /// One second, doubling to half an hour, with jitter.
    static func pause_ms(after attempt: Int64) -> Int64 {
        let longest = min(1_800_000, Int64(1_000) << min(max(attempt - 1, 0), 20))
        return .random(in: longest * 3 / 4...longest * 5 / 4)
    }
}
