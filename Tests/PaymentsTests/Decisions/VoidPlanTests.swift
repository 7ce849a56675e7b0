import FoundationEssentials
import Testing
import Worker

@testable import Payments

@Suite("The plan to void an order")
struct VoidPlanTests {
    private let account = Samples.books().account

    private func standing(
        _ status: PaymentStatus, cancelWanted: Bool = false, refunded: Int64 = 0, refunding: Int64 = 0,
        disputed: Int64 = 0
    ) -> VoidPlan.Standing {
        VoidPlan.Standing(
            id: UUIDv7.next(), amount: 5998, status: status, cancelWanted: cancelWanted, refunded: refunded,
            refunding: refunding, disputed: disputed,
            isSettled: !cancelWanted && !status.isOpen && (status != .succeeded || refunded + disputed >= 5998))
    }

    @Test("an order without payments is void at once; planned again there is nothing to do")
    func nothing() {
        let plan = VoidPlan(account, [])
        #expect(plan.state == .voided)
        #expect(plan.account.state == .cancelled)
        #expect(plan.event?.type == "PAYMENT_VOIDED")
        #expect(plan.event?.version == account.version + 1)
        #expect(plan.queries.count == 1)
        let again = VoidPlan(plan.account, [])
        #expect(again.state == .voided)
        #expect(again.event == nil)
        #expect(again.queries.isEmpty)
    }

    @Test("what is owed goes back once: not what has gone, is on its way, or was taken by the bank")
    func owed() {
        #expect(standing(.succeeded, refunded: 1000, refunding: 2000, disputed: 500).owed == 2498)
        #expect(standing(.succeeded, refunding: 5998).owed == 0)
        #expect(standing(.failed).owed == 0)
        let plan = VoidPlan(account, [standing(.succeeded), standing(.failed), standing(.succeeded, refunding: 5998)])
        #expect(plan.state == .voiding)
        #expect(plan.event == nil)
        #expect(plan.hasRefunds)
        #expect(plan.queries.count == 2)
    }

    @Test("open intents are to be closed, and are waited for also when that is asked for already")
    func open() {
        let plan = VoidPlan(account, [standing(.requiresAction)])
        #expect(plan.cancelsIntents)
        #expect(plan.state == .voiding)
        var cancelled = account
        cancelled.state = .cancelled
        let again = VoidPlan(cancelled, [standing(.requiresAction, cancelWanted: true)])
        #expect(!again.cancelsIntents)
        #expect(again.state == .voiding)
        #expect(again.queries.isEmpty)
    }
}
