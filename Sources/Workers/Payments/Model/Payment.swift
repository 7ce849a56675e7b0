import FoundationEssentials
import Worker

/// A row of `payments`, with what was given back of it.
struct Payment: Sendable, Hashable {
    let id: UUID
    let amount: Money
    let paymentMethod: String
    let createdAt: Timestamp
    /// How often the reconciler has looked at it.
    let checks: Int64
    var intentId: String?
    var status: PaymentStatus
    var failure: PaymentFailure?
    var isUnwanted: Bool
    var cancelWanted: Bool
    /// Minor units whose refunds have succeeded.
    var refunded: Int64
    /// Minor units whose refunds are on their way.
    var refunding: Int64
    /// Minor units that the customer's bank has taken back.
    var disputed: Int64 = 0

    /// Minor units that could still be given back.
    var remaining: Int64 { max(0, amount.minorUnits - refunded - refunding - disputed) }

    /// Whether none of the order's money is here, or can still come.
    var isSettled: Bool {
        !cancelWanted && !status.isOpen && (status != .succeeded || refunded + disputed >= amount.minorUnits)
    }
}

/// A row of `payment_attempts`: what is posted to Stripe, and under which key.
struct PaymentAttempt: Sendable, Hashable {
    let key: String
    let customer: String?
    let returnURL: String?
    let providerFailures: Int64
    let createdAt: Timestamp
    let postedAt: Timestamp

    /// Stripe forgets keys after 24 hours; under a forgotten one it would charge again. The hour is for the clocks.
    static let keyLifetime = Duration.seconds(23 * 3_600)

    func isKeyFresh(at now: Timestamp) -> Bool { now - createdAt < Self.keyLifetime }
}
