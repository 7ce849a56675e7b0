import FoundationEssentials
import Worker

/// What a report of Stripe makes of a refund, its payment and its order's account. Pure, but for the ids that it gives.
struct RefundSettlement: Sendable {
    private(set) var books: Books
    /// As it is afterwards; nil when nothing changes.
    private(set) var refund: RefundRow?
    private(set) var isNew = false
    private(set) var event: NewEvent?
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

        let refunded = known.filter { $0.id != row.id && $0.status == .succeeded }.reduce(0) { $0 + $1.amount }
        books.payment.refunded = refunded + (row.status == .succeeded ? row.amount : 0)
        switch books.payment.status {
        case .succeeded where books.payment.refunded >= books.payment.amount.minorUnits:
            books.payment.status = .refunded
        case .refunded where books.payment.refunded < books.payment.amount.minorUnits:
            books.payment.status = .succeeded
        default: break
        }
        guard next == .succeeded else { return }
        books.account.version += 1
        event = books.event("PAYMENT_REFUNDED", amount: row.amount) { $0.field("refundId", row.id) }
    }

    func queries(nextCheck: Duration?) -> [Query] {
        guard let refund else { return [] }
        var queries = [books.accountUpdate(), books.paymentUpdate(nextCheck: nextCheck)]
        if isNew { queries.append(refund.insertionAsForeign(of: books.payment.id, reason: report.reason)) }
        queries.append(refund.update(failureReason: report.failureReason))
        return queries
    }
}
