import FoundationEssentials
import Worker

/// What payments knows of an order: a row of `order_accounts`.
struct Account: Sendable, Hashable {
    let orderId: UUID
    let userId: UUID
    let amount: Money
    var state: AccountState
    var currentPaymentId: UUID?
    var failures: Int64
    /// Of the last event.
    var version: Int64
    /// Of the row.
    let revision: Int64
    /// Whether PAYMENT_VOIDED was told.
    var isVoided = false

    /// Whether a payment that has succeeded now may pay the order.
    func takes(_ paymentId: UUID) -> Bool {
        switch state {
        case .open: true
        case .paying: currentPaymentId == paymentId
        case .paid, .failed, .cancelled: false
        }
    }
}
