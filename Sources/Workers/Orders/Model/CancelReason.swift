import Worker

/// Why an order was cancelled.
enum CancelReason: String, CaseIterable, JSONWritable {
    case requested
    case paymentFailed = "payment-failed"
    case paymentOverdue = "payment-overdue"
    /// It was paid, but its stock had been given back meanwhile.
    case outOfStock = "out-of-stock"
}
