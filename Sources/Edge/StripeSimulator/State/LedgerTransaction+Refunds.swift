extension LedgerTransaction {
    mutating func createRefund(_ form: Parameters) throws(APIFailure) -> APIAnswer {
        try form.allow(["payment_intent", "charge", "amount", "reason", "metadata", "expand", "instructions_email"])
        var charge = try refundedCharge(form)
        let left = charge.amountCaptured - charge.amountRefunded
        let amount = try form.integer("amount") ?? left
        if charge.disputed, ledger.dispute(charge: charge.id)?.status != .won {
            throw APIFailure(
                code: "charge_disputed",
                message: "Charge \(charge.id) has been charged back; cannot issue a refund.")
        }
        guard left > 0 else {
            throw APIFailure(
                code: "charge_already_refunded", message: "Charge \(charge.id) has already been refunded.")
        }
        guard amount > 0 else {
            throw .invalid("amount", "Invalid positive integer", code: "parameter_invalid_integer")
        }
        guard amount <= left else {
            throw .invalid(
                "amount", "Refund amount (\(amount)) is greater than unrefunded amount on charge (\(left))")
        }
        let refunding = TestPaymentMethod(charge.paymentMethod)?.refunding ?? .atOnce
        let refund = RefundRecord(
            id: Identifier.make("re_"), amount: amount, currency: charge.currency,
            status: refunding == .pending ? .pending : .succeeded, charge: charge.id, intent: charge.intent,
            reason: try form.choice("reason", of: ["duplicate", "fraudulent", "requested_by_customer"]),
            metadata: try form.metadata(), created: now,
            settlement: refunding == .pending ? .succeeds : refunding == .failing ? .fails : nil)
        charge.amountRefunded += amount
        put(refund)
        put(charge)
        emit("refund.created", rendering.refund(refund))
        emit("charge.refunded", rendering.charge(charge))
        return APIAnswer(rendering.refund(refund))
    }

    /// The bank says what became of a refund.
    mutating func settle(refund id: String) {
        guard var refund = ledger.refunds[id], let settlement = refund.settlement else { return }
        refund.settlement = nil
        refund.status = settlement == .fails ? .failed : .succeeded
        if settlement == .fails, var charge = charge(refund.charge) {
            charge.amountRefunded -= refund.amount
            put(charge)
        }
        put(refund)
        emit("refund.updated", rendering.refund(refund))
        if settlement == .fails { emit("refund.failed", rendering.refund(refund)) }
    }

    private func refundedCharge(_ form: Parameters) throws(APIFailure) -> ChargeRecord {
        if let id = try form.text("charge") {
            guard let charge = charge(id) else { throw .noSuch("charge", id, param: "charge", status: 400) }
            return try captured(charge, form)
        }
        guard let id = try form.text("payment_intent") else {
            throw APIFailure(
                code: "parameter_missing",
                message: "One of the following params should be provided for this request: "
                    + "payment_intent or charge.")
        }
        let intent = try intent(id, status: 400, param: "payment_intent")
        guard let charge = intent.latestCharge.flatMap({ self.charge($0) }) else { throw noCharge(intent.id) }
        return try captured(charge, form)
    }

    private func captured(_ charge: ChargeRecord, _ form: Parameters) throws(APIFailure) -> ChargeRecord {
        guard charge.status == .succeeded, charge.amountCaptured > 0 else { throw noCharge(charge.intent) }
        if let intent = try form.text("payment_intent"), intent != charge.intent {
            throw .invalid("payment_intent", "The charge \(charge.id) does not belong to the PaymentIntent \(intent).")
        }
        return charge
    }

    private func noCharge(_ intent: String) -> APIFailure {
        APIFailure(message: "This PaymentIntent (\(intent)) does not have a successful charge to refund.")
    }
}
