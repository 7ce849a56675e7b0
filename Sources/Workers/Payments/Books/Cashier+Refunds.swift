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
            queries += alongside
            guard !queries.isEmpty else { return before }
            try await context.commit(queries, events: settlement.event.map { [$0] } ?? [])
            return settlement.books
        }
    }
}
