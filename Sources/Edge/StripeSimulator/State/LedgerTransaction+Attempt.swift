extension LedgerTransaction {
    /// How an attempt to charge is made.
    struct AttemptOptions {
        /// The customer is not there: 3-D Secure cannot be done.
        var offSession = false
        /// Fail instead of waiting for the customer.
        var failsOnAction = false
    }

    /// Tries to charge `intent` with `method`, and stores what came of it.
    /// - Returns: why the card was refused; nil otherwise.
    mutating func attempt(
        _ intent: inout IntentRecord, with method: TestPaymentMethod, options: AttemptOptions = AttemptOptions()
    ) throws(APIFailure) -> PaymentFailure? {
        intent.paymentMethod = method.id
        switch method.outcome {
        case .succeeds:
            try advance(&intent, .confirm(.success), verb: "confirm")
            succeed(&intent, with: method)
        case .declined(let decline):
            return try refuse(&intent, .confirm(.failure), decline, method)
        case .authenticates where options.offSession || options.failsOnAction:
            return try refuse(&intent, .confirm(.failure), TestPaymentMethod.authenticationRequired, method)
        case .authenticates:
            try advance(&intent, .confirm(.actionRequired), verb: "confirm")
            put(intent)
            emit("payment_intent.requires_action", intent)
        case .processes:
            try advance(&intent, .confirm(.processing), verb: "confirm")
            let charge = makeCharge(intent, method, .pending)
            put(charge)
            intent.latestCharge = charge.id
            intent.lastError = nil
            put(intent)
            emit("payment_intent.processing", intent)
        }
        return nil
    }

    /// What 3-D Secure came to.
    mutating func authenticate(_ id: String, succeeded: Bool) throws(APIFailure) -> IntentRecord {
        var intent = try intent(id)
        guard intent.status == .requiresAction, let method = intent.paymentMethod.flatMap(TestPaymentMethod.init) else {
            throw unexpectedState(intent, "authenticate")
        }
        var decline: TestPaymentMethod.Decline?
        if case .authenticates(let later) = method.outcome { decline = later }
        if !succeeded { decline = TestPaymentMethod.authenticationFailed }
        if let decline {
            _ = try refuse(&intent, .authenticate(.failure), decline, method)
        } else {
            try advance(&intent, .authenticate(.success), verb: "authenticate")
            succeed(&intent, with: method)
        }
        return intent
    }

    /// A slow bank answers.
    mutating func settle(intent id: String) throws(APIFailure) {
        var intent = try intent(id)
        guard let method = intent.paymentMethod.flatMap(TestPaymentMethod.init),
            case .processes(let failure) = method.outcome
        else { return }
        if let failure {
            _ = try refuse(&intent, .settle(.failure), failure, method)
        } else {
            try advance(&intent, .settle(.success), verb: "settle")
            succeed(&intent, with: method)
        }
    }

    /// Moves the state machine, or says in Stripe's words why it does not move.
    func advance(
        _ intent: inout IntentRecord, _ step: PaymentIntentStateMachine.Step, verb: String
    ) throws(APIFailure) {
        do {
            try intent.machine.apply(step)
        } catch {
            throw unexpectedState(intent, verb)
        }
    }

    func unexpectedState(_ intent: IntentRecord, _ verb: String) -> APIFailure {
        let reason =
            switch (intent.status, verb) {
            case (.succeeded, "confirm"): "it has already succeeded after being previously confirmed."
            case (_, "cancel"):
                "it has a status of \(intent.status.rawValue). Only a PaymentIntent with one of the following statuses "
                    + "may be canceled: requires_payment_method, requires_capture, requires_confirmation, "
                    + "requires_action, processing."
            default: "it has a status of \(intent.status.rawValue)."
            }
        return APIFailure(
            code: "payment_intent_unexpected_state", message: "You cannot \(verb) this PaymentIntent because \(reason)",
            intent: rendering.intent(intent))
    }

    private mutating func succeed(_ intent: inout IntentRecord, with method: TestPaymentMethod) {
        var charge = pendingCharge(of: intent) ?? makeCharge(intent, method, .succeeded)
        charge.status = .succeeded
        intent.latestCharge = charge.id
        intent.lastError = nil
        if intent.status == .requiresCapture {
            intent.amountCapturable = intent.amount
            put(charge)
            put(intent)
            return emit("payment_intent.amount_capturable_updated", intent)
        }
        charge.amountCaptured = intent.amount
        intent.amountReceived = intent.amount
        charge.disputed = method.isDisputed
        put(charge)
        put(intent)
        emit("payment_intent.succeeded", intent)
        if charge.disputed { openDispute(of: charge) }
    }

    private mutating func refuse(
        _ intent: inout IntentRecord, _ step: PaymentIntentStateMachine.Step, _ decline: TestPaymentMethod.Decline,
        _ method: TestPaymentMethod
    ) throws(APIFailure) -> PaymentFailure {
        try advance(&intent, step, verb: "confirm")
        var failure = PaymentFailure(
            code: decline.code, declineCode: decline.declineCode, message: decline.message, paymentMethod: method.id)
        // A payment that was not authenticated never became a charge.
        if decline.code != TestPaymentMethod.authenticationFailed.code {
            var charge = pendingCharge(of: intent) ?? makeCharge(intent, method, .failed)
            failure.charge = charge.id
            charge.status = .failed
            charge.failure = failure
            put(charge)
            intent.latestCharge = charge.id
        }
        intent.lastError = failure
        intent.paymentMethod = nil
        put(intent)
        emit("payment_intent.payment_failed", intent)
        return failure
    }

    private func pendingCharge(of intent: IntentRecord) -> ChargeRecord? {
        guard let charge = intent.latestCharge.flatMap({ self.charge($0) }), charge.status == .pending else {
            return nil
        }
        return charge
    }

    private func makeCharge(
        _ intent: IntentRecord, _ method: TestPaymentMethod, _ status: ChargeRecord.Status
    ) -> ChargeRecord {
        ChargeRecord(
            id: Identifier.make("ch_"), intent: intent.id, amount: intent.amount, currency: intent.currency,
            created: now, status: status, paymentMethod: method.id, metadata: intent.metadata)
    }
}
