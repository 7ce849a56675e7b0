import Worker

/// How long a payment is left alone before Stripe is asked about it again.
struct CheckPause: Sendable {
    /// The first pause of one without an outcome; they double.
    let first: Duration
    let longest: Duration
    /// The first pause of one that waits for its customer.
    let action: Duration

    init(_ settings: PaymentsSettings) {
        first = settings.checkAfter
        longest = settings.longestCheckPause
        action = settings.actionCheckAfter
    }

    /// Nil when there is nothing more to ask.
    func after(_ payment: Payment) -> Duration? {
        let doublings = Int32(min(payment.checks, 12))
        return switch payment.status {
        case _ where payment.cancelWanted: min(first * (1 << doublings), longest)
        case .pending, .processing: min(first * (1 << doublings), longest)
        case .requiresAction: min(action * (1 << doublings), max(longest, action))
        case .succeeded, .failed, .cancelled, .refunded: nil
        }
    }
}
