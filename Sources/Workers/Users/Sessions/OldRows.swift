import Worker

/// Forgets what has no use any more: sessions and tokens some time after their end, counts of tries.
enum OldRows {
    private static let limit: Int64 = 1_000

    private static let statements: [Statement] = [
        """
        DELETE FROM user_sessions WHERE id IN (
            SELECT id FROM user_sessions WHERE expires_at < now() - interval '7 days' LIMIT $1 FOR UPDATE SKIP LOCKED)
        """,
        """
        DELETE FROM account_tokens WHERE id IN (
            SELECT id FROM account_tokens WHERE expires_at < now() - interval '7 days' LIMIT $1 FOR UPDATE SKIP LOCKED)
        """,
        """
        DELETE FROM attempts WHERE subject IN (
            SELECT subject FROM attempts WHERE updated_at < now() - interval '1 day' AND blocked_until < now()
            LIMIT $1 FOR UPDATE SKIP LOCKED)
        """,
    ]

    static func task(every pause: Duration) -> PeriodicTask {
        PeriodicTask("old sessions, tokens and tries", every: pause) { context in
            var isMore = false
            for statement in statements {
                if try await context.query(statement, .int(limit)).affected == limit { isMore = true }
            }
            return isMore
        }
    }
}
