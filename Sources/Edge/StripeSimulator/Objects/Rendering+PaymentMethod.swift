extension Rendering {
    func paymentMethod(_ id: String) -> JSONValue {
        [
            "id": .string(id), "object": "payment_method", "livemode": false, "customer": nil,
            "type": .string(TestPaymentMethod(id)?.type ?? "card"),
            "card": card(id),
        ]
    }

    func paymentMethodDetails(_ id: String) -> JSONValue {
        let type = TestPaymentMethod(id)?.type ?? "card"
        return ["type": .string(type), type: card(id)]
    }

    private func card(_ id: String) -> JSONValue {
        guard let method = TestPaymentMethod(id), method.type == "card" else { return [:] }
        return [
            "brand": .string(method.brand), "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit",
            "last4": .string(method.last4),
        ]
    }

    func outcome(_ charge: ChargeRecord) -> JSONValue {
        let isFailed = charge.status == .failed
        return [
            "network_status": isFailed ? "declined_by_network" : "approved_by_network",
            "reason": JSONValue(charge.failure?.declineCode ?? charge.failure?.code),
            "risk_level": "normal",
            "seller_message": isFailed ? "The bank declined the payment." : "Payment complete.",
            "type": isFailed ? "issuer_declined" : "authorized",
        ]
    }

    /// A redirect to the simulator's page when the caller can be returned to, else what Stripe's browser library reads.
    func nextAction(_ intent: IntentRecord) -> JSONValue {
        guard intent.status == .requiresAction else { return nil }
        let page = JSONValue.string("\(baseURL)/3ds/\(intent.id)")
        guard let returnURL = intent.returnURL else {
            return [
                "type": "use_stripe_sdk",
                "use_stripe_sdk": ["type": "three_d_secure_redirect", "stripe_js": page],
            ]
        }
        return [
            "type": "redirect_to_url",
            "redirect_to_url": ["return_url": .string(returnURL), "url": page],
        ]
    }

    func list(_ elements: [JSONValue], url: String, hasMore: Bool) -> JSONValue {
        ["object": "list", "data": .array(elements), "has_more": .bool(hasMore), "url": .string(url)]
    }
}
