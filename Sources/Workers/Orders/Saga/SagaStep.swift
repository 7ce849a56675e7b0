import FoundationEssentials
import Worker

/// What a participant has to do after an order was confirmed or cancelled. Participants act on the order's events; their
/// own events finish the steps.
enum SagaStep: String, CaseIterable, JSONWritable {
    case commitStock = "commit-stock"
    case releaseStock = "release-stock"
    case voidPayment = "void-payment"

    enum End: String {
        /// The participant's event came.
        case event
        /// The participant said so when it was called.
        case call
        case superseded
    }

    private static let open: Statement = """
        INSERT INTO saga_steps (order_id, step, due_at)
        SELECT $1, step, now() + $3 * interval '1 microsecond' FROM unnest($2) AS step ON CONFLICT DO NOTHING
        """
    private static let finish: Statement = """
        UPDATE saga_steps SET done_at = now(), done_by = $3, error = NULL
        WHERE order_id = $1 AND step = $2 AND done_at IS NULL
        """
    private static let hasten: Statement = """
        UPDATE saga_steps SET due_at = now() WHERE order_id = $1 AND step = $2 AND done_at IS NULL AND attempts = 0
        """
    private static let fail: Statement = """
        UPDATE saga_steps SET error = $3 WHERE order_id = $1 AND step = $2 AND done_at IS NULL
        """

    static func opening(_ steps: [SagaStep], of orderId: UUID, dueIn limit: Duration) -> Query {
        Query(open, .uuid(orderId), .texts(steps.map(\.rawValue)), .int(limit.microseconds))
    }

    static func finishing(_ step: SagaStep, of orderId: UUID, by end: End) -> Query {
        Query(finish, .uuid(orderId), .text(step.rawValue), .text(end.rawValue))
    }

    /// There is no need for it any more.
    static func superseding(_ step: SagaStep, of orderId: UUID) -> Query {
        finishing(step, of: orderId, by: .superseded)
    }

    /// Makes it due at once.
    static func hastening(_ step: SagaStep, of orderId: UUID) -> Query {
        Query(hasten, .uuid(orderId), .text(step.rawValue))
    }

    static func failing(_ step: SagaStep, of orderId: UUID, _ error: String) -> Query {
        Query(fail, .uuid(orderId), .text(step.rawValue), .text(String(error.prefix(500))))
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
