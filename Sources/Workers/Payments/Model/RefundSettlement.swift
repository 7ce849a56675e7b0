import FoundationEssentials
import Worker

/// What a report of Stripe makes of a refund, its payment and its order's account. Pure, but for the ids that it gives.
struct RefundSettlement: Sendable {
    private(set) var books: Books
    /// As it is afterwards; nil when nothing changes.
    private(set) var refund: RefundRow?
    private(set) var isNew = false
    /// In the order of their versions.
    private(set) var events: [NewEvent] = []
    private let report: RefundReport

    /// - Parameter known: the payment's refunds.
    init(_ before: Books, _ known: [RefundRow], _ report: RefundReport) {
        books = before
        self.report = report
        let current = known.first { refund in
            if let stripeId = refund.stripeId, let reported = report.stripeId { return stripeId == reported }
            return refund.id == report.refundId
        }
        // What Stripe refused to make is only told of one that was to be made here.
        guard current != nil || report.stripeId != nil else { return }
        isNew = current == nil
        let from = current?.status ?? .pending
        let next = RefundStateMachine(status: from).next(on: report.status)
        let row = RefundRow(
            id: current?.id ?? UUIDv7.next(), stripeId: current?.stripeId ?? report.stripeId,
            amount: current?.amount ?? report.amount, status: next ?? from)
        guard row != current else { return }
        refund = row

        let after = known.filter { $0.id != row.id } + [row]
        books.payment.refunded = after.total(.succeeded)
        books.payment.refunding = after.total(.pending)
        switch books.payment.status {
        case .succeeded where books.payment.refunded >= books.payment.amount.minorUnits:
            books.payment.status = .refunded
        case .refunded where books.payment.refunded < books.payment.amount.minorUnits:
            books.payment.status = .succeeded
        default: break
        }
        if next == .succeeded {
            books.account.version += 1
            events.append(books.event("PAYMENT_REFUNDED", amount: row.amount) { $0.field("refundId", row.id) })
        }
        if let voided = books.tellVoid() { events.append(voided) }
    }

    func queries(nextCheck: Duration?) -> [Query] {
        guard let refund else { return [] }
        var queries = [books.account.update(), books.paymentUpdate(nextCheck: nextCheck)]
        if isNew { queries.append(refund.insertionAsForeign(of: books.payment.id, reason: report.reason)) }
        queries.append(refund.update(failureReason: report.failureReason))
        return queries
    }
}
