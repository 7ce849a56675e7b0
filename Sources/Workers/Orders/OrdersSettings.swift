/// What can be set about orders.
public struct OrdersSettings: Sendable {
    /// How long an order waits to be paid before it is cancelled.
    public var paymentLimit: Duration

    public init(paymentLimit: Duration = .seconds(30 * 60)) {
        self.paymentLimit = paymentLimit
    }
}
