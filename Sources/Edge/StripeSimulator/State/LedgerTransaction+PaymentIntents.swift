internal import Stripe

extension LedgerTransaction {
    private static let commonNames: Set<String> = [
        "expand", "metadata", "payment_method", "payment_method_options", "payment_method_types", "receipt_email",
        "setup_future_usage", "shipping", "capture_method", "mandate", "mandate_data", "radar_options",
    ]
    private static let confirmNames = commonNames.union([
        "return_url", "off_session", "error_on_requires_action", "use_stripe_sdk", "confirmation_token",
    ])
    private static let updateNames = commonNames.union([
        "amount", "currency", "customer", "description", "application_fee_amount", "payment_method_configuration",
        "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
    ])
    private static let createNames = confirmNames.union(updateNames).union([
        "confirm", "automatic_payment_methods", "confirmation_method", "on_behalf_of",
    ])

    mutating func createIntent(_ form: Parameters) throws(APIFailure) -> APIAnswer {
        try form.allow(Self.createNames)
        guard let amount = try form.integer("amount") else { throw .missing("amount") }
        guard let code = try form.text("currency") else { throw .missing("currency") }
        let currency = try Self.currency(code)
        try Self.check(amount, currency)
        let confirms = try form.boolean("confirm") ?? false
        if !confirms, try form.text("return_url") != nil {
            throw .invalid(
                "return_url",
                "The parameter `return_url` cannot be passed when creating a PaymentIntent unless `confirm` is "
                    + "set to true."
            )
        }
        let captures = try form.choice("capture_method", of: ["automatic", "automatic_async", "manual"])
        let id = Identifier.make("pi_")
        let types = try form.list("payment_method_types")
        var intent = IntentRecord(
            id: id, amount: amount, currency: currency.code,
            machine: PaymentIntentStateMachine(capturesManually: captures == "manual"),
            clientSecret: Identifier.make(id + "_secret_"), created: now, metadata: try form.metadata(),
            paymentMethodTypes: types.isEmpty ? ["card"] : types)
        intent.customer = try form.text("customer")
        intent.description = try form.unsettableText("description")
        intent.receiptEmail = try form.unsettableText("receipt_email")
        try attachMethod(form, to: &intent)
        if confirms, intent.paymentMethod == nil { throw missingMethod(intent) }
        put(intent)
        emit("payment_intent.created", intent)
        return confirms ? try confirm(&intent, form) : answer(intent, form)
    }

    mutating func updateIntent(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        var intent = try intent(id)
        try form.allow(Self.updateNames)
        let isFixed = [.processing, .requiresCapture, .succeeded, .canceled].contains(intent.status)
        if isFixed, let name = ["amount", "currency", "payment_method"].first(where: { form.values[$0] != nil }) {
            var failure = unexpectedState(intent, "update the \(name) of")
            failure.param = name
            throw failure
        }
        if let code = try form.text("currency") { intent.currency = try Self.currency(code).code }
        if let amount = try form.integer("amount") {
            try Self.check(amount, Self.currency(intent.currency))
            intent.amount = amount
        }
        intent.metadata = try form.metadata(intent.metadata)
        intent.customer = try form.text("customer") ?? intent.customer
        intent.description = try form.unsettableText("description") ?? intent.description
        intent.receiptEmail = try form.unsettableText("receipt_email") ?? intent.receiptEmail
        try attachMethod(form, to: &intent)
        put(intent)
        return answer(intent, form)
    }

    mutating func confirmIntent(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        var intent = try intent(id)
        try form.allow(Self.confirmNames)
        if [.processing, .requiresCapture, .succeeded, .canceled].contains(intent.status) {
            throw unexpectedState(intent, "confirm")
        }
        intent.metadata = try form.metadata(intent.metadata)
        try attachMethod(form, to: &intent)
        return try confirm(&intent, form)
    }

    mutating func cancelIntent(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        var intent = try intent(id)
        try form.allow(["cancellation_reason", "expand"])
        intent.cancellationReason = try form.choice(
            "cancellation_reason", of: ["duplicate", "fraudulent", "requested_by_customer", "abandoned"])
        try advance(&intent, .cancel, verb: "cancel")
        intent.canceledAt = now
        intent.amountCapturable = 0
        if var charge = intent.latestCharge.flatMap({ self.charge($0) }), charge.status == .pending {
            charge.status = .failed
            put(charge)
        }
        put(intent)
        emit("payment_intent.canceled", intent)
        return answer(intent, form)
    }

