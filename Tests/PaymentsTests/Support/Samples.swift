import FoundationEssentials
import Stripe
import Worker

@testable import Payments

/// Values for decisions that need no database.
enum Samples {
    static let orderId = UUIDv7.next()
    static let paymentId = UUIDv7.next()
    static let userId = UUIDv7.next()

    static func books(
        _ status: PaymentStatus = .pending, account state: AccountState = .paying, current: UUID? = paymentId,
        failures: Int64 = 0, intent: String? = nil, cancelWanted: Bool = false, refunded: Int64 = 0,
        providerFailures: Int64 = 0, postedAgo: Duration = .zero, checks: Int64 = 0
    ) -> Books {
        let now = Timestamp.now()
        return Books(
            account: Account(
                orderId: orderId, userId: userId, amount: Money(minorUnits: 5998, currency: .usd), state: state,
                currentPaymentId: current, failures: failures, version: 3, revision: 7),
            payment: Payment(
                id: paymentId, amount: Money(minorUnits: 5998, currency: .usd), paymentMethod: "pm_card_visa",
                createdAt: now - postedAgo, checks: checks, intentId: intent, status: status, failure: nil,
                isUnwanted: false, cancelWanted: cancelWanted, refunded: refunded, refunding: 0),
            attempt: PaymentAttempt(
                key: "key", customer: nil, returnURL: nil, providerFailures: providerFailures,
                createdAt: now - postedAgo, postedAt: now - postedAgo))
    }

    static let decline = PaymentFailure(
        .declined, code: "card_declined", declineCode: "insufficient_funds", message: "No.")
    static let notMade = PaymentFailure(.notMade, code: "resource_missing", message: "No such thing.")

    static func report(_ standing: IntentReport.Standing, isCurrent: Bool = true) -> IntentReport {
        IntentReport(intentId: "pi_1", standing, isCurrent: isCurrent)
    }

    static let standings: [IntentReport.Standing] = [
        .undecided, .processing, .requiresAction, .succeeded, .failed(decline), .cancelled,
    ]

    static func intent(_ status: PaymentIntent.Status, error: PaymentIntent.PaymentError? = nil) throws -> PaymentIntent
    {
        var intent = try JSONDecoder().decode(
            PaymentIntent.self,
            from: Data(
                #"{"id": "pi_1", "amount": 5998, "currency": "usd", "status": "processing", "created": 1}"#.utf8))
        intent.status = status
        intent.lastPaymentError = error
        return intent
    }
}
