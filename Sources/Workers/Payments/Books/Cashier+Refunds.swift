import FoundationEssentials
import Worker

extension Cashier {
    /// Applies what Stripe says of a refund; one that is not known here is taken into the books.
    ///
    /// - Parameter alongside: committed with it, and also when it changes nothing.
    func settle(
        refund report: RefundReport, of paymentId: UUID, _ context: Context, alongside: [Query] = []
    ) async throws {
        _ = try await decidingOnBooks(of: paymentId, context) { before in
            let known = try await RefundRow.all(of: paymentId, context)
            let settlement = RefundSettlement(before, known, report)
            var queries = settlement.queries(nextCheck: CheckPause(settings).after(settlement.books.payment))
            if let call = report.call { queries.append(call.insertion(of: paymentId, trace: context.trace)) }
            queries += alongside
            guard !queries.isEmpty else { return before }
            try await context.commit(queries, events: settlement.events)
            return settlement.books
        }
    }
}

extension Cashier {
    /// Writes a refund that staff ask for, with its answer; it is posted right after.
    ///
    /// - Returns: nil when there is no such payment.
    /// - Throws: why so much cannot be given back.
    func refund(_ request: RefundRequest, _ context: Context) async throws -> Reply? {
        let id = UUIDv7.next()
        let createdAt = Timestamp.now()
        var reply: Reply?
        _ = try await decidingOnBooks(of: request.paymentId, context) { books in
            let amount = try request.amount(of: books.payment)
            let document = RefundDocument(
                id: id, paymentId: books.payment.id, orderId: books.account.orderId,
                amount: Money(minorUnits: amount, currency: books.payment.amount.currency),
                reason: request.reason.rawValue, createdAt: createdAt)
            let answer = Reply.object { document.write(to: &$0) }
            let insertion = RefundRow.insertion(
                of: amount, paymentId: books.payment.id, request.reason, id: id, requester: context.caller.name,
                createdAt: createdAt)
            try await context.commit([books.account.update(), insertion], reply: answer)
            reply = answer
            return books
        }
        if reply != nil { nudgeRefunds(context) }
        return reply
    }
}
