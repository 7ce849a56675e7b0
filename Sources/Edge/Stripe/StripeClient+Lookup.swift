extension StripeClient {
    /// One page of intents, newest first.
    /// - Parameters:
    ///   - createdSince: seconds since 1970, inclusive.
    ///   - startingAfter: id of the last intent of the page before.
    ///   - limit: 1 to 100.
    public func listPaymentIntents(
        createdSince: Int64? = nil, startingAfter: String? = nil, limit: Int = 100, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> StripePage<PaymentIntent> {
        var form = Self.page(startingAfter, limit)
        if let createdSince { form.set("created", ["gte": String(createdSince)]) }
        return try await send(.get("/v1/payment_intents", form), deadline: deadline)
    }

    /// Intents that carry all of `metadata`, from Stripe's search index, which lags up to a minute behind:
    /// absence here proves nothing about the last minutes.
    public func searchPaymentIntents(
        metadata: [String: String], limit: Int = 10, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> StripePage<PaymentIntent> {
        let clauses = metadata.sorted(by: { $0.key < $1.key })
            .map { "metadata['\(Self.quoted($0.key))']:'\(Self.quoted($0.value))'" }
        var form = StripeForm()
        form.set("query", clauses.joined(separator: " AND "))
        form.set("limit", Int64(limit))
        return try await send(.get("/v1/payment_intents/search", form), deadline: deadline)
    }

    /// Intents that carry all of `metadata`, found by walking the list, which is never behind.
    ///
    /// This is how to learn what became of a call whose outcome is unknown and whose key has expired (24 h).
    /// - Parameters:
    ///   - createdSince: seconds since 1970; keep it close, since each page of 100 is one request.
    ///   - maxPages: where the walk ends.
    /// - Throws: ``StripeError/Kind/invalidRequest(param:)`` when the pages did not suffice: nothing was proved then.
    public func findPaymentIntents(
        metadata: [String: String], createdSince: Int64, maxPages: Int = 20, deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> [PaymentIntent] {
        var found: [PaymentIntent] = []
        var last: String?
        for _ in 0..<maxPages {
            let page = try await listPaymentIntents(
                createdSince: createdSince, startingAfter: last, deadline: deadline)
            found += page.elements.filter { intent in metadata.allSatisfy { intent.metadata[$0.key] == $0.value } }
            last = page.elements.last?.id
            if !page.hasMore || last == nil { return found }
        }
        throw StripeError(
            kind: .invalidRequest(param: "createdSince"),
            message: "more than \(maxPages * 100) intents since \(createdSince): narrow the time or raise maxPages")
    }

    /// One page of events, newest first; Stripe keeps them for 30 days.
    /// - Parameter types: at most 20, such as `payment_intent.succeeded`; none means all.
    public func listEvents(
        types: [String] = [], createdSince: Int64? = nil, startingAfter: String? = nil, limit: Int = 100,
        deadline: ContinuousClock.Instant
    ) async throws(StripeError) -> StripePage<StripeEvent> {
        var form = Self.page(startingAfter, limit)
        form.set("types", types)
        if let createdSince { form.set("created", ["gte": String(createdSince)]) }
        return try await send(.get("/v1/events", form), deadline: deadline)
    }

    static func page(_ startingAfter: String?, _ limit: Int) -> StripeForm {
        var form = StripeForm()
        form.set("limit", Int64(limit))
        form.set("starting_after", startingAfter)
        return form
    }

    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for character in text {
            if character == "'" || character == "\\" { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted
    }
}
