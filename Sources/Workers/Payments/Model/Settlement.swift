import FoundationEssentials
import Worker

/// What a report of Stripe makes of a payment and its order's account. Pure: the same books and the same report give the same
/// settlement, whoever brings the report, and in whatever order.
struct Settlement: Sendable {
    enum Told: Sendable, Hashable {
        case confirmed
        case failed(PaymentFailure)
        case actionRequired
    }

    /// As they are afterwards; equal to those before when nothing changes.
    private(set) var books: Books
    /// The event that is appended.
    private(set) var told: Told?
    /// Why all that is left of the payment goes back.
    private(set) var refundReason: RefundReason?
    /// Tells that nothing of a cancelled order's money is left.
    private(set) var voided: NewEvent?
    let isChange: Bool

    /// - Parameter maxAttempts: how many payments may fail before the order is given up.
    init(_ before: Books, _ report: IntentReport, maxAttempts: Int) {
        books = before
        // A second intent of the same payment is never made here; nobody else's is taken for ours.
        guard before.payment.intentId == nil || report.intentId == nil || before.payment.intentId == report.intentId
        else {
            isChange = false
            return
        }
        var next = before
        next.payment.intentId = before.payment.intentId ?? report.intentId
        var told: Told?
        var refundReason: RefundReason?
        switch PaymentStateMachine(status: before.payment.status).move(on: report) {
        case .stay, .ask: break
        case .become(.succeeded): (told, refundReason) = next.succeed()
        case .become(.failed):
            guard case .failed(let failure) = report.standing else { break }
            told = next.fail(.failed, failure, maxAttempts: maxAttempts)
        case .become(.cancelled): told = next.fail(.cancelled, .cancelledAtProvider, maxAttempts: maxAttempts)
        case .become(let status):
            next.payment.status = status
            if next.account.state == .cancelled {
                next.payment.cancelWanted = true
            } else if status == .requiresAction {
                told = .actionRequired
            }
        }
        // An intent that is gone needs no cancelling.
        if report.standing == .cancelled || report.standing == .succeeded { next.payment.cancelWanted = false }
        if told != nil { next.account.version += 1 }
        isChange = next != before
        if isChange { voided = next.tellVoid() }
        books = next
        self.told = told
        self.refundReason = refundReason
    }
}

extension Books {
    /// The money is there.
    fileprivate mutating func succeed() -> (Settlement.Told?, RefundReason?) {
        // Refunds may be heard of before the payment that they are of.
        payment.status = payment.refunded >= payment.amount.minorUnits ? .refunded : .succeeded
        payment.failure = nil
        guard account.takes(payment.id) else {
            payment.isUnwanted = true
            let isDuplicate = account.state == .paid || account.state == .paying
            return (nil, isDuplicate ? .duplicate : .orderCancelled)
        }
        account.state = .paid
        account.currentPaymentId = payment.id
        return (.confirmed, nil)
    }

    /// There will be no money.
    fileprivate mutating func fail(
        _ status: PaymentStatus, _ failure: PaymentFailure, maxAttempts: Int
    ) -> Settlement.Told? {
        // Whoever holds the intent's secret could try it again with another card; a cancelled intent takes none.
        if payment.status == .requiresAction, status == .failed { payment.cancelWanted = true }
        // What Stripe never made, it need not cancel.
        if failure.kind == .notMade { payment.cancelWanted = false }
        payment.status = status
        payment.failure = failure
        guard account.state == .paying, account.currentPaymentId == payment.id else { return nil }
        account.currentPaymentId = nil
        account.state = .open
        guard failure.kind == .declined else { return nil }
        account.failures += 1
        guard account.failures >= maxAttempts else { return nil }
        account.state = .failed
        return .failed(failure)
    }
}
