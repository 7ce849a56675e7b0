import FoundationEssentials
import Stripe
import Worker

/// What Stripe says of a refund.
struct RefundReport: ProviderReport, Sendable, Hashable {
    /// Stripe's id; nil when Stripe made none.
    let stripeId: String?
    /// Our id, when the refund was made here.
    let refundId: UUID?
    let amount: Int64
    let status: RefundStatus
    let reason: String?
    let failureReason: String?
    var call: ProviderCall?

    var word: String { status.rawValue }

    /// The name that refunds carry in Stripe's metadata.
    static let metadataKey = "refund_id"

    init(
        stripeId: String?, refundId: UUID?, amount: Int64, status: RefundStatus, reason: String?, failureReason: String?
    ) {
        self.stripeId = stripeId
        self.refundId = refundId
        self.amount = amount
        self.status = status
        self.reason = reason
        self.failureReason = failureReason
    }

    init(_ refund: Refund) {
        stripeId = refund.id
        refundId = refund.metadata[Self.metadataKey].flatMap { UUID(text: $0) }
        amount = refund.amount
        status =
            switch refund.status {
            case .succeeded: .succeeded
            case .failed: .failed
            case .canceled: .cancelled
            case .pending, .requiresAction, .unknown: .pending
            }
        reason = refund.reason
        failureReason = refund.failureReason
    }

    /// A refund that Stripe refuses to make.
    init(refused refundId: UUID, amount: Int64, because message: String) {
        self.init(
            stripeId: nil, refundId: refundId, amount: amount, status: .failed, reason: nil, failureReason: message)
    }
}
