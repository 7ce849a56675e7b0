import FoundationEssentials
import Worker

/// What is to be done so that no payment of an order captures any more and what was captured goes back. Pure, but for the ids
/// that it gives; planned again on what came of it, it finds nothing left to do.
struct VoidPlan: Sendable {
    enum State: String, Sendable, JSONWritable {
        /// Stripe has not said yet that all intents are closed and all refunds are through.
        case voiding
        case voided
    }

    /// A payment of the order: a row of `payment_standings`.
    struct Standing: Sendable, Hashable {
        let id: UUID
        let amount: Int64
        let status: PaymentStatus
        let cancelWanted: Bool
        let refunded: Int64
        let refunding: Int64
        let disputed: Int64
        let isSettled: Bool

        /// Captured, and neither back nor on its way back.
        var owed: Int64 { status == .succeeded ? max(0, amount - refunded - refunding - disputed) : 0 }
    }

    /// As it is afterwards.
    private(set) var account: Account
    let state: State
    /// Minor units that have gone back by now.
    let refunded: Int64
    /// Tells that the order is void; nil when it is not, or that was told before.
    private(set) var event: NewEvent?
    private let refunds: [(paymentId: UUID, amount: Int64)]
    private let isChange: Bool
    /// Whether intents are to be closed at Stripe.
    let cancelsIntents: Bool

    var hasRefunds: Bool { !refunds.isEmpty }

    init(_ before: Account, _ payments: [Standing]) {
        account = before
        account.state = .cancelled
        refunded = payments.reduce(0) { $0 + $1.refunded }
        state = payments.allSatisfy(\.isSettled) ? .voided : .voiding
        refunds = payments.filter { $0.owed > 0 }.map { ($0.id, $0.owed) }
        cancelsIntents = payments.contains { $0.status.isOpen && !$0.cancelWanted }
        if state == .voided, !before.isVoided { event = account.tellVoided(refunded: refunded) }
        isChange = before != account || !refunds.isEmpty || cancelsIntents
    }

    /// Due at once.
    private static let cancelOpen: Statement = """
        UPDATE payments SET cancel_wanted = true, next_check_at = now(), updated_at = now()
        WHERE order_id = $1 AND status IN ('pending', 'processing', 'requires_action')
        """

    /// Committed together; none when there is nothing to do.
    var queries: [Query] {
        guard isChange else { return [] }
        var queries = [account.update()]
        if cancelsIntents { queries.append(Query(Self.cancelOpen, .uuid(account.orderId))) }
        queries += refunds.map { RefundRow.insertion(of: $0.amount, paymentId: $0.paymentId, .orderCancelled) }
        return queries
    }
}
