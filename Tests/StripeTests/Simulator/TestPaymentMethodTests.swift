import Stripe
import Testing

@testable import StripeSimulator

@Suite("A test payment method")
struct TestPaymentMethodTests {
    @Test(
        "that pays ends the intent in succeeded",
        arguments: [
            "pm_card_visa", "pm_card_visa_debit", "pm_card_mastercard", "pm_card_amex", "pm_card_pendingRefund",
            "pm_card_refundFail", "pm_card_bypassPending",
        ])
    func paying(_ method: String) async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay(method)
            #expect(intent.status == .succeeded)
            #expect(intent.amountReceived == 1999)
            #expect(intent.id.hasPrefix("pi_") && intent.clientSecret?.hasPrefix("\(intent.id)_secret_") == true)
            #expect(intent.metadata == ["order_id": "order-1", "payment_id": "payment-of-order-1"])
            let charge = try await harness.client.retrieveCharge(#require(intent.latestCharge), deadline: harness.soon)
            #expect(charge.paid && charge.amountCaptured == 1999 && charge.paymentIntent == intent.id)
            #expect(try await harness.ledger().captured == ["eur": 1999])
        }
    }

    @Test(
        "that is declined gives Stripe's codes and leaves the intent waiting for another one",
        arguments: [
            ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
            ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
            ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
            ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
            ("pm_card_chargeDeclinedExpiredCard", "expired_card", nil),
            ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", nil),
            ("pm_card_chargeDeclinedProcessingError", "processing_error", nil),
        ])
    func declined(method: String, code: String, declineCode: String?) async throws {
        try await SimulatorHarness.run { harness in
            let error = await failure(StripeError.self) { _ = try await harness.pay(method) }
            #expect(error?.kind == .card(code: code, declineCode: declineCode))
            #expect(error?.httpStatus == 402 && error?.isRetriable == false && error?.outcomeUnknown == false)
            let intent = try #require(error?.paymentIntent)
            #expect(intent.status == .requiresPaymentMethod)
            #expect(intent.lastPaymentError?.code == code)
            #expect(intent.paymentMethod == nil)
            let again = try await harness.client.confirmPaymentIntent(
                intent.id, paymentMethod: "pm_card_visa", idempotencyKey: "second", deadline: harness.soon)
            #expect(again.status == .succeeded && again.lastPaymentError == nil)
        }
    }

    @Test(
        "that needs 3-D Secure waits for the customer",
        arguments: ["pm_card_authenticationRequired", "pm_card_threeDSecure2Required"])
    func authentication(_ method: String) async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay(method, returnURL: "https://shop.example/back")
            #expect(intent.status == .requiresAction)
            #expect(intent.nextAction?.type == "redirect_to_url")
            #expect(intent.nextAction?.redirectURL == "\(harness.url)/3ds/\(intent.id)")
            let inApp = try await harness.pay(method)
            #expect(inApp.nextAction?.type == "use_stripe_sdk")
            #expect(try await harness.ledger().captured == [:])
        }
    }

    @Test(
        "that needs 3-D Secure is declined when the customer is not there",
        arguments: ["off_session", "error_on_requires_action"])
    func offSession(_ option: String) async throws {
        try await SimulatorHarness.run { harness in
            let answer = try await harness.http.post(
                "/v1/payment_intents",
                "amount=500&currency=eur&payment_method=pm_card_authenticationRequired&confirm=true&\(option)=true")
            #expect(try answer.status == 402 && answer.error.code == "authentication_required")
        }
    }

    @Test("that makes a dispute is charged and then disputed")
    func dispute() async throws {
        try await SimulatorHarness.run { harness in
            let intent = try await harness.pay("pm_card_createDispute")
            #expect(intent.status == .succeeded)
            let events = try await harness.client.listEvents(types: ["charge.dispute.created"], deadline: harness.soon)
            #expect(events.elements.map(\.paymentIntentId) == [intent.id])
            let refusal = await failure(StripeError.self) {
                _ = try await harness.client.createRefund(
                    .init(paymentIntent: intent.id), idempotencyKey: "r", deadline: harness.soon)
            }
            #expect(refusal?.code == "charge_disputed")
        }
    }

    @Test(
        "of a slow bank is decided later",
        arguments: [
            ("pm_usBankAccount_success", PaymentIntent.Status.succeeded),
            ("pm_usBankAccount_insufficientFunds", .requiresPaymentMethod),
        ])
    func slow(method: String, status: PaymentIntent.Status) async throws {
        try await SimulatorHarness.run(configure: { $0.settlementDelay = .seconds(600) }) { harness in
            let intent = try await harness.pay(method)
            #expect(intent.status == .processing)
            #expect(try await harness.http.post("/sim/settle").body == #"{"settled":1}"#)
            let later = try await harness.client.retrievePaymentIntent(intent.id, deadline: harness.soon)
            #expect(later.status == status)
            #expect(later.latestCharge == intent.latestCharge)
        }
    }

    @Test(
        "that does not exist is refused by name",
        arguments: ["pm_nothing", "pm_card_visa_nothing", "tok_visa", "4242424242424242"])
    func unknown(_ method: String) async throws {
        try await SimulatorHarness.run { harness async throws in
            let error = await failure(StripeError.self) { _ = try await harness.pay(method) }
            #expect(error?.kind == .invalidRequest(param: "payment_method"))
            #expect(error?.code == "resource_missing" && error?.httpStatus == 400)
            #expect(error?.message == "No such PaymentMethod: '\(method)'")
            #expect(try await harness.ledger().intents.isEmpty)
        }
    }
}
