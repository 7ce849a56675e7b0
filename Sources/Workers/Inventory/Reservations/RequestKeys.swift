import Worker

/// Forgets under which keys reservations were asked for, once nobody repeats those requests any more.
enum RequestKeys {
    private static let batch = 1_000

    /// Later than the worker runtime forgets the replies to requests: what is still answered from there is known here.
    static let forget: Statement = """
        UPDATE reservations SET request_key = NULL WHERE order_id IN (
            SELECT order_id FROM reservations
            WHERE request_key IS NOT NULL AND created_at < now() - interval '49 hours'
            ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """

    static let forgetting = PeriodicTask("request keys", every: .seconds(300)) { context in
        try await context.query(forget).affected == batch
    }
}
