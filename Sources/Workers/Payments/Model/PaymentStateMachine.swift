/// The life of a payment: which report moves it, and where. Reports come late, twice and in any order; none of them takes a
/// payment back.
///
/// ```
/// pending -> requires_action -> processing -> succeeded -> refunded
///    any of the first three -> failed | cancelled
///    failed | cancelled -> succeeded        the customer tried the same intent again: the money is there
/// ```
struct PaymentStateMachine: Sendable, Hashable {
    enum Move: Sendable, Hashable {
        case stay
        case become(PaymentStatus)
        /// The report may be out of date, and too much hangs on it: ask Stripe how it is now.
        case ask
    }

    let status: PaymentStatus

    func move(on report: IntentReport) -> Move {
        switch (status, report.standing) {
        case (_, .undecided): .stay
        // What was taken stays taken; what goes back is the refunds' business.
        case (.succeeded, _), (.refunded, _): .stay
        // Final at Stripe, so that it is true however late it comes.
        case (_, .succeeded): .become(.succeeded)
        case (.failed, _), (.cancelled, _): .stay
        case (_, .cancelled): .become(.cancelled)
        // An intent can be tried again after a failure, and have succeeded by now.
        case (_, .failed): report.isCurrent ? .become(.failed) : .ask
        case (.pending, .requiresAction): .become(.requiresAction)
        case (.pending, .processing), (.requiresAction, .processing): .become(.processing)
        case (.requiresAction, .requiresAction), (.processing, .processing), (.processing, .requiresAction): .stay
        }
    }
}
