import FoundationEssentials
import Testing
import Worker

@testable import Payments

@Suite("Settlement")
struct SettlementTests {
    private func settle(_ books: Books, _ standing: IntentReport.Standing, maxAttempts: Int = 1) -> Settlement {
        Settlement(books, Samples.report(standing), maxAttempts: maxAttempts)
    }

    @Test("a success pays the order and is told once")
    func success() {
        let first = settle(Samples.books(), .succeeded)
        #expect(first.told == .confirmed)
        #expect(first.books.account.state == .paid)
        #expect(first.books.account.version == 4)
        #expect(first.books.payment.status == .succeeded)
        #expect(first.books.payment.intentId == "pi_1")
        #expect(first.refundReason == nil)
        let second = settle(first.books, .succeeded)
        #expect(!second.isChange)
        #expect(second.told == nil)
        #expect(second.books == first.books)
    }

    @Test("a decline gives the order up when no attempt is left, and opens it again while one is")
    func declines() {
        let last = settle(Samples.books(), .failed(Samples.decline))
        #expect(last.told == .failed(Samples.decline))
        #expect(last.books.account.state == .failed)
        #expect(last.books.account.currentPaymentId == nil)
        let first = settle(Samples.books(), .failed(Samples.decline), maxAttempts: 2)
        #expect(first.told == nil)
        #expect(first.books.account.state == .open)
        #expect(first.books.account.version == 3)
        let second = settle(Samples.books(failures: 1), .failed(Samples.decline), maxAttempts: 2)
        #expect(second.told == .failed(Samples.decline))
    }

    @Test("a payment that Stripe never made costs the order nothing")
    func notMade() {
        let settlement = settle(Samples.books(), .failed(Samples.notMade))
        #expect(settlement.told == nil)
        #expect(settlement.books.account.state == .open)
        #expect(settlement.books.account.failures == 0)
        #expect(settlement.books.payment.status == .failed)
    }

    @Test(
        "money that comes after the order was cancelled or given up goes back",
        arguments: [AccountState.cancelled, .failed])
    func unwanted(_ state: AccountState) {
        let settlement = settle(Samples.books(account: state), .succeeded)
        #expect(settlement.told == nil)
        #expect(settlement.refundReason == .orderCancelled)
        #expect(settlement.books.payment.isUnwanted)
        #expect(settlement.books.account.state == state)
    }

    @Test("a second payment that succeeds after all is a duplicate, whether the first has paid or is paying")
    func duplicate() {
        for state in [AccountState.paid, .paying] {
            let settlement = settle(Samples.books(.failed, account: state, current: UUIDv7.next()), .succeeded)
            #expect(settlement.refundReason == .duplicate)
            #expect(settlement.told == nil)
            #expect(settlement.books.account.state == state)
        }
    }

    @Test("a failed payment that succeeds while the order is open again pays it")
    func revived() {
        let settlement = settle(Samples.books(.failed, account: .open, current: nil), .succeeded)
        #expect(settlement.told == .confirmed)
        #expect(settlement.books.account.currentPaymentId == Samples.paymentId)
        #expect(settlement.books.payment.failure == nil)
    }

    @Test("an intent that waits for the customer of a cancelled order is to be cancelled, and nobody is told")
    func cancelling() {
        let settlement = settle(Samples.books(account: .cancelled), .requiresAction)
        #expect(settlement.told == nil)
        #expect(settlement.books.payment.cancelWanted)
        let cancelled = settle(settlement.books, .cancelled)
        #expect(cancelled.books.payment.status == .cancelled)
        #expect(!cancelled.books.payment.cancelWanted)
        #expect(cancelled.told == nil)
    }

    @Test("after a failed 3-D Secure the intent is cancelled, so that nobody can try it again with another card")
    func closed() {
        let waiting = settle(Samples.books(), .requiresAction)
        #expect(waiting.told == .actionRequired)
        let failed = settle(waiting.books, .failed(Samples.decline))
        #expect(failed.books.payment.cancelWanted)
        let gone = settle(failed.books, .cancelled)
        #expect(gone.isChange)
        #expect(gone.books.payment.status == .failed)
        #expect(!gone.books.payment.cancelWanted)
        #expect(gone.told == nil)
    }

    @Test("an intent that somebody cancels at Stripe fails the payment")
    func cancelledElsewhere() {
        let settlement = settle(Samples.books(.requiresAction, intent: "pi_1"), .cancelled)
        #expect(settlement.told == .failed(.cancelledAtProvider))
        #expect(settlement.books.payment.status == .cancelled)
    }

    @Test("another intent than the payment's own changes nothing")
    func foreignIntent() {
        let settlement = settle(Samples.books(intent: "pi_other"), .succeeded)
        #expect(!settlement.isChange)
        #expect(settlement.told == nil)
    }

    @Test("every order of reports tells each outcome at most once, with versions that have no gap")
    func once() {
        let standings = Samples.standings + [.failed(Samples.notMade)]
        for _ in 0..<2_000 {
            var books = Samples.books()
            var told: [Settlement.Told] = []
            for _ in 0..<10 {
                let settlement = settle(books, standings.randomElement() ?? .undecided)
                if let event = settlement.told {
                    told.append(event)
                    #expect(settlement.books.account.version == books.account.version + 1)
                } else {
                    #expect(settlement.books.account.version == books.account.version)
                }
                books = settlement.books
            }
            #expect(Set(told).count == told.count)
            #expect(!(told.contains(.confirmed) && told.contains(.failed(Samples.decline))))
        }
    }
}