    mutating func captureIntent(_ id: String, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        var intent = try intent(id)
        try form.allow(["amount_to_capture", "final_capture", "metadata", "expand", "statement_descriptor"])
        let capturable = intent.amountCapturable
        try advance(&intent, .capture, verb: "capture")
        let amount = try form.integer("amount_to_capture") ?? capturable
        guard amount >= 1, amount <= capturable else {
            throw .invalid(
                "amount_to_capture", "The amount to capture must be between 1 and \(capturable).",
                code: "amount_too_large")
        }
        intent.metadata = try form.metadata(intent.metadata)
        intent.amountReceived = amount
        intent.amountCapturable = 0
        if var charge = intent.latestCharge.flatMap({ self.charge($0) }) {
            charge.amountCaptured = amount
            put(charge)
        }
        put(intent)
        emit("payment_intent.succeeded", intent)
        return answer(intent, form)
    }

    private mutating func confirm(_ intent: inout IntentRecord, _ form: Parameters) throws(APIFailure) -> APIAnswer {
        guard let method = intent.paymentMethod.flatMap(TestPaymentMethod.init) else { throw missingMethod(intent) }
        intent.returnURL = try form.text("return_url") ?? intent.returnURL
        // `off_session` may also name a kind of later payment, which is as good as true.
        let options = AttemptOptions(
            offSession: try form.text("off_session").map { $0 != "false" } ?? false,
            failsOnAction: try form.boolean("error_on_requires_action") ?? false)
        guard let failure = try attempt(&intent, with: method, options: options) else { return answer(intent, form) }
        guard case .object(var members) = rendering.failure(failure) else { return answer(intent, form) }
        members.append(("payment_intent", rendering.intent(intent)))
        return APIAnswer(status: 402, ["error": .object(members)])
    }

    private func attachMethod(_ form: Parameters, to intent: inout IntentRecord) throws(APIFailure) {
        guard let id = try form.text("payment_method") else { return }
        guard TestPaymentMethod(id) != nil else {
            throw .noSuch("PaymentMethod", id, param: "payment_method", status: 400)
        }
        intent.paymentMethod = id
        try advance(&intent, .attach, verb: "update")
    }

    private func missingMethod(_ intent: IntentRecord) -> APIFailure {
        APIFailure(
            code: "payment_intent_unexpected_state",
            message:
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update "
                + "the PaymentIntent with a payment method and then confirm it again, or confirm it again directly "
                + "with a payment method.",
            intent: rendering.intent(intent))
    }

    private func answer(_ intent: IntentRecord, _ form: Parameters) -> APIAnswer {
        let expands = (try? form.list("expand"))?.contains("latest_charge") ?? false
        let charge = expands ? intent.latestCharge.flatMap { self.charge($0) } : nil
        return APIAnswer(rendering.intent(intent, expanding: charge))
    }

    private static func currency(_ code: String) throws(APIFailure) -> StripeCurrency {
        guard let currency = StripeCurrency(code) else {
            throw .invalid("currency", "Invalid currency: \(code). Stripe does not take payments in it.")
        }
        return currency
    }

    private static func check(_ amount: Int64, _ currency: StripeCurrency) throws(APIFailure) {
        guard amount > 0 else {
            throw .invalid(
                "amount", "This value must be greater than or equal to 1.", code: "parameter_invalid_integer")
        }
        do {
            try currency.validate(amount: amount)
        } catch {
            throw switch error {
            case .tooSmall(let minimum):
                .invalid("amount", "Amount must be at least \(minimum) \(currency.code).", code: "amount_too_small")
            case .tooLarge(let maximum):
                .invalid("amount", "Amount must be no more than \(maximum) \(currency.code).", code: "amount_too_large")
            case .notMultiple(let step):
                .invalid(
                    "amount", "Amount must be divisible by \(step) in \(currency.code).", code: "invalid_charge_amount")
            }
        }
    }
}
