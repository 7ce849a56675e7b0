import Testing

@testable import Stripe

@Suite("An error of Stripe")
struct ErrorTests {
    private func error(_ status: Int, _ body: String = "", hasEffect: Bool = true) -> StripeError {
        StripeError(status: status, body: Array(body.utf8), requestId: "req_1", hasEffect: hasEffect)
    }

    @Test("tells a declined card with its intent")
    func card() {
        let error = error(
            402,
            #"""
            {"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"No.",
            "payment_intent":{"id":"pi_1","amount":1,"currency":"eur","status":"requires_payment_method","created":1}}}
            """#)
        #expect(error.kind == .card(code: "card_declined", declineCode: "insufficient_funds"))
        #expect(error.paymentIntent?.status == .requiresPaymentMethod)
        #expect(!error.isRetriable && !error.outcomeUnknown)
        #expect(error.description == "stripe card_error: No. (HTTP 402) [req_1]")
    }

    @Test(
        "has the kind that its status and type say",
        arguments: [
            (400, "invalid_request_error", StripeError.Kind.invalidRequest(param: "p")),
            (404, "invalid_request_error", .invalidRequest(param: "p")),
            (400, "idempotency_error", .idempotency),
            (409, "invalid_request_error", .idempotency),
            (401, "invalid_request_error", .authentication),
            (429, "invalid_request_error", .rateLimited),
            (500, "api_error", .api),
            (503, "api_error", .api),
        ])
    func kinds(status: Int, type: String, kind: StripeError.Kind) {
        #expect(error(status, #"{"error":{"type":"\#(type)","param":"p","message":"m"}}"#).kind == kind)
    }

    @Test("needs no body of Stripe's: a proxy may have answered", arguments: ["", "<html>", "[]", #"{"error":"x"}"#])
    func bodies(_ body: String) {
        #expect(error(502, body).kind == .api)
        #expect(error(418, body).kind == .invalidRequest(param: nil))
        #expect(error(302, body).kind == .decoding)
    }

    @Test("leaves the outcome open only when Stripe may have acted")
    func outcomes() {
        #expect(error(500).outcomeUnknown && error(409).outcomeUnknown && error(302).outcomeUnknown)
        #expect(!error(500, hasEffect: false).outcomeUnknown)
        #expect(!error(400).outcomeUnknown && !error(401).outcomeUnknown && !error(429).outcomeUnknown)
    }
}
