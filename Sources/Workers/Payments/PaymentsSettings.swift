public import Stripe
public import Worker

/// What can be set about payments.
public struct PaymentsSettings: Sendable {
    /// The process that makes it ends it, after the worker has drained.
    public var stripe: StripeClient
    /// The signing secret of the webhook endpoint, `whsec_…`. Never logged.
    public var webhookSecret: String
    /// Where the customer's browser comes back to after 3-D Secure.
    public var returnURL: String?
    /// How many payments of an order may be declined before the order is given up with PAYMENT_FAILED. Default 1.
    public var maxAttempts = 1

    /// How long Stripe may take while a caller waits, within the caller's own deadline.
    public var stripeLimit = Duration.seconds(25)
    /// When a payment without an outcome is first looked at; the pauses double from there.
    public var checkAfter = Duration.seconds(5)
    /// The longest pause between two looks at such a payment.
    public var longestCheckPause = Duration.seconds(300)
    /// The same for one that waits for the customer: the webhook normally comes first.
    public var actionCheckAfter = Duration.seconds(30)
    /// How long after the last post an intent that Stripe does not list is known not to exist. Longer than any call takes.
    public var quietTime = Duration.seconds(90)
    /// Tells how old signatures and keys are. Others than the system's are for tests.
    public var clock: @Sendable () -> Timestamp = { .now() }
    /// How often due webhooks, refunds and payments are looked for.
    public var sweepEvery = Duration.seconds(1)

    public init(stripe: StripeClient, webhookSecret: String, returnURL: String? = nil) {
        self.stripe = stripe
        self.webhookSecret = webhookSecret
        self.returnURL = returnURL
    }
}
