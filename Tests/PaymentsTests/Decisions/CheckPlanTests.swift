import Stripe
import Testing
import Worker

@testable import Payments

@Suite("Checks")
struct CheckPlanTests {
    private func plan(_ books: Books) -> CheckPlan { CheckPlan(books, quietTime: .seconds(90), at: .now()) }

    @Test("a payment without an intent is sent again under its key, as long as that is fresh and somebody wants it")
    func post() {
        #expect(plan(Samples.books()) == .post)
        #expect(plan(Samples.books(postedAgo: .seconds(22 * 3_600))) == .post)
        #expect(plan(Samples.books(postedAgo: .seconds(23 * 3_600))) == .find)
    }

    @Test("a payment of a cancelled order is never sent again: once it is quiet, Stripe is asked whether there is one")
    func cancelled() {
        #expect(plan(Samples.books(account: .cancelled, cancelWanted: true)) == .wait)
        #expect(plan(Samples.books(account: .cancelled, cancelWanted: true, postedAgo: .seconds(91))) == .find)
        #expect(plan(Samples.books(account: .cancelled, postedAgo: .seconds(91))) == .find)
    }

    @Test("failures that Stripe repeats end in a look for the intent")
    func repeatedFailures() {
        #expect(plan(Samples.books(providerFailures: 3)) == .post)
        #expect(plan(Samples.books(providerFailures: 4)) == .wait)
        #expect(plan(Samples.books(providerFailures: 4, postedAgo: .seconds(91))) == .find)
    }

    @Test("an intent that is known is asked for, or cancelled when nobody wants it any more")
    func known() {
        #expect(plan(Samples.books(.requiresAction, intent: "pi_1")) == .ask("pi_1"))
        #expect(plan(Samples.books(.processing, intent: "pi_1")) == .ask("pi_1"))
        #expect(plan(Samples.books(.requiresAction, intent: "pi_1", cancelWanted: true)) == .cancel("pi_1"))
        #expect(plan(Samples.books(.failed, account: .failed, intent: "pi_1", cancelWanted: true)) == .cancel("pi_1"))
    }

    @Test("decided payments are left alone", arguments: [PaymentStatus.succeeded, .failed, .cancelled, .refunded])
    func decided(_ status: PaymentStatus) {
        #expect(plan(Samples.books(status, account: .paid, intent: "pi_1")) == .nothing)
    }

    @Test("pauses double up to the longest, and end with the decision")
    func pauses() async {
        await withSettings { settings in
            let pause = CheckPause(settings)
            #expect(pause.after(Samples.books(checks: 0).payment) == .seconds(5))
            #expect(pause.after(Samples.books(checks: 3).payment) == .seconds(40))
            #expect(pause.after(Samples.books(checks: 1_000_000).payment) == .seconds(300))
            #expect(pause.after(Samples.books(.requiresAction).payment) == .seconds(30))
            #expect(pause.after(Samples.books(.succeeded).payment) == nil)
            #expect(pause.after(Samples.books(.failed, cancelWanted: true).payment) == .seconds(5))
        }
    }

    private func withSettings(_ body: (PaymentsSettings) -> Void) async {
        let stripe = StripeClient(
            configuration: .init(apiKey: "sk_test"), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        body(PaymentsSettings(stripe: stripe, webhookSecret: "whsec"))
        await stripe.shutdown()
    }
}
