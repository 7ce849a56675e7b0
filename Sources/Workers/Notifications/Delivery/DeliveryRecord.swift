import FoundationEssentials
import Worker

/// How an attempt at one notification ended, and what that does to its row.
enum DeliveryRecord: Sendable {
    case sent(to: String)
    /// There is nobody to write to.
    case skipped(reason: String)
    /// Comes again after a pause, a limited number of times.
    case failed(reason: String)

    /// Pauses add up to more than an hour.
    static let attempts: Int64 = 20

    private static let send: Statement = """
        UPDATE notifications SET status = 'sent', sent_at = now(), recipient = $2, error = NULL
        WHERE id = $1 AND status = 'pending'
        """
    private static let skip: Statement = """
        UPDATE notifications SET status = 'skipped', error = $2 WHERE id = $1 AND status = 'pending'
        """
    private static let fail: Statement = """
        UPDATE notifications SET next_attempt_at = now() + $3 * interval '1 millisecond', error = $2,
            status = CASE WHEN attempts < $4 THEN 'pending' ELSE 'failed' END
        WHERE id = $1 AND status = 'pending'
        """

    func query(for mail: PendingMail) -> Query {
        switch self {
        case .sent(let address): Query(Self.send, .uuid(mail.id), .text(address))
        case .skipped(let reason): Query(Self.skip, .uuid(mail.id), .text(reason))
        case .failed(let reason):
            Query(
                Self.fail, .uuid(mail.id), .text(String(reason.prefix(1_000))),
                .int(Self.pause_ms(after: mail.attempt)), .int(Self.attempts))
        }
    }

    /// One second, doubling to five minutes, with jitter.
    static func pause_ms(after attempt: Int64) -> Int64 {
        let longest = min(300_000, Int64(1_000) << min(max(attempt - 1, 0), 20))
        return .random(in: longest / 2...longest)
    }
}
