/// What can be set about orders.
public struct OrdersSettings: Sendable {
    /// How long an order waits to be paid before it is cancelled.
    public var paymentLimit: Duration
    /// How long it waits at least from the moment the payer was asked to confirm a payment, for instance by 3-D Secure.
    public var actionLimit = Duration.seconds(15 * 60)
    /// How long it waits at most, counted from when it was placed.
    public var longestPayment = Duration.seconds(24 * 60 * 60)
    /// How long inventory and payments may take to act on a confirmed or cancelled order before they are called.
    public var stepLimit = Duration.seconds(10)
    /// How long a timeline waits for the other workers' parts.
    public var timelineLimit = Duration.seconds(2)

    public init(paymentLimit: Duration = .seconds(30 * 60)) {
        self.paymentLimit = paymentLimit
    }
}
