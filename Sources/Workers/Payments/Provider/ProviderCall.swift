import FoundationEssentials
import Worker

/// One call to Stripe and what came of it: a row of `provider_calls`.
struct ProviderCall: Sendable, Hashable {
    enum Name: String, Sendable {
        case create, retrieve, find, cancel, refund
        case retrieveRefund = "retrieve-refund"
    }

    let name: Name
    let beganAt: Timestamp
    let endedAt: Timestamp
    /// What Stripe said, or why it said nothing.
    let outcome: String
    var refundId: UUID?

    private static let insert: Statement = """
        INSERT INTO provider_calls (payment_id, refund_id, name, outcome, began_at, ended_at, trace)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """

    func insertion(of paymentId: UUID, trace: String?) -> Query {
        Query(
            Self.insert, .uuid(paymentId), .uuid(refundId), .text(name.rawValue), .text(outcome),
            .timestamp(beganAt.microseconds), .timestamp(endedAt.microseconds), .text(trace))
    }
}

/// What Stripe says, and the call that it was said in.
protocol ProviderReport {
    /// Nil when a webhook brought it.
    var call: ProviderCall? { get set }
    /// In one word.
    var word: String { get }
}
