import Testing

@testable import Payments
@testable import Stripe

@Suite("What Stripe says")
struct IntentReportTests {
    @Test("the statuses of an intent are read as what they mean for a payment")
    func statuses() throws {
        let error = PaymentIntent.PaymentError(
            type: "card_error", code: "card_declined", declineCode: "lost_card", message: "No.", charge: nil)
        let cases: [(PaymentIntent.Status, PaymentIntent.PaymentError?, IntentReport.Standing)] = [
            (.succeeded, nil, .succeeded), (.canceled, nil, .cancelled), (.processing, nil, .processing),
            (.requiresAction, nil, .requiresAction), (.requiresPaymentMethod, nil, .undecided),
            (.requiresConfirmation, nil, .undecided), (.unknown("new"), nil, .undecided),
            (
                .requiresPaymentMethod, error,
                .failed(PaymentFailure(.declined, code: "card_declined", declineCode: "lost_card", message: "No."))
            ),
        ]
        for (status, error, standing) in cases {
            #expect(IntentReport(try Samples.intent(status, error: error)).standing == standing)
        }
    }

    @Test("a refused card is a decline, a refused request means that nothing was made, anything else leaves it open")
    func errors() {
        let card = StripeError(
            kind: .card(code: "card_declined", declineCode: nil), message: "No.", httpStatus: 402)
        #expect(
            IntentReport(card)?.standing == .failed(PaymentFailure(.declined, code: "card_declined", message: "No.")))
        let wrong = StripeError(
            kind: .invalidRequest(param: "payment_method"), code: "resource_missing", message: "No such.",
            httpStatus: 400)
        #expect(
            IntentReport(wrong)?.standing
                == .failed(
                    PaymentFailure(
                        .notMade, code: "resource_missing", message: "No such.", parameter: "payment_method")))
        let open: [StripeError] = [
            StripeError(kind: .timeout, message: "", outcomeUnknown: true),
            StripeError(kind: .api, message: "", httpStatus: 500, outcomeUnknown: true),
            StripeError(kind: .rateLimited, message: "", httpStatus: 429),
            StripeError(kind: .connection, message: ""),
            StripeError(kind: .authentication, message: "", httpStatus: 401),
            StripeError(kind: .idempotency, message: "", httpStatus: 409),
            StripeError(kind: .decoding, message: "", httpStatus: 200, outcomeUnknown: true),
            // Never sent: a mistake in the configuration.
            StripeError(kind: .invalidRequest(param: nil), message: ""),
            StripeError(kind: .invalidRequest(param: nil), message: "", httpStatus: 400, outcomeUnknown: true),
        ]
        for error in open { #expect(IntentReport(error) == nil, "\(error)") }
    }
}
