import Testing

/// Tests with servers, one after the other: each has a worker, a broker and a Stripe of its own.
@Suite("Payments with real servers", .serialized)
enum Running {}
