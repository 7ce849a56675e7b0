/// Writes the objects as Stripe's API shows them.
struct Rendering: Sendable {
    /// Where the simulator's own pages are, without a trailing slash.
    var baseURL: String

    static let apiVersion = "2025-03-31.basil"

    /// - Parameter charge: shown instead of its id when the caller asked for it.
    func intent(_ intent: IntentRecord, expanding charge: ChargeRecord? = nil) -> JSONValue {
        [
            "id": .string(intent.id),
            "object": "payment_intent",
            "amount": .int(intent.amount),
            "amount_capturable": .int(intent.amountCapturable),
            "amount_details": ["tip": [:]],
            "amount_received": .int(intent.amountReceived),
            "application": nil,
            "application_fee_amount": nil,
            "automatic_payment_methods": nil,
            "canceled_at": JSONValue(intent.canceledAt),
            "cancellation_reason": JSONValue(intent.cancellationReason),
            "capture_method": intent.machine.capturesManually ? "manual" : "automatic",
            "client_secret": .string(intent.clientSecret),
            "confirmation_method": "automatic",
            "created": .int(intent.created),
            "currency": .string(intent.currency),
            "customer": JSONValue(intent.customer),
            "description": JSONValue(intent.description),
            "last_payment_error": intent.lastError.map { failure($0) } ?? nil,
            "latest_charge": charge.map { self.charge($0) } ?? JSONValue(intent.latestCharge),
            "livemode": false,
            "metadata": JSONValue(intent.metadata),
            "next_action": nextAction(intent),
            "on_behalf_of": nil,
            "payment_method": JSONValue(intent.paymentMethod),
            "payment_method_options": [:],
            "payment_method_types": .array(intent.paymentMethodTypes.map { .string($0) }),
            "processing": nil,
            "receipt_email": JSONValue(intent.receiptEmail),
            "review": nil,
            "setup_future_usage": nil,
            "shipping": nil,
            "source": nil,
            "statement_descriptor": nil,
            "statement_descriptor_suffix": nil,
            "status": .string(intent.status.rawValue),
            "transfer_data": nil,
            "transfer_group": nil,
        ]
    }

    /// `last_payment_error`, and with more beside it the `error` of a 402.
    func failure(_ failure: PaymentFailure) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if let charge = failure.charge { members.append(("charge", .string(charge))) }
        members.append(("code", .string(failure.code)))
        if let declineCode = failure.declineCode { members.append(("decline_code", .string(declineCode))) }
        let page = String(failure.code.map { $0 == "_" ? "-" : $0 })
        members += [
            ("doc_url", .string("https://stripe.com/docs/error-codes/\(page)")),
            ("message", .string(failure.message)),
            ("payment_method", paymentMethod(failure.paymentMethod)),
            (
                "type",
                failure.code == TestPaymentMethod.authenticationFailed.code ? "invalid_request_error" : "card_error"
            ),
        ]
        return .object(members)
    }

    func charge(_ charge: ChargeRecord) -> JSONValue {
        [
            "id": .string(charge.id),
            "object": "charge",
            "amount": .int(charge.amount),
            "amount_captured": .int(charge.amountCaptured),
            "amount_refunded": .int(charge.amountRefunded),
            "balance_transaction": nil,
            "captured": .bool(charge.amountCaptured > 0),
            "created": .int(charge.created),
            "currency": .string(charge.currency),
            "customer": nil,
            "description": nil,
            "disputed": .bool(charge.disputed),
            "failure_code": JSONValue(charge.failure?.code),
            "failure_message": JSONValue(charge.failure?.message),
            "livemode": false,
            "metadata": JSONValue(charge.metadata),
            "outcome": outcome(charge),
            "paid": .bool(charge.status == .succeeded),
            "payment_intent": .string(charge.intent),
            "payment_method": .string(charge.paymentMethod),
            "payment_method_details": paymentMethodDetails(charge.paymentMethod),
            "receipt_email": nil,
            "receipt_url": nil,
            "refunded": .bool(charge.amountCaptured > 0 && charge.amountRefunded == charge.amountCaptured),
            "status": .string(charge.status.rawValue),
        ]
    }

    func refund(_ refund: RefundRecord) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .string(refund.id)),
            ("object", "refund"),
            ("amount", .int(refund.amount)),
            ("balance_transaction", nil),
            ("charge", .string(refund.charge)),
            ("created", .int(refund.created)),
            ("currency", .string(refund.currency)),
        ]
        if refund.status == .failed { members.append(("failure_reason", "expired_or_canceled_card")) }
        members += [
            ("metadata", JSONValue(refund.metadata)),
            ("payment_intent", .string(refund.intent)),
            ("reason", JSONValue(refund.reason)),
            ("receipt_number", nil),
            ("status", .string(refund.status.rawValue)),
        ]
        return .object(members)
    }

    func dispute(_ dispute: DisputeRecord) -> JSONValue {
        [
            "id": .string(dispute.id),
            "object": "dispute",
            "amount": .int(dispute.amount),
            "balance_transactions": [],
            "charge": .string(dispute.charge),
            "created": .int(dispute.created),
            "currency": .string(dispute.currency),
            "evidence": [:],
            "is_charge_refundable": .bool(dispute.status == .won),
            "livemode": false,
            "metadata": [:],
            "payment_intent": .string(dispute.intent),
            "reason": .string(dispute.reason),
            "status": .string(dispute.status.rawValue),
        ]
    }

    func event(_ event: EventRecord) -> JSONValue {
        [
            "id": .string(event.id),
            "object": "event",
            "api_version": .string(Self.apiVersion),
            "created": .int(event.created),
            "data": ["object": .raw(event.object)],
            "livemode": false,
            "pending_webhooks": 1,
            "request": ["id": JSONValue(event.requestId), "idempotency_key": JSONValue(event.idempotencyKey)],
            "type": .string(event.type),
        ]
    }
}
