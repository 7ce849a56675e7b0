/// The life of a refund. One that succeeded can still fail, when the customer's bank returns the money; nothing else goes back.
struct RefundStateMachine: Sendable, Hashable {
    let status: RefundStatus

    /// The status that a report leads to; nil when it changes nothing.
    func next(on report: RefundStatus) -> RefundStatus? {
        switch (status, report) {
        case (.pending, .succeeded), (.pending, .failed), (.pending, .cancelled), (.succeeded, .failed): report
        case (.pending, .pending), (.succeeded, _), (.failed, _), (.cancelled, _): nil
        }
    }
}

enum RefundStatus: String, Sendable, CaseIterable {
    case pending
    case succeeded
    case failed
    case cancelled
}
