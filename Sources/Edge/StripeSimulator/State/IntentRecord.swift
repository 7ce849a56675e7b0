/// A payment intent as the simulator keeps it.
struct IntentRecord: Sendable, Codable {
    var id: String
    var amount: Int64
    var currency: String
    var machine: PaymentIntentStateMachine
    var clientSecret: String
    /// Seconds since 1970.
    var created: Int64
    var metadata: [String: String] = [:]
    var paymentMethod: String?
    var paymentMethodTypes: [String]
    var returnURL: String?
    var customer: String?
    var description: String?
    var receiptEmail: String?
    var amountReceived: Int64 = 0
    var amountCapturable: Int64 = 0
    var latestCharge: String?
    var lastError: PaymentFailure?
    var canceledAt: Int64?
    var cancellationReason: String?

    var status: PaymentIntentStateMachine.Status { machine.status }
}

/// Why an attempt failed, as `last_payment_error` tells it.
struct PaymentFailure: Sendable, Codable {
    var code: String
    var declineCode: String?
    var message: String
    var charge: String?
    var paymentMethod: String
}

/// One attempt to take the money.
struct ChargeRecord: Sendable, Codable {
    enum Status: String, Sendable, Codable { case succeeded, pending, failed }

    var id: String
    var intent: String
    var amount: Int64
    var amountCaptured: Int64 = 0
    var amountRefunded: Int64 = 0
    var currency: String
    var created: Int64
    var status: Status
    var disputed = false
    var paymentMethod: String
    var failure: PaymentFailure?
    var metadata: [String: String]
}

struct RefundRecord: Sendable, Codable {
    enum Status: String, Sendable, Codable { case pending, succeeded, failed }
    /// What still happens to it by itself.
    enum Settlement: String, Sendable, Codable { case succeeds, fails }

    var id: String
    var amount: Int64
    var currency: String
    var status: Status
    var charge: String
    var intent: String
    var reason: String?
    var metadata: [String: String]
    var created: Int64
    var settlement: Settlement?
}

struct EventRecord: Sendable, Codable {
    var id: String
    var type: String
    var created: Int64
    /// The object as JSON text, as it was when the event happened.
    var object: String
    var requestId: String?
    var idempotencyKey: String?
}

/// The first answer under an idempotency key.
struct IdempotencyRecord: Sendable, Codable {
    var key: String
    /// Method, path and parameters of the first request.
    var fingerprint: String
    var path: String
    var created: Int64
    var status: Int
    var body: String
    var requestId: String
}
