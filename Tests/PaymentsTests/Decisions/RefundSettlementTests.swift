import FoundationEssentials
import Testing
import Worker

@testable import Payments

@Suite("Refund settlement")
struct RefundSettlementTests {
    private let ours = UUIDv7.next()

    private func row(_ status: RefundStatus, amount: Int64 = 5998, stripeId: String? = nil) -> RefundRow {
        RefundRow(id: ours, stripeId: stripeId, amount: amount, status: status)
    }

    private func report(
        _ status: RefundStatus, amount: Int64 = 5998, stripeId: String? = "re_1", refundId: UUID? = nil
    ) -> RefundReport {
        RefundReport(
            stripeId: stripeId, refundId: refundId, amount: amount, status: status, reason: nil, failureReason: nil)
    }

    private let paid = Samples.books(.succeeded, account: .cancelled, intent: "pi_1")

    @Test("a refund that succeeded is told once, and the payment is refunded when all of it has gone back")
    func succeeded() {
        let first = RefundSettlement(paid, [row(.pending)], report(.succeeded, refundId: ours))
        #expect(first.events.map(\.type) == ["PAYMENT_REFUNDED", "PAYMENT_VOIDED"])
        #expect(first.events.map(\.version) == [4, 5])
        #expect(first.books.payment.status == .refunded)
        #expect(first.refund?.stripeId == "re_1")
        let second = RefundSettlement(first.books, [row(.succeeded, stripeId: "re_1")], report(.succeeded))
        #expect(second.refund == nil)
        #expect(second.events.isEmpty)
        #expect(second.queries(nextCheck: nil).isEmpty)
    }

    @Test("a part that goes back leaves the payment succeeded")
    func partly() {
        let settlement = RefundSettlement(
            paid, [row(.pending, amount: 1000)], report(.succeeded, amount: 1000, refundId: ours))
        #expect(settlement.books.payment.status == .succeeded)
        #expect(settlement.books.payment.refunded == 1000)
        #expect(settlement.events.map(\.type) == ["PAYMENT_REFUNDED"])
    }

    @Test("a refund that was made elsewhere is taken into the books")
    func foreign() {
        let settlement = RefundSettlement(paid, [], report(.succeeded))
        #expect(settlement.isNew)
        #expect(settlement.books.payment.status == .refunded)
        #expect(settlement.events.first?.type == "PAYMENT_REFUNDED")
    }

    @Test("a refund that the bank returns takes the payment back to succeeded, and a late success does not undo it")
    func returned() {
        let refunded = Samples.books(.refunded, account: .cancelled, intent: "pi_1", refunded: 5998)
        let failed = RefundSettlement(refunded, [row(.succeeded, stripeId: "re_1")], report(.failed))
        #expect(failed.refund?.status == .failed)
        #expect(failed.books.payment.status == .succeeded)
        #expect(failed.events.isEmpty)
        let late = RefundSettlement(failed.books, [row(.failed, stripeId: "re_1")], report(.succeeded))
        #expect(late.refund == nil)
        #expect(late.events.isEmpty)
    }

    @Test("a refusal of Stripe is only noted for a refund that is known")
    func refused() {
        let unknown = RefundSettlement(paid, [], RefundReport(refused: ours, amount: 5998, because: "No."))
        #expect(unknown.refund == nil)
        let known = RefundSettlement(paid, [row(.pending)], RefundReport(refused: ours, amount: 5998, because: "No."))
        #expect(known.refund?.status == .failed)
        #expect(known.books.payment.status == .succeeded)
    }

    @Test("the state machine of a refund goes forward only, but for a bank that returns the money")
    func machine() {
        let moves = RefundStatus.allCases.flatMap { from in
            RefundStatus.allCases.compactMap { RefundStateMachine(status: from).next(on: $0).map { "\(from) \($0)" } }
        }
        #expect(
            moves == ["pending succeeded", "pending failed", "pending cancelled", "succeeded failed"])
    }
}
