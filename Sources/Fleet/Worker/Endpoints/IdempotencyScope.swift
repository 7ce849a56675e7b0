import Crypto
import JSON
import Postgres

/// One use of an idempotency key: whose key, for what, with which request.
///
/// The row is written in the transaction of the effect. A second request under the key then finds it, whichever instance
/// it reaches, and gets the first answer; two at once collide in the primary key.
struct IdempotencyScope: Sendable {
    /// Caller and subject: keys of different callers never meet.
    let scope: String
    let key: String
    /// SHA-256 of the request's body: the same key with another body is refused.
    let fingerprint: [UInt8]

    init(subject: String, caller: Caller, key: String, body: [UInt8]) {
        scope = "\(subject) \(caller.header ?? "internal")"
        self.key = key
        fingerprint = Array(SHA256.hash(data: body))
    }

    private static let insert: Statement = """
        INSERT INTO idempotency_keys (scope, key, fingerprint, status, body) VALUES ($1, $2, $3, $4, $5)
        """
    private static let select: Statement = """
        SELECT fingerprint, status, body FROM idempotency_keys WHERE scope = $1 AND key = $2
        """

    /// How long a reply is remembered: longer than clients retry.
    static let forget: Statement = """
        DELETE FROM idempotency_keys WHERE (scope, key) IN (
            SELECT scope, key FROM idempotency_keys WHERE created_at < now() - interval '48 hours'
            ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """

    /// Keeps the table from growing for ever.
    static let forgetting = PeriodicTask("idempotency keys", every: .seconds(300)) { context in
        try await context.query(forget).affected == 1_000
    }

    func recording(_ reply: Reply) -> Query {
        Query(
            Self.insert, .text(scope), .text(key), .bytes(fingerprint), .int(Int64(reply.status ?? 0)),
            .bytes(reply.body))
    }

    /// The answer that was given under this key, if one was.
    /// - Throws: 422 when it was given to another request.
    @Reactor
    func recorded(in database: PostgresPool, deadline: Deadline) async throws -> Reply? {
        let rows = try await database.query(
            Query(Self.select, .text(scope), .text(key)), deadline: deadline.instant)
        guard let row = rows.first else { return nil }
        guard try row.bytes(0) == fingerprint else {
            throw ServiceError(
                422, "idempotency-key-reused",
                "the idempotency key \(key.debugDescription) was used for a request with another body")
        }
        let status = try Int(row.int(1))
        return Reply(status: status == 0 ? nil : status, body: try row.bytes(2))
    }

    /// 64 hexadecimal digits, so that it fits whatever the length of the caller's key.
    func derivedKey(for subject: String) -> String {
        SHA256.hash(data: Array("\(scope)\n\(key)\n\(subject)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
