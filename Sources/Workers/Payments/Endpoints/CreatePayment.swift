import FoundationEssentials
import Stripe
import Worker

/// `payments.create`: pays an order. The payment is in the books before Stripe hears of it, so that a crash at any moment
/// leaves something that can be looked up, and under one key Stripe charges once.
@Reactor
struct CreatePayment {
    let cashier: Cashier

    private static let leastTime = Duration.seconds(2)

    nonisolated static func endpoint(_ cashier: Cashier) -> Endpoint {
        Endpoint("payments.create") {
            PaymentRequest(&$0)
        } _: { request, context in
            try await CreatePayment(cashier: cashier).answer(request, context)
        }
    }

    private func answer(_ request: PaymentRequest, _ context: Context) async throws -> Reply {
        let requestKey = context.idempotencyKey.map { "\(context.caller.name) \($0)" }
        if let requestKey, let books = try await begun(under: requestKey, context) {
            return try await resume(books, request, context)
        }
        // What begins too late would be charged after its caller has been told that it failed.
        guard context.deadline.remaining > Self.leastTime else {
            throw ServiceError.unavailable("there is too little time left to make a payment; try again with more")
        }
        let order = try await OrderSummary.fetch(request.orderId, context)
        try order.checkPayable(with: request.amount)
        try request.checkChargeable()
        let settings = cashier.settings
        let opening = PaymentOpening(
            request: request, order: order, requestKey: requestKey, returnURL: settings.returnURL,
            firstCheck: settings.checkAfter)
        let books = try await opening.open(context)
        return try await settle(books, context) {
            try await cashier.firstPost(books, context, deadline: stripeDeadline(context))
        }
    }

    /// Leaves time to commit what Stripe answers, and to tell the caller.
    private func stripeDeadline(_ context: Context) -> ContinuousClock.Instant {
        min(context.deadline.instant - .seconds(1), .now + cashier.settings.stripeLimit)
    }

    /// Asks Stripe and commits what it says together with the reply.
    private func settle(
        _ books: Books, _ context: Context, asking ask: @Reactor () async throws -> IntentReport?
    ) async throws -> Reply {
        let report: IntentReport?
        do { report = try await ask() } catch let error as StripeError {
            context.logger.notice(
                "payment without an outcome",
                metadata: ["payment": "\(books.payment.id.text)", "error": "\(error)"])
            throw PaymentReply.unknown(books.payment.id)
        }
        let id = books.payment.id
        let after = try await cashier.settle(id, report, context) { PaymentReply(books: $0, report: report).reply }
        guard let after, let reply = PaymentReply(books: after, report: report).reply else {
            throw PaymentReply.unknown(id)
        }
        return reply
    }

    // MARK: - Repeated requests

    private static let selectBegun: Statement = "SELECT id FROM payments WHERE request_key = $1"

    /// The payment that an earlier request with the same key began.
    private func begun(under key: String, _ context: Context) async throws -> Books? {
        guard let row = try await context.query(Self.selectBegun, .text(key)).first else { return nil }
        return try await Books.load(row.uuid(0), context)
    }

    /// Goes on where the earlier request stopped. Where that has been answered, the runtime repeats its answer: the commit
    /// of a second one collides with it.
    private func resume(_ books: Books, _ request: PaymentRequest, _ context: Context) async throws -> Reply {
        guard books.account.orderId == request.orderId, books.payment.amount == request.amount,
            books.payment.paymentMethod == request.paymentMethodId, books.attempt.customer == request.customerId
        else { throw PaymentOpening.keyReused }
        return try await settle(books, context) {
            let deadline = stripeDeadline(context)
            switch CheckPlan(books, quietTime: cashier.settings.quietTime, at: cashier.settings.clock()) {
            case .ask(let id):
                return try await cashier.noting(.retrieve, of: books.payment.id, context) {
                    IntentReport(try await Provider(cashier.settings.stripe).intent(id, deadline: deadline))
                }
            case .post: return try await cashier.post(books, context, deadline: deadline)
            case .cancel, .find, .wait, .nothing: return nil
            }
        }
    }
}
