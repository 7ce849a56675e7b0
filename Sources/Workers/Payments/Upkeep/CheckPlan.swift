import Worker

/// How to learn what became of a payment. Pure.
enum CheckPlan: Sendable, Hashable {
    /// Stripe knows it under this id: ask.
    case ask(String)
    /// Nobody wants it any more.
    case cancel(String)
    /// Send it (again) under its key.
    case post
    /// Posting could charge where it should not, or only repeats a failure: look whether Stripe has made an intent.
    case find
    /// Too early to tell.
    case wait
    /// Decided.
    case nothing

    /// Stripe repeats its own failures under a key; after so many it will not come to another answer.
    private static let failureLimit = 4

    init(_ books: Books, quietTime: Duration, at now: Timestamp) {
        let (payment, attempt) = (books.payment, books.attempt)
        guard payment.status.isOpen || payment.cancelWanted else {
            self = .nothing
            return
        }
        if let id = payment.intentId {
            self = payment.cancelWanted ? .cancel(id) : .ask(id)
        } else if !payment.cancelWanted, books.account.takes(payment.id), attempt.isKeyFresh(at: now),
            attempt.providerFailures < Self.failureLimit
        {
            self = .post
        } else {
            // While a post may still be on its way, absence proves nothing.
            self = now - attempt.postedAt >= quietTime ? .find : .wait
        }
    }
}
