import Stripe
import Testing

@Suite("An event")
struct EventTests {
    private func event(_ object: String) throws -> StripeEvent {
        try StripeWebhook.event(
            from: Array(
                #"""
                {"id":"evt_1","object":"event","api_version":"x","type":"t","created":5,"livemode":true,
                "data":{"object":\#(object)}}
                """#.utf8))
    }

    @Test("holds a payment intent, its unknown fields ignored and its status kept when it is new")
    func intent() throws {
        let event = try event(
            #"""
            {"object":"payment_intent","id":"pi_1","amount":1999,"currency":"eur","status":"brand_new","created":4,
            "latest_charge":{"id":"ch_1","object":"charge"},"payment_method":"pm_1",
            "future":{"a":[1]},"metadata":{"k":"v"},
            "last_payment_error":{"type":"card_error","code":"card_declined","decline_code":"lost_card"},
            "next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"http://x","return_url":null}}}
            """#)
        guard case .paymentIntent(let intent) = event.object else {
            Issue.record("\(event.object)")
            return
        }
        #expect(event.id == "evt_1" && event.created == 5 && event.livemode)
        #expect(event.paymentIntentId == "pi_1")
        #expect(intent.status == .unknown("brand_new") && !intent.status.isFinal)
        #expect(intent.latestCharge == "ch_1" && intent.paymentMethod == "pm_1")
        #expect(intent.lastPaymentError?.declineCode == "lost_card")
        #expect(intent.nextAction?.redirectURL == "http://x")
        #expect(intent.metadata == ["k": "v"])
    }

    @Test("names the intent that a refund, a charge or a dispute belongs to")
    func others() throws {
        let refund = try event(
            #"""
            {"object":"refund","id":"re_1","amount":5,"currency":"eur","status":"failed","payment_intent":"pi_2",
            "created":1}
            """#)
        let charge = try event(
            #"""
            {"object":"charge","id":"ch_1","amount":5,"currency":"eur","status":"succeeded",
            "payment_intent":{"id":"pi_3"}}
            """#)
        let dispute = try event(
            #"""
            {"object":"dispute","id":"dp_1","amount":5,"currency":"eur","status":"lost","reason":"fraudulent",
            "payment_intent":"pi_4"}
            """#)
        #expect(
            refund.paymentIntentId == "pi_2" && charge.paymentIntentId == "pi_3" && dispute.paymentIntentId == "pi_4")
    }

    @Test("of an object that is not known keeps its name")
    func unknown() throws {
        #expect(try event(#"{"object":"payout","id":"po_1"}"#).object == .other("payout"))
    }

    @Test(
        "says what is wrong with it",
        arguments: [
            (#"{"object":"payment_intent","id":"pi_1"}"#, "data.object.amount is missing"),
            (#"{"object":"payment_intent","id":"pi_1","amount":"5"}"#, "data.object.amount has the wrong type"),
        ])
    func broken(object: String, message: String) {
        #expect(throws: StripeWebhook.VerificationError.malformedPayload(message)) { try event(object) }
    }
}
